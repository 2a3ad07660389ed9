"""Groups by who leads them, for readiness, which stands below (`app/facilitators/groups_led.py`)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cohorts.models import Cohort, CohortFacilitator, Enrolment
from app.facilitators.groups_led import LedGroup
from app.states.groups import BELONGS, PlaceState
from tenants.reading import read_once


@read_once
def list_led_groups(session: Session, school_id: UUID, facilitator_id: UUID) -> list[LedGroup]:
    """Groups that somebody leads or led, newest first."""
    rows = session.execute(
        select(Cohort.id, Cohort.name, Cohort.state, Cohort.first_on)
        .join(
            CohortFacilitator,
            (CohortFacilitator.school_id == Cohort.school_id) & (CohortFacilitator.cohort_id == Cohort.id),
        )
        .where(CohortFacilitator.school_id == school_id, CohortFacilitator.facilitator_id == facilitator_id)
        .order_by(Cohort.first_on.desc().nulls_first(), Cohort.id)
    )
    return [LedGroup(*row) for row in rows]


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


def count_graduates(session: Session, school_id: UUID) -> int:
    """Parents of this school who finished a group."""
    return (
        session.scalar(
            select(func.count(Enrolment.parent_id.distinct())).where(
                Enrolment.school_id == school_id, Enrolment.status == PlaceState.FINISHED
            )
        )
        or 0
    )
