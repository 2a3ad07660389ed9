"""What the contact log holds. Scope first; a contact of another school, or council, is not found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.contact_log.models import Contact
from app.contact_log.subjects import Side, Subject
from app.identity.roles import Role
from app.identity.websession import Identity
from app.shell.errors import NotFound
from app.shell.kept import kept
from app.states.contacts import ActionState
from infra.clock import today


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


def list_people(session: Session, side: Side, who: Identity) -> dict[UUID, str]:
    """Whom a next step can be handed to: id and name for a page, whoever asks first; with the role of who has two."""
    people = side.people.c
    rows = session.execute(
        select(people.id, people.name, people.role)
        .where(people.place == side.place_of(who))
        .order_by(people.id != who.person_id, people.name, people.id)
    ).all()
    times = Counter(row.name for row in rows)
    return {
        row.id: kept(row.name) if times[row.name] == 1 else f"{kept(row.name)}, {Role(row.role).label}"
        for row in rows
    }


def list_planned(session: Session, side: Side, who: Identity) -> frozenset[UUID]:
    """With whom somebody has planned a next step."""
    return frozenset(session.scalars(_open(side, who).with_only_columns(side.table.subject_id).distinct()))


def list_due(session: Session, side: Side, who: Identity, *, most: int) -> list[Open]:
    """Next steps of `who` whose day has come, the longest due first; for the lead also those that nobody has."""
    table, owner = side.table, side.people.c
    mine = [table.owner_id == who.person_id]
    if who.role is side.lead:
        mine.append(owner.id.is_(None))
    return _list(session, side, _open(side, who).where(table.due_on <= today(), or_(*mine)).limit(most))


def list_open(session: Session, side: Side, who: Identity, *, most: int) -> list[Open]:
    """Every next step, whosever it is, the most overdue first."""
    return _list(session, side, _open(side, who).limit(most))


def _open(side: Side, who: Identity) -> Select[Any]:
    table, subject, owner = side.table, side.subjects.c, side.people.c
    return (
        select(table.subject_id, subject.name, table.action, table.due_on, owner.name)
        .join(
            side.subjects,
            (subject.school_id == table.school_id) & (subject.subject_id == table.subject_id),
        )
        .outerjoin(side.people, (owner.place == subject.place) & (owner.id == table.owner_id))
        .where(subject.place == side.place_of(who), table.state == ActionState.OPEN)
    )


def _list(session: Session, side: Side, query: Select[Any]) -> list[Open]:
    return [Open(*row) for row in session.execute(query.order_by(side.table.due_on, side.table.id))]
