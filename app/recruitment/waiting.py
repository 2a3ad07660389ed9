"""Who waits for a place, in their order, as the schedule asks that offers places on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.recruitment.models import Consent, GroupWish, Parent, ParentContact
from app.recruitment.wishes import Wishes, read
from app.states.parents import READY


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who is ready for a place. `is_reached`: whether a message of ours comes to them."""

    id: UUID
    wishes: Wishes
    is_reached: bool


def list_in_order(session: Session, school_id: UUID) -> list[Waiting]:
    """Parents who are ready for a place, in the order in which they said yes (`queries.list_waiting`)."""
    agreed = (
        select(func.array_agg(Consent.kind))
        .where(Consent.school_id == Parent.school_id, Consent.parent_id == Parent.id, Consent.given)
        .correlate(Parent)
        .scalar_subquery()
    )
    since = func.coalesce(Parent.joined_at, Parent.stage_changed_at)
    rows = session.execute(
        select(Parent.id, ParentContact, GroupWish, agreed.label("agreed"))
        .join(
            ParentContact,
            (ParentContact.school_id == Parent.school_id) & (ParentContact.parent_id == Parent.id),
        )
        .join(
            GroupWish,
            (GroupWish.school_id == Parent.school_id) & (GroupWish.parent_id == Parent.id),
            isouter=True,
        )
        .where(Parent.school_id == school_id, Parent.stage.in_(READY))
        .order_by(since, Parent.id)
    ).all()
    return [
        Waiting(row.id, read(row.GroupWish), _is_reached(row.ParentContact, set(row.agreed or ())))
        for row in rows
    ]


def _is_reached(contact: ParentContact, agreed: set[str]) -> bool:
    """By the rules of the sending: they joined, and agreed to a channel that has an address and is not stopped."""
    if "join" not in agreed:
        return False
    by_email = contact.email and "email" in agreed and contact.emails_stopped_at is None
    by_text = contact.phone and "text" in agreed and contact.texts_stopped_at is None
    return bool(by_email or by_text)
