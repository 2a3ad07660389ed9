"""What a school's office reads of parents: whom to write to and by what way, and no step of theirs.

Its role in the database has a right to these columns alone, and to nobody whom staff keep from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.recruitment.models import Parent, ParentContact
from app.recruitment.words import reach_notes
from app.shell.errors import NotFound
from app.shell.searching import holds


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """Somebody on the list of the office. `invited_at`: when an invitation last went, where one did."""

    id: UUID
    name: str
    phone: str
    email: str
    language: str
    interpreter: bool
    texts_stopped: bool
    emails_stopped: bool
    invited_at: datetime | None

    @property
    def reach_notes(self) -> list[str]:
        return reach_notes(
            phone=self.phone,
            email=self.email,
            texts_stopped=self.texts_stopped,
            emails_stopped=self.emails_stopped,
            interpreter=self.interpreter,
        )


_LINES = select(
    ParentContact.parent_id,
    func.trim(ParentContact.first_name + " " + ParentContact.last_name),
    ParentContact.phone,
    ParentContact.email,
    ParentContact.language,
    ParentContact.interpreter,
    ParentContact.texts_stopped_at.is_not(None),
    ParentContact.emails_stopped_at.is_not(None),
    Parent.invited_at,
).join(Parent, (Parent.school_id == ParentContact.school_id) & (Parent.id == ParentContact.parent_id))


def list_lines(session: Session, school_id: UUID, *, text: str = "") -> list[OfficeLine]:
    """Everybody whom the office may find, by last name: whoever said no stands there as before."""
    return _lines(session.execute(_found(school_id, text)).all())


def list_page(
    session: Session, school_id: UUID, *, text: str, limit: int, offset: int
) -> tuple[list[OfficeLine], int]:
    """A page of the same, and how many there are in all."""
    found = _found(school_id, text)
    lines = _lines(session.execute(found.limit(limit).offset(offset)).all())
    if len(lines) < limit and (lines or not offset):
        return lines, offset + len(lines)  # the last page says how many there are
    return lines, session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0


def _found(school_id: UUID, text: str) -> Select[*tuple[Any, ...]]:
    query = _LINES.where(ParentContact.school_id == school_id).order_by(
        func.lower(func.coalesce(func.nullif(ParentContact.last_name, ""), ParentContact.first_name)),
        func.lower(ParentContact.first_name),
        ParentContact.parent_id,
    )
    if text:
        columns = (
            ParentContact.first_name,
            ParentContact.last_name,
            ParentContact.phone,
            ParentContact.email,
        )
        query = query.where(holds(text, *columns))
    return query


def get_line(session: Session, school_id: UUID, parent_id: UUID) -> OfficeLine:
    """One of them. Raises NotFound."""
    found = session.execute(
        _LINES.where(ParentContact.school_id == school_id, ParentContact.parent_id == parent_id)
    ).all()
    if not found:
        raise NotFound
    return _lines(found)[0]


def list_off_office(session: Session, school_id: UUID, parent_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these the office should find nothing of, by their own wish or as staff decided."""
    return set(
        session.scalars(
            select(ParentContact.parent_id).where(
                ParentContact.school_id == school_id,
                ParentContact.parent_id.in_(parent_ids),
                ParentContact.not_for_office | ParentContact.off_office_by_self,
            )
        )
    )


def _lines(rows: Sequence[Any]) -> list[OfficeLine]:
    return [OfficeLine(*row) for row in rows]
