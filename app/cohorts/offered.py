"""Which places of a group are kept for somebody who has not answered yet, for whoever counts its places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.cohorts.models import Cohort, PlaceOffer
from app.cohorts.queries import count_taken
from app.recruitment.published import CONTACTS
from app.states.groups import OfferState
from infra.clock import now
from tenants.pages import Part
from tenants.reading import read_once
from tenants.ready import Ready

#: So long a place that came free by itself is news.
NEWS = timedelta(days=3)
MOST = 30


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An offer, as staff may know it."""

    id: UUID
    parent_id: UUID
    name: str
    state: str
    answer_by: date
    offered_at: datetime
    by_name: str
    ended_at: datetime | None
    ended_by_name: str
    cohort_id: UUID
    group_name: str
    offers_on: bool


_CONTACT = CONTACTS.c
_LINES = (
    select(
        PlaceOffer.id,
        PlaceOffer.parent_id,
        _CONTACT.name,
        PlaceOffer.state,
        PlaceOffer.answer_by,
        PlaceOffer.offered_at,
        PlaceOffer.by_name,
        PlaceOffer.ended_at,
        PlaceOffer.ended_by_name,
        PlaceOffer.cohort_id,
        Cohort.name.label("group_name"),
        Cohort.offers_on,
    )
    .join(
        CONTACTS, (_CONTACT.school_id == PlaceOffer.school_id) & (_CONTACT.parent_id == PlaceOffer.parent_id)
    )
    .join(Cohort, (Cohort.school_id == PlaceOffer.school_id) & (Cohort.id == PlaceOffer.cohort_id))
)


_OF_GROUP = Ready(
    _LINES.where(
        PlaceOffer.school_id == bindparam("school_id"), PlaceOffer.cohort_id == bindparam("cohort_id")
    )
    .order_by((PlaceOffer.state == OfferState.OPEN).desc(), PlaceOffer.offered_at.desc(), PlaceOffer.id)
    .limit(MOST)
)


@read_once
def list_offers(session: Session, school_id: UUID, cohort_id: UUID) -> list[OfferLine]:
    """The last offers of a group: those that wait for an answer first, then the newest."""
    return _as_lines(_OF_GROUP.all(session, {"school_id": school_id, "cohort_id": cohort_id}))


def _as_lines(rows: Sequence[Any]) -> list[OfferLine]:
    return [OfferLine(*row) for row in rows]


OFFERS = Part(list_offers, _OF_GROUP, takes=("school_id", "cohort_id"), answer=_as_lines)


def list_open_and_news(session: Session, school_id: UUID) -> list[OfferLine]:
    """Offers of a school that wait for an answer, and those that a parent, or the calendar, ended lately."""
    rows = session.execute(
        _LINES.where(
            PlaceOffer.school_id == school_id,
            (PlaceOffer.state == OfferState.OPEN)
            | PlaceOffer.state.in_((OfferState.DECLINED, OfferState.LAPSED))
            & (PlaceOffer.ended_by_name == "")
            & (PlaceOffer.ended_at > now() - NEWS),
        ).order_by(PlaceOffer.answer_by, PlaceOffer.id)
    )
    return [OfferLine(*row) for row in rows]


def list_open(session: Session, school_id: UUID) -> dict[UUID, OfferLine]:
    """Offers of a school that wait for an answer, by parent."""
    lines = session.execute(
        _LINES.where(PlaceOffer.school_id == school_id, PlaceOffer.state == OfferState.OPEN)
    )
    return {line.parent_id: line for line in (OfferLine(*row) for row in lines)}


def count_kept(session: Session, school_id: UUID, cohort_id: UUID, *, but: UUID | None = None) -> int:
    """Places of a group that are kept, without the one kept for `but`."""
    query = select(func.count()).where(
        PlaceOffer.school_id == school_id,
        PlaceOffer.cohort_id == cohort_id,
        PlaceOffer.state == OfferState.OPEN,
    )
    return session.scalar(query.where(PlaceOffer.parent_id != but) if but else query) or 0


def kept_by_group(session: Session, school_id: UUID) -> dict[UUID, int]:
    """The same for each group that has any."""
    rows = session.execute(
        select(PlaceOffer.cohort_id, func.count())
        .where(PlaceOffer.school_id == school_id, PlaceOffer.state == OfferState.OPEN)
        .group_by(PlaceOffer.cohort_id)
    )
    return {row[0]: row[1] for row in rows}


def count_free(session: Session, cohort: Cohort, *, but: UUID | None = None) -> int:
    """Places that are neither taken nor kept, or kept for `but`."""
    taken = count_taken(session, cohort.school_id, cohort.id)
    return cohort.places - taken - count_kept(session, cohort.school_id, cohort.id, but=but)


def list_kept_for(session: Session, school_id: UUID, cohort_id: UUID) -> list[UUID]:
    """Whom the places of a group are kept for."""
    return list(
        session.scalars(
            select(PlaceOffer.parent_id).where(
                PlaceOffer.school_id == school_id,
                PlaceOffer.cohort_id == cohort_id,
                PlaceOffer.state == OfferState.OPEN,
            )
        )
    )
