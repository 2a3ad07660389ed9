"""Who is in a group, by id."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cohorts.models import Enrolment


def list_member_ids(session: Session, school_id: UUID, cohort_id: UUID) -> list[UUID]:
    """Parents with a place in the group, or who finished it, in the order in which they joined."""
    return list(
        session.scalars(
            select(Enrolment.parent_id)
            .where(
                Enrolment.school_id == school_id,
                Enrolment.cohort_id == cohort_id,
                Enrolment.status.in_(("in_group", "finished")),
            )
            .order_by(Enrolment.joined_at, Enrolment.id)
        )
    )


def list_cohort_ids(session: Session, school_id: UUID, parent_id: UUID) -> list[UUID]:
    """Groups that a parent is, or was, in."""
    return list(
        session.scalars(
            select(Enrolment.cohort_id)
            .where(Enrolment.school_id == school_id, Enrolment.parent_id == parent_id)
            .order_by(Enrolment.joined_at, Enrolment.id)
        )
    )
