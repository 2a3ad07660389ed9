"""Groups as other packages ask for them: by who leads them (`app/facilitators/groups_led.py`), by their dates."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.cohorts import leading, queries
from app.cohorts.membership import lock_cohort
from app.cohorts.models import Cohort, CohortFacilitator, CohortSession, Enrolment
from app.cohorts.times import wall_clock
from app.facilitators.groups_led import LedGroup
from app.schools.group_dates import GroupDates
from app.schools.published import SCHOOLS
from app.states.groups import BELONGS, UNDER_WAY, GroupState, PlaceState, SessionState
from tenants.pages import Part
from tenants.reading import read_once


@read_once
def list_led_groups(session: Session, school_id: UUID, facilitator_id: UUID) -> list[LedGroup]:
    """Groups that somebody leads or led, newest first."""
    day, time_of_day = wall_clock()
    rows = session.execute(
        select(Cohort.id, Cohort.name, Cohort.state, Cohort.first_on, queries.HAS_MET)
        .join(
            CohortFacilitator,
            (CohortFacilitator.school_id == Cohort.school_id) & (CohortFacilitator.cohort_id == Cohort.id),
        )
        .where(CohortFacilitator.school_id == school_id, CohortFacilitator.facilitator_id == facilitator_id)
        .order_by(Cohort.first_on.desc().nulls_first(), Cohort.id),
        {"today": day, "time": time_of_day},
    )
    return [LedGroup(*row) for row in rows]


def hold_led_groups(session: Session, school_id: UUID, facilitator_id: UUID) -> None:
    """Keep the groups that somebody leads, and that are not over, from others until the end of the transaction."""
    for group in list_led_groups(session, school_id, facilitator_id):
        if group.state in UNDER_WAY:
            lock_cohort(session, school_id, group.id)


def take_off_all(session: Session, school_id: UUID, facilitator_id: UUID) -> list[str]:
    """Somebody leads no group any more that is not over; they and those beside them are told. Their names."""
    return leading.take_off_all(session, school_id, facilitator_id)


def list_own_groups(session: Session, school_id: UUID, parent_id: UUID) -> list[str]:
    """Names of the groups that this parent finished or is in."""
    return list(
        session.scalars(
            select(Cohort.name)
            .join(Enrolment, (Enrolment.school_id == Cohort.school_id) & (Enrolment.cohort_id == Cohort.id))
            .where(
                Enrolment.school_id == school_id,
                Enrolment.parent_id == parent_id,
                Enrolment.status.in_(BELONGS),
            )
            .order_by(Cohort.first_on, Cohort.id)
        )
    )


def list_group_dates(session: Session, school_id: UUID) -> list[GroupDates]:
    """A school's groups but for cancelled ones, with their first and last dates, latest first.

    Of a group no word is read that the school wrote: a council asks this. Their numbers go by when they were formed.
    """
    last_on = (
        select(func.max(CohortSession.on_date))
        .where(
            CohortSession.school_id == Cohort.school_id,
            CohortSession.cohort_id == Cohort.id,
            CohortSession.state != SessionState.CANCELLED,
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            func.row_number().over(order_by=(Cohort.created_at, Cohort.id)),
            Cohort.state,
            Cohort.first_on,
            last_on,
        )
        .where(Cohort.school_id == school_id)
        .order_by(Cohort.first_on.desc().nulls_first(), Cohort.id)
    )
    return [GroupDates(*row) for row in rows if row.state != GroupState.CANCELLED]


_LAST_DAYS = (
    select(func.max(CohortSession.on_date).label("on"))
    .join(Cohort, (Cohort.school_id == CohortSession.school_id) & (Cohort.id == CohortSession.cohort_id))
    .join(SCHOOLS, SCHOOLS.c.school_id == Cohort.school_id)
    .where(
        SCHOOLS.c.authority_id == bindparam("authority_id"),
        Cohort.state == GroupState.CLOSED,
        CohortSession.state == SessionState.CLOSED,
    )
    .group_by(Cohort.school_id, Cohort.id)
)


@read_once
def list_last_days(session: Session, authority_id: UUID) -> list[date]:
    """The last day of each group of an authority's schools that is over and met at least once."""
    return list(session.scalars(_LAST_DAYS, {"authority_id": authority_id}))


#: What the home of a council reads ahead.
LAST_DAYS = Part(
    list_last_days, _LAST_DAYS, takes=("authority_id",), answer=lambda rows: [row[0] for row in rows]
)


def count_graduates(session: Session, school_id: UUID) -> int:
    """Parents of this school who finished a group: one that went to its last date, and did not end early."""
    return (
        session.scalar(
            select(func.count(Enrolment.parent_id.distinct()))
            .join(Cohort, (Cohort.school_id == Enrolment.school_id) & (Cohort.id == Enrolment.cohort_id))
            .where(
                Enrolment.school_id == school_id,
                Enrolment.status == PlaceState.FINISHED,
                Cohort.state == GroupState.CLOSED,
            )
        )
        or 0
    )
