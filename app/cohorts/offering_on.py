"""What the schedule does with offers: they end after their day, and a group that offers on asks the next who waits.

Runs in one school's scope as the schedule. It may be asked as often as one likes.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cohorts.locks import hold
from app.cohorts.membership import lock_cohort
from app.cohorts.models import Cohort, Enrolment, PlaceOffer
from app.cohorts.offered import count_free
from app.cohorts.offers import end, usual_day, write
from app.cohorts.queries import list_facilitator_ids, list_sessions
from app.cohorts.same_person import leads_it
from app.cohorts.timetable import next_of
from app.recruitment import waiting
from app.schools import stage_rights
from app.states.groups import UNDER_WAY, OfferState
from infra.clock import LONDON


def look_after_offers(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """End what was not answered by its day, then offer on; how many offers ended or were made.

    Of a school that begins nothing just now nothing ends either: nobody could answer.
    """
    if not stage_rights.may_now(session, school_id, "form_groups"):
        return 0
    return _end_late(session, school_id, moment) + _offer_on(session, school_id)


def _end_late(session: Session, school_id: UUID, moment: datetime) -> int:
    late = (
        PlaceOffer.school_id == school_id,
        PlaceOffer.state == OfferState.OPEN,
        PlaceOffer.answer_by < moment.astimezone(LONDON).date(),
    )
    ended = 0
    cohort_ids = session.scalars(select(PlaceOffer.cohort_id).where(*late).distinct()).all()
    for cohort_id in sorted(cohort_ids):
        lock_cohort(session, school_id, cohort_id)
        held = session.scalars(hold(select(PlaceOffer).where(*late, PlaceOffer.cohort_id == cohort_id)))
        for found in held.all():
            end(session, found, OfferState.LAPSED)
            ended += 1
    return ended


def _offer_on(session: Session, school_id: UUID) -> int:
    groups = select(Cohort.id).where(
        Cohort.school_id == school_id, Cohort.state.in_(UNDER_WAY), Cohort.offers_on
    )
    made = 0
    for cohort_id in session.scalars(groups.order_by(Cohort.first_on, Cohort.id)).all():
        cohort = lock_cohort(session, school_id, cohort_id)
        coming = next_of(list_sessions(session, school_id, cohort_id))
        if not cohort.offers_on or cohort.state not in UNDER_WAY or coming is None:
            continue
        for parent_id in _next_for(session, cohort, coming.on_date.weekday(), count_free(session, cohort)):
            write(session, cohort, parent_id, answer_by=usual_day(coming.on_date))
            made += 1
    return made


def _next_for(session: Session, cohort: Cohort, weekday: int, free: int) -> list[UUID]:
    """Who is asked next: in their order, whom it suits and a message reaches, and who has not been asked for this group
    or been in it."""
    if free <= 0:
        return []
    asked = set(
        session.scalars(
            select(PlaceOffer.parent_id).where(
                PlaceOffer.school_id == cohort.school_id,
                (PlaceOffer.cohort_id == cohort.id) | (PlaceOffer.state == OfferState.OPEN),
            )
        )
    )
    been = set(
        session.scalars(
            select(Enrolment.parent_id).where(
                Enrolment.school_id == cohort.school_id, Enrolment.cohort_id == cohort.id
            )
        )
    )
    leaders = list_facilitator_ids(session, cohort.school_id, cohort.id)
    found: list[UUID] = []
    for one in waiting.list_in_order(session, cohort.school_id):
        if len(found) == free:
            break
        if one.id in asked | been or not one.is_reached or not one.wishes.suits(weekday, cohort.starts_at):
            continue
        if not leads_it(session, cohort.school_id, leaders, one.id):
            found.append(one.id)
    return found
