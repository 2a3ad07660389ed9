"""Which places of a group are kept for somebody who has not answered yet, for whoever counts its places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Subquery,
    bindparam,
    exists,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from app.cohorts.models import Cohort, CohortSession, Enrolment, PlaceOffer
from app.cohorts.queries import count_taken
from app.recruitment.published import CONTACTS, STAGES, who_ended_it
from app.states.groups import BELONGS, UNDER_WAY, OfferState, PlaceState, SessionState
from app.states.parents import READY, BySide, ParentStage
from infra.clock import now, today
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
#: In place of an offer's state: somebody had the place, and gave it back themselves.
GIVEN_BACK = "given_back"


def _is_theirs(row: type[PlaceOffer] | type[Enrolment], of: Subquery = STAGES) -> ColumnElement[bool]:
    """Whether a published row is of the same parent."""
    return (of.c.school_id == row.school_id) & (of.c.parent_id == row.parent_id)


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


def _has_room() -> ColumnElement[bool]:
    """Whether a place of a statement's group can be given to somebody: one is free, and a session is to come."""
    in_it, kept_in_it = aliased(Enrolment), aliased(PlaceOffer)
    taken = select(func.count()).where(
        in_it.school_id == Cohort.school_id, in_it.cohort_id == Cohort.id, in_it.status.in_(BELONGS)
    )
    waits = select(func.count()).where(
        kept_in_it.school_id == Cohort.school_id,
        kept_in_it.cohort_id == Cohort.id,
        kept_in_it.state == OfferState.OPEN,
    )
    session_to_come = exists().where(
        CohortSession.school_id == Cohort.school_id,
        CohortSession.cohort_id == Cohort.id,
        CohortSession.state == SessionState.PLANNED,
        CohortSession.on_date >= bindparam("today", type_=Date),
    )
    free = Cohort.places - taken.scalar_subquery() - waits.scalar_subquery()
    return Cohort.state.in_(UNDER_WAY) & (free > 0) & session_to_come


@read_once
def list_offers(session: Session, school_id: UUID, cohort_id: UUID) -> list[OfferLine]:
    """The last offers of a group, the newest of each parent: those that wait for an answer first."""
    return _newest(_OF_GROUP.all(session, {"school_id": school_id, "cohort_id": cohort_id}))


def _newest(rows: Sequence[Any]) -> list[OfferLine]:
    """One line a parent: an open offer is their newest, for a second is made only once the first has ended."""
    lines: dict[UUID, OfferLine] = {}
    for row in rows:
        lines.setdefault(row[1], OfferLine(*row))
    return list(lines.values())


OFFERS = Part(list_offers, _OF_GROUP, takes=("school_id", "cohort_id"), answer=_newest)


_SINCE = bindparam("now", type_=DateTime(timezone=True)) - NEWS
_OPEN_OR_ENDED = _LINES.join(STAGES, _is_theirs(PlaceOffer)).where(
    PlaceOffer.school_id == bindparam("school_id"),
    (PlaceOffer.state == OfferState.OPEN)
    | (
        PlaceOffer.state.in_((OfferState.DECLINED, OfferState.LAPSED)) & STAGES.c.stage.in_(READY)
        # Of whoever left it ended by itself.
        | (PlaceOffer.state == OfferState.WITHDRAWN) & (STAGES.c.stage == ParentStage.LEFT)
    )
    & (PlaceOffer.ended_by_name == "")
    & (PlaceOffer.ended_at > _SINCE)
    & _has_room(),
)
_GIVEN_BACK = (
    select(
        Enrolment.id,
        Enrolment.parent_id,
        _CONTACT.name,
        literal(GIVEN_BACK),
        Cohort.first_on,
        Enrolment.joined_at,
        literal(""),
        Enrolment.left_at,
        literal(""),
        Enrolment.cohort_id,
        Cohort.name,
        Cohort.offers_on,
    )
    .join(CONTACTS, _is_theirs(Enrolment, CONTACTS))
    .join(STAGES, _is_theirs(Enrolment))
    .join(Cohort, (Cohort.school_id == Enrolment.school_id) & (Cohort.id == Enrolment.cohort_id))
    .where(
        Enrolment.school_id == bindparam("school_id"),
        Enrolment.status == PlaceState.LEFT,
        Enrolment.left_at > _SINCE,
        STAGES.c.stage.in_(READY),
        who_ended_it(Enrolment.school_id, Enrolment.parent_id, Enrolment.left_at) == BySide.PARENT,
        _has_room(),
    )
)
_NEWS = union_all(_OPEN_OR_ENDED, _GIVEN_BACK)


@read_once
def list_open_and_news(session: Session, school_id: UUID) -> list[OfferLine]:
    """Offers of a school that wait for an answer; and, while a place of its group is free, what a parent or the
    calendar ended lately, with places that parents gave back themselves."""
    values = {"school_id": school_id, "now": now(), "today": today()}
    return _as_news(session.execute(_NEWS, values).all())


def _as_news(rows: Sequence[Any]) -> list[OfferLine]:
    return sorted((OfferLine(*row) for row in rows), key=lambda one: (one.answer_by, one.id))


#: What a school's home reads ahead.
OPEN_AND_NEWS = Part(list_open_and_news, _NEWS, takes=("school_id",), answer=_as_news)


def find_freed(session: Session, school_id: UUID, *, since: datetime) -> UUID | None:
    """The offer or the place that ended last and left one free, in a group that staff offer from; None: none did."""
    offers = (
        select(PlaceOffer.id, PlaceOffer.ended_at.label("at"))
        .join(Cohort, (Cohort.school_id == PlaceOffer.school_id) & (Cohort.id == PlaceOffer.cohort_id))
        .where(
            PlaceOffer.school_id == school_id,
            PlaceOffer.state.in_((OfferState.DECLINED, OfferState.LAPSED))
            # By nobody: whoever it was kept for left.
            | (PlaceOffer.state == OfferState.WITHDRAWN)
            & exists().where(_is_theirs(PlaceOffer), STAGES.c.stage == ParentStage.LEFT),
            PlaceOffer.ended_by_name == "",
            PlaceOffer.ended_at > since,
            ~Cohort.offers_on,
            _has_room(),
        )
    )
    places = (
        select(Enrolment.id, Enrolment.left_at.label("at"))
        .join(Cohort, (Cohort.school_id == Enrolment.school_id) & (Cohort.id == Enrolment.cohort_id))
        .where(
            Enrolment.school_id == school_id,
            Enrolment.status == PlaceState.LEFT,
            # Noted as known by the press of whoever gave it back.
            Enrolment.told_at == Enrolment.left_at,
            Enrolment.left_at > since,
            ~Cohort.offers_on,
            _has_room(),
        )
    )
    ended = union_all(offers, places).subquery("ended")
    newest = select(ended.c.id).order_by(ended.c.at.desc()).limit(1)
    return session.scalar(newest, {"today": today()})


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
