"""Which id stands for which argument of a route, in each place of the world."""

from __future__ import annotations

from uuid import UUID

from werkzeug.routing import Rule

from infra.ids import new_id
from tests.support.world import Authority, School, World

#: Route argument -> key of School.ids / Authority.ids. An argument that is not here fails the crawl.
ARGUMENTS = {
    "school_id": "school_id",
    "parent_id": "parent_id",
    "cohort_id": "cohort_id",
    "session_id": "session_id",
    "facilitator_id": "facilitator_id",
    "concern_id": "concern_id",
    "officer_concern_id": "authority_concern_id",
    "document_id": "agreement_document_id",
    "notes_id": "cohort_notes_id",
    "message_id": "outbox_id",
    "outbox_id": "outbox_id",
    "staff_id": "staff_id",
    "release_id": "release_id",
    "member_id": "member_id",
    "person_id": "parent_id",
    "closed_day_id": "closed_day_id",
    "term_id": "term_id",
    "reference_id": "reference_id",
    "training_id": "training_id",
    "membership_id": "membership_id",
    "browser_session_id": "browser_session_id",
}

#: Arguments that name nothing of a tenant: words, tokens, numbers of the public register.
PLAIN = {
    "key": "x",
    "token": "x",
    "urn": 990_999,
    "kind": "x",
    "number": 1,
    "task": "details",
    "filename": "x",
    "name": "x",
    "occasion": "before",
    "question": 1,
    "document": "x",
    "topic": "x",
    "consent": "x",
    "step": "x",
    "to_stage": "shortlisted",
}


def ids_of(school: School, authority: Authority) -> dict[str, UUID]:
    """Every id of one school and of its authority, by key."""
    found = {
        **authority.ids,
        **school.ids,
        "school_id": school.school_id,
        "staff_id": school.people["senco"].person_id,
        "member_id": authority.people["commissioner"].person_id,
        "membership_id": school.people["parent"].membership_id,
    }
    for role in ("authority_concern_id",):
        found.setdefault(role, new_id())
    return found


def address(world: World, rule: Rule, ids: dict[str, UUID]) -> str | None:
    """The path of `rule` with these ids; None when it needs an id that this place has none of."""
    values: dict[str, object] = {}
    for argument in rule.arguments:
        if argument in PLAIN:
            values[argument] = PLAIN[argument]
        elif argument in ARGUMENTS:
            values[argument] = ids.get(ARGUMENTS[argument], new_id())
        else:
            raise AssertionError(f"{rule.rule}: say in tests/isolation/places.py what {argument} stands for")
    built = rule.build(values)
    return built[1] if built else None
