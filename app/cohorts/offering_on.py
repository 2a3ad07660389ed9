"""What the schedule does with offers: they end after their day, and a group that offers on asks the next who waits.

Runs in one school's scope as the schedule. It may be asked as often as one likes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cohorts.locks import hold
from app.cohorts.membership import lock_cohort
from app.cohorts.models import Cohort, Enrolment, PlaceOffer
from app.cohorts.offered import count_free, find_freed
from app.cohorts.offers import end, tell, usual_day, write
from app.cohorts.queries import list_facilitator_ids, list_sessions
from app.cohorts.same_person import leads_it
from app.cohorts.timetable import is_to_come, next_of, took_place, usual_weekday
from app.identity.roles import Role
from app.messages.services import enqueue
from app.programme.numbers import OFFERS_ON_UNTIL
from app.recruitment import waiting
from app.schools import stage_rights
from app.schools.queries import get_authority, get_school, list_told
from app.states.groups import UNDER_WAY, OfferState
from app.states.messages import RecipientKind
from infra.clock import LONDON


def look_after_offers(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """End what was not answered by its day, then offer on; how many offers ended or were made.

    Of a school that begins nothing just now nothing ends either: nobody could answer. Whose day passed meanwhile has
    the usual days once it begins again.
    """
    if not stage_rights.may_now(session, school_id, "form_groups"):
        return 0
    _keep_after_a_pause(session, school_id, moment)
    done = _end_late(session, school_id, moment) + _offer_on(session, school_id)
    _remind(session, school_id, moment)
    _tell_of_free_places(session, school_id, moment)
    return done


def _remind(session: Session, school_id: UUID, moment: datetime) -> None:
    """Remind once, on the day before the last, whoever was told some days ago."""
    day = moment.astimezone(LONDON).date()
    waits = session.scalars(
        select(PlaceOffer).where(
            PlaceOffer.school_id == school_id,
            PlaceOffer.state == OfferState.OPEN,
            PlaceOffer.answer_by == day + timedelta(days=1),
            PlaceOffer.offered_at < moment - timedelta(days=2),
        )
    )
    for found in waits.all():
        tell(session, found, kind="place_waits")


def _tell_of_free_places(session: Session, school_id: UUID, moment: datetime) -> None:
    """Write to whoever leads the school when a place came free that is not offered on by itself."""
    newest = find_freed(session, school_id, since=moment - timedelta(days=1))
    for lead_id in list_told(session, school_id, Role.SCHOOL_LEAD) if newest else ():
        enqueue(
            session,
            kind="place_free",
            school_id=school_id,
            recipient_kind=RecipientKind.STAFF,
            recipient_id=lead_id,
            dedupe_key=f"{newest}:{lead_id}",
        )


def _keep_after_a_pause(session: Session, school_id: UUID, moment: datetime) -> None:
    """Give another day to offers whose day passed while nobody could answer, and say so to those whom they wait for."""
    school = get_school(session, school_id)
    began, days = school.stage_changed_at, get_authority(session, school.authority_id).offer_days
    passed = (
        PlaceOffer.school_id == school_id,
        PlaceOffer.state == OfferState.OPEN,
        PlaceOffer.answer_by < moment.astimezone(LONDON).date(),
        PlaceOffer.answer_by <= began.astimezone(LONDON).date(),
        PlaceOffer.offered_at < began,
    )
    for cohort_id in sorted(session.scalars(select(PlaceOffer.cohort_id).where(*passed).distinct())):
        lock_cohort(session, school_id, cohort_id)
        coming = next_of(list_sessions(session, school_id, cohort_id))
        if coming is None:
            continue
        held = session.scalars(hold(select(PlaceOffer).where(*passed, PlaceOffer.cohort_id == cohort_id)))
        for found in held.all():
            found.answer_by = usual_day(coming.on_date, days)
            tell(session, found)
    session.flush()


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
    days_kept = get_authority(session, get_school(session, school_id).authority_id).offer_days
    made = 0
    for cohort_id in session.scalars(groups.order_by(Cohort.first_on, Cohort.id)).all():
        cohort = lock_cohort(session, school_id, cohort_id)
        meetings = list_sessions(session, school_id, cohort_id)
        coming = next_of(meetings)
        if not cohort.offers_on or cohort.state not in UNDER_WAY or coming is None:
            continue
        if sum(map(took_place, meetings)) >= OFFERS_ON_UNTIL:
            # For somebody new in a group that knows each other, staff decide and speak with them.
            continue
        # One session may have moved alone: what has to suit is the day on which most of them are.
        days = sorted(one.on_date for one in meetings if is_to_come(one))
        weekday = usual_weekday(days, [on.weekday() for on in days])
        for parent_id in _next_for(session, cohort, weekday, count_free(session, cohort)):
            write(session, cohort, parent_id, answer_by=usual_day(coming.on_date, days_kept))
            made += 1
    return made


def _next_for(session: Session, cohort: Cohort, weekday: int, free: int) -> list[UUID]:
    """Who is asked next: in their order, whom it suits, and who has not been asked for this group or been in it.

    Also whom no message reaches: it is their turn, and the home asks staff to tell them.
    """
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
        if one.id in asked | been or not one.wishes.suits(weekday, cohort.starts_at, cohort.format):
            continue
        if not leads_it(session, cohort.school_id, leaders, one.id):
            found.append(one.id)
    return found
