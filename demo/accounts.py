"""The list of people whom the demo signs in as: a few for each role, the same at every start."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import create_engine, text

from demo.groups import facilitator_id_of
from demo.keys import membership_id
from demo.offers import OFFERED, starts_next_term
from demo.parents import parent_id_of
from demo.plan import AUTHORITIES, Authority, School
from demo.schools import HEAD, OFFICE, STAFF, officer_id, staff_id
from demo.sign_in_links import sign_in_path
from infra.database import sqlalchemy_url
from infra.settings import Settings

#: People as the database has them now; somebody who has left since is not among them.
_PEOPLE = text(
    "select p.person_id, p.name, p.email, p.phone, a.name as authority, s.name as school from ("
    " select id as person_id, name, email, '' as phone, authority_id, null::uuid as school_id from authority_member"
    " where ended_at is null"
    " union all select id, name, email, phone, null, school_id from staff_member where ended_at is null"
    " union all select id, name, email, phone, null, school_id from facilitator"
    " union all select c.parent_id, c.first_name || ' ' || c.last_name, c.email, c.phone, null, c.school_id"
    " from parent_contact c) p"
    " left join school s on s.school_id = p.school_id"
    " join authority a on a.authority_id = coalesce(p.authority_id, s.authority_id)"
    " where p.person_id = any (:people)"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody to sign in as. `role` is what they are to the demo, `acts_as` what the service calls it."""

    role: str
    person_id: UUID
    acts_as: str
    phone: str = ""


def showcase() -> list[Shown]:
    """Everybody on the list, by authority: officers, each active school's people, leads of schools on the way in."""
    return [shown for authority in AUTHORITIES for shown in _of_authority(authority)]


def _of_authority(authority: Authority) -> Iterator[Shown]:
    for one in authority.officers:
        yield Shown(one.role, officer_id(authority, one.role, one.name), one.role, one.phone)
    for school in authority.schools:
        if school.stage == "active":
            yield from _of_school(school)
    # Last, so that the first of each role works in a school that is up and running.
    for school in authority.schools:
        if school.stage in ("brief_sent", "agreement_signed", "set_up"):
            yield Shown("school_lead", staff_id(school.urn, "school_lead"), "school_lead")


def _of_school(school: School) -> Iterator[Shown]:
    for role, _ in (*STAFF, *([HEAD] if school.head else []), *([OFFICE] if school.office else [])):
        yield Shown(role, staff_id(school.urn, role), role)
    leading = [lead for lead in school.leads if lead.stage in ("leading", "ready")]
    # A graduate who leads first: they are a parent as well, and can change between the two.
    for lead in sorted(leading, key=lambda lead: lead.graduate_of is None)[:2]:
        yield Shown("facilitator", facilitator_id_of(school.urn, lead.key), "facilitator")
    now = next(group for group in school.groups if not group.is_over)
    for slug, number in ((now.slug, 1), (now.slug, 2)):
        yield Shown("parent", parent_id_of(school.urn, slug, number), "parent")
    # Where a group starts next term, a place is offered to the first who waits.
    waits = "offered_parent" if starts_next_term(school) else "parent"
    yield Shown(waits, parent_id_of(school.urn, "waiting", OFFERED), "parent")
    # Before the group and beside it: each has pages of their own words.
    for role, stage in (
        ("invited_parent", "interested"),
        ("said_no_parent", "said_no"),
        ("left_parent", "left"),
    ):
        yield Shown(role, parent_id_of(school.urn, stage, 1), "parent")
    yield Shown("graduate", parent_id_of(school.urn, "last", 6), "parent")
    # And one who has offered to help lead, so that an application under way can be seen.
    for lead in school.leads:
        if lead.graduate_of and lead.stage in ("shortlisted", "references", "checks"):
            yield Shown("graduate", parent_id_of(school.urn, *lead.graduate_of), "parent")
            break


def list_accounts(settings: Settings) -> list[dict[str, Any]]:
    """The list with names and addresses as they are now, and a link for each that always signs in."""
    people = showcase()
    engine = create_engine(sqlalchemy_url(settings.secret("database_owner_url")))
    try:
        with engine.connect() as connection:
            found = connection.execute(_PEOPLE, {"people": [shown.person_id for shown in people]})
            known = {row["person_id"]: row for row in found.mappings()}
    finally:
        engine.dispose()
    return [_entry(settings, shown, known[shown.person_id]) for shown in people if shown.person_id in known]


def _entry(settings: Settings, shown: Shown, row: Mapping[Any, Any]) -> dict[str, Any]:
    path = sign_in_path(settings.secret("secret_key"), membership_id(shown.acts_as, shown.person_id))
    return {
        "role": shown.role,
        "name": row["name"],
        "email": row["email"] or None,
        "phone": row["phone"] or shown.phone or None,
        "authority": row["authority"],
        "school": row["school"],
        "sign_in_url": settings.base_url.rstrip("/") + path,
    }


def write_accounts(path: Path, accounts: list[dict[str, Any]]) -> None:
    """Write the list to `path`, readable by its owner alone; a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(accounts, file, ensure_ascii=False, indent=1)
    draft.replace(path)
