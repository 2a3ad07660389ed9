"""Who waits for a place, in their order, as the schedule asks that offers places on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.recruitment.models import Consent, GroupWish, Parent, ParentContact
from app.recruitment.wishes import Wishes, read
from app.states.parents import READY
from tenants.pages import Part
from tenants.reading import read_once
from tenants.ready import Ready


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who is ready for a place. `is_reached`: whether a message of ours comes to them."""

    id: UUID
    wishes: Wishes
    is_reached: bool


_AGREED = (
    select(func.array_agg(Consent.kind))
    .where(Consent.school_id == Parent.school_id, Consent.parent_id == Parent.id, Consent.given)
    .correlate(Parent)
    .scalar_subquery()
)
_IN_ORDER = Ready(
    select(
        Parent.id,
        ParentContact.email,
        ParentContact.phone,
        ParentContact.emails_stopped_at.is_not(None).label("emails_stopped"),
        ParentContact.texts_stopped_at.is_not(None).label("texts_stopped"),
        _AGREED.label("agreed"),
        GroupWish.days,
        GroupWish.times,
        GroupWish.format,
        GroupWish.needs,
        GroupWish.by_name,
    )
    .join(
        ParentContact,
        (ParentContact.school_id == Parent.school_id) & (ParentContact.parent_id == Parent.id),
    )
    .join(
        GroupWish,
        (GroupWish.school_id == Parent.school_id) & (GroupWish.parent_id == Parent.id),
        isouter=True,
    )
    .where(Parent.school_id == bindparam("school_id"), Parent.stage.in_(READY))
    .order_by(func.coalesce(Parent.joined_at, Parent.stage_changed_at), Parent.id)
)


@read_once
def list_in_order(session: Session, school_id: UUID) -> list[Waiting]:
    """Parents who are ready for a place, in the order in which they said yes (`queries.list_waiting`)."""
    return _as_waiting(_IN_ORDER.all(session, {"school_id": school_id}))


def _as_waiting(rows: Sequence[Any]) -> list[Waiting]:
    return [Waiting(row.id, Wishes() if row.format is None else read(row), _is_reached(row)) for row in rows]


IN_ORDER = Part(list_in_order, _IN_ORDER, takes=("school_id",), answer=_as_waiting)


def _is_reached(row: Any) -> bool:
    """By the rules of the sending: they joined, and agreed to a channel that has an address and is not stopped."""
    agreed = row.agreed or ()
    if "join" not in agreed:
        return False
    by_email = row.email and "email" in agreed and not row.emails_stopped
    by_text = row.phone and "text" in agreed and not row.texts_stopped
    return bool(by_email or by_text)
