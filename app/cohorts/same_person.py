"""Nobody leads a group in which they have a place as a parent, whichever came first."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.facilitators.models import Facilitator
from app.facilitators.queries import get_facilitator
from app.recruitment.published import CONTACTS


def is_among(session: Session, person: Facilitator, parent_ids: Sequence[UUID]) -> bool:
    """Whether one of these parents is `person`: known to be, or of their name and reached where they are."""
    if person.parent_id in parent_ids:
        return True
    rows = session.execute(
        select(CONTACTS.c.name, CONTACTS.c.email, CONTACTS.c.phone).where(
            CONTACTS.c.school_id == person.school_id, CONTACTS.c.parent_id.in_(parent_ids)
        )
    )
    return any(
        _plain(row.name) == _plain(person.name)
        and ((row.email and row.email == person.email) or (row.phone and row.phone == person.phone))
        for row in rows
    )


def leads_it(session: Session, school_id: UUID, leader_ids: Sequence[UUID], parent_id: UUID) -> bool:
    """Whether this parent is one of those who lead."""
    return any(is_among(session, get_facilitator(session, school_id, one), [parent_id]) for one in leader_ids)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
