"""What the contact log holds. Scope first; a contact of another school, or council, is not found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Select, bindparam, select
from sqlalchemy.orm import Session

from app.contact_log.models import Contact, ContactWithParent
from app.contact_log.subjects import Side, Subject
from app.identity.roles import Role
from app.identity.websession import Identity
from app.shell.errors import NotFound
from app.shell.kept import kept
from app.states.contacts import ActionState, How, Outcome
from infra.clock import today
from tenants.pages import Part
from tenants.reading import read_once
from tenants.ready import Ready


@dataclass(frozen=True, slots=True)
class Open:
    """A next step that is to be done. No owner: whoever had it has left."""

    subject_id: UUID
    name: str
    action: str
    due_on: date
    owner: str | None


def get_contact(session: Session, subject: Subject, contact_id: UUID, *, hold: bool = False) -> Any:
    """One contact with this subject, as it is now and kept so when it is to be held. Raises NotFound."""
    found = session.get(
        subject.side.table,
        (subject.school_id, contact_id),
        populate_existing=hold,
        with_for_update=hold or None,
    )
    if found is None or found.subject_id != subject.id:
        raise NotFound
    return found


def list_contacts(session: Session, side: Side, school_id: UUID, subject_id: UUID) -> list[Contact]:
    """Every contact with one subject, newest first."""
    table = side.table
    return list(
        session.scalars(
            select(table)
            .where(table.school_id == school_id, table.subject_id == subject_id)
            .order_by(table.at.desc(), table.id.desc())
        )
    )


def list_of_way(
    session: Session, school_id: UUID, parent_ids: Collection[UUID], how: How, outcomes: Collection[Outcome]
) -> list[ContactWithParent]:
    """What was noted of these parents by this way and with one of these outcomes, newest first."""
    table = ContactWithParent
    return list(
        session.scalars(
            select(table)
            .where(table.school_id == school_id, table.subject_id.in_(parent_ids))
            .where(table.how == how, table.outcome.in_(outcomes))
            .order_by(table.at.desc(), table.id.desc())
        )
    )


def list_people(session: Session, side: Side, who: Identity) -> dict[UUID, str]:
    """Whom a next step can be handed to: id and name for a page, whoever asks first; with the role of who has two."""
    people = side.people.c
    rows = session.execute(
        select(people.id, people.name, people.role)
        .where(people.place == side.place_of(who), people.role.in_(side.owners))
        .order_by(people.id != who.person_id, people.name, people.id)
    ).all()
    times = Counter(row.name for row in rows)
    return {
        row.id: kept(row.name) if times[row.name] == 1 else f"{kept(row.name)}, {Role(row.role).label}"
        for row in rows
    }


#: So many due steps a home looks at.
MOST_DUE = 11


def list_planned(session: Session, side: Side, who: Identity) -> frozenset[UUID]:
    """With whom somebody has planned a next step."""
    return _planned_at(session, side, side.place_of(who))


@cache
def _planned(side: Side) -> Ready:
    return Ready(_open(side).with_only_columns(side.table.subject_id).distinct())


@read_once
def _planned_at(session: Session, side: Side, place: UUID) -> frozenset[UUID]:
    return _as_planned(_planned(side).all(session, {"place": place}))


def _as_planned(rows: Sequence[Any]) -> frozenset[UUID]:
    return frozenset(row[0] for row in rows)


def list_due(session: Session, side: Side, who: Identity, *, most: int) -> list[Open]:
    """Next steps of `who` whose day has come, the longest due first; for the lead also those that nobody has."""
    return _due_at(session, side, side.place_of(who), who.person_id, who.role is side.lead)[:most]


@cache
def _due(side: Side) -> Ready:
    table, owner = side.table, side.people.c
    mine = (table.owner_id == bindparam("person_id")) | bindparam("is_lead", type_=Boolean()) & owner.id.is_(
        None
    )
    return Ready(
        _open(side)
        .where(table.due_on <= bindparam("today"), mine)
        .order_by(table.due_on, table.id)
        .limit(MOST_DUE)
    )


@read_once
def _due_at(session: Session, side: Side, place: UUID, person_id: UUID, is_lead: bool) -> list[Open]:
    values = {"place": place, "person_id": person_id, "is_lead": is_lead, "today": today()}
    return _as_open(_due(side).all(session, values))


def _as_open(rows: Sequence[Any]) -> list[Open]:
    return [Open(*row) for row in rows]


def parts_of(side: Side, place: str) -> tuple[Part, ...]:
    """What a home reads ahead of the contacts of its school, or council, which it calls `place`."""
    names = {"place": place}
    return (
        Part(_planned_at, _planned(side), args=(side,), takes=(place,), names=names, answer=_as_planned),
        Part(
            _due_at,
            _due(side),
            args=(side,),
            takes=(place, "person_id", "is_lead"),
            names=names,
            answer=_as_open,
        ),
    )


def list_open(session: Session, side: Side, who: Identity, *, most: int) -> list[Open]:
    """Every next step, whosever it is, the most overdue first."""
    query = _open(side).order_by(side.table.due_on, side.table.id).limit(most)
    return _as_open(session.execute(query, {"place": side.place_of(who)}).all())


def _open(side: Side) -> Select[*tuple[Any, ...]]:
    table, subject, owner = side.table, side.subjects.c, side.people.c
    return (
        select(table.subject_id, subject.name, table.action, table.due_on, owner.name)
        .join(
            side.subjects,
            (subject.school_id == table.school_id) & (subject.subject_id == table.subject_id),
        )
        .outerjoin(side.people, (owner.place == subject.place) & (owner.id == table.owner_id))
        .where(subject.place == bindparam("place"), table.state == ActionState.OPEN)
    )
