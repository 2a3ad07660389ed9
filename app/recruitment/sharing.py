"""Who else of a school has somebody's number, email or name, and whether they said no.

Couples share a number, and a person may be written down twice: only staff can tell. They need the one fact for it,
that somebody with this number said no, left, or wants no texts or emails, before they ask a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.recruitment.models import Parent, ParentContact
from app.recruitment.queries import Reachable, list_sharers
from app.shell.dates import day
from app.shell.kept import kept
from app.shell.parsing import full_name, listed
from app.states.parents import DO_NOT_WRITE, ParentStage
from infra.clock import today

#: For whom an address is written down.
Contact = ParentContact


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """A parent who said no or left, or wants no texts or no emails."""

    id: UUID
    first_name: str
    last_name: str
    email: str
    phone: str
    stage: str
    since: datetime
    do_not_ask_until: date | None
    texts_stopped_at: datetime | None
    emails_stopped_at: datetime | None

    @property
    def name(self) -> str:
        return full_name(self.first_name, self.last_name)

    @property
    def marks(self) -> tuple[object, ...]:
        """For a press that counts for what its page showed."""
        return (self.id, self.stage, self.since, self.texts_stopped_at, self.emails_stopped_at)


def list_of_parent(session: Session, school_id: UUID, parent_id: UUID) -> list[OutOfReach]:
    """Others who are out of reach and have this parent's number, email or whole name."""
    own = aliased(ParentContact)

    def theirs(*columns: Any) -> Any:
        """Of this parent; of nothing, where they have no such thing."""
        return select(*(func.lower(one) for one in columns)).where(
            own.school_id == school_id, own.parent_id == parent_id, columns[-1] != ""
        )

    return _list(
        session,
        school_id,
        ParentContact.phone.in_(theirs(own.phone)),
        ParentContact.email.in_(theirs(own.email)),
        tuple_(func.lower(ParentContact.first_name), func.lower(ParentContact.last_name)).in_(
            theirs(own.first_name, own.last_name)
        ),
        but=parent_id,
    )


def list_of_people(
    session: Session,
    school_id: UUID,
    people: Iterable[Reachable],
    ids: Sequence[UUID] = (),
    *,
    but: UUID | None = None,
) -> list[OutOfReach]:
    """Those who are out of reach and have a number or an email of `people`, or are among `ids`."""
    people = list(people)
    return _list(
        session,
        school_id,
        ParentContact.phone.in_({one.phone for one in people if one.phone}),
        ParentContact.email.in_({one.email for one in people if one.email}),
        ParentContact.parent_id.in_(ids),
        but=but,
    )


def list_like(session: Session, school_id: UUID, is_like: Any) -> list[OutOfReach]:
    """Those who are out of reach and are as the condition says."""
    return _list(session, school_id, is_like, but=None)


def _list(session: Session, school_id: UUID, *is_like: Any, but: UUID | None) -> list[OutOfReach]:
    contact = ParentContact
    columns: tuple[Any, ...] = (
        contact.parent_id,
        contact.first_name,
        contact.last_name,
        contact.email,
        contact.phone,
        Parent.stage,
        Parent.stage_changed_at,
        Parent.do_not_ask_until,
        contact.texts_stopped_at,
        contact.emails_stopped_at,
    )
    rows = session.execute(
        select(*columns)
        .join(Parent, (Parent.school_id == contact.school_id) & (Parent.id == contact.parent_id))
        .where(
            contact.school_id == school_id,
            or_(*is_like),
            or_(
                Parent.stage.in_(DO_NOT_WRITE),
                contact.texts_stopped_at.is_not(None),
                contact.emails_stopped_at.is_not(None),
            ),
            *([contact.parent_id != but] if but else []),
        )
        .order_by(Parent.stage_changed_at.desc(), contact.parent_id)
    )
    return [OutOfReach(*row) for row in rows]


def at_addresses_of(person: Reachable, others: Iterable[OutOfReach]) -> list[OutOfReach]:
    """Those of `others` who have this person's number or email, where that makes a difference there."""
    return [
        one
        for one in others
        if (person.phone and one.phone == person.phone and (_is_out(one) or one.texts_stopped_at))
        or (person.email and one.email == person.email and (_is_out(one) or one.emails_stopped_at))
    ]


def said(one: OutOfReach) -> str:
    """What they said, in words for whoever may be about to ask them again."""
    name = kept(one.name)
    if one.stage == ParentStage.SAID_NO:
        words = _("%(name)s said no on %(day)s.", name=name, day=day(one.since))
        if one.do_not_ask_until and one.do_not_ask_until > today():
            words += " " + _("Nobody asks them again this school year.")
        return words
    if one.stage == ParentStage.LEFT:
        return _("%(name)s left on %(day)s. Our messages to them have ended.", name=name, day=day(one.since))
    if one.texts_stopped_at and one.emails_stopped_at:
        return _("%(name)s wants no texts and no emails from us.", name=name)
    if one.texts_stopped_at:
        return _("%(name)s has wanted no texts since %(day)s.", name=name, day=day(one.texts_stopped_at))
    return _("%(name)s has wanted no emails since %(day)s.", name=name, day=day(one.emails_stopped_at))


def said_beside(person: Reachable, others: Iterable[OutOfReach]) -> list[str]:
    """The same, with what this person has in common with each."""
    words, others = [], list(others)
    at_address = {one.id for one in at_addresses_of(person, others)}
    for one in others:
        if (
            one.id not in at_address
            and one.name.lower() != full_name(person.first_name, person.last_name).lower()
        ):
            continue
        if person.phone and one.phone == person.phone:
            common = _("%(name)s has this mobile number too.", name=kept(one.name))
        elif person.email and one.email == person.email:
            common = _("%(name)s has this email address too.", name=kept(one.name))
        else:
            common = _("Somebody else of this name is in your list.")
        words.append(f"{common} {said(one)}")
    return words


def whose(session: Session, school_id: UUID, person: Reachable, *, but: Contact | None) -> str:
    """Who has the number and the email that are written down for `person`, and what they said; empty for nobody.

    `but`: for whom they are written down, with what they have already.
    """
    parent_id, words = but.parent_id if but else None, []
    for field in ("phone", "email"):
        address = getattr(person, field)
        if address and (but is None or getattr(but, field) != address):
            names = list_sharers(session, school_id, field, address, but=parent_id)
            if names:
                words.append(_has(field, names))
    if not words:
        return ""
    others = list_of_people(session, school_id, [person], but=parent_id)
    words += [said(one) for one in at_addresses_of(person, others)]
    return " ".join([*words, _("Is this another person who shares it?")])


def _has(field: str, names: Sequence[str]) -> str:
    whom = listed(list(names))
    if field == "phone":
        return (
            _("%(names)s has this mobile number.", names=whom)
            if len(names) == 1
            else _("%(names)s have this mobile number.", names=whom)
        )
    return (
        _("%(names)s has this email address.", names=whom)
        if len(names) == 1
        else _("%(names)s have this email address.", names=whom)
    )


def _is_out(one: OutOfReach) -> bool:
    return one.stage in DO_NOT_WRITE
