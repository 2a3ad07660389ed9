"""What is known about a school's facilitators. Scope first; another school's are not found."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.facilitators.models import Facilitator
from app.shell.errors import NotFound


def stage_counts(session: Session, school_id: UUID) -> dict[str, int]:
    """Number of facilitators and applicants per stage; a stage without any is missing."""
    rows = session.execute(
        select(Facilitator.stage, func.count())
        .where(Facilitator.school_id == school_id)
        .group_by(Facilitator.stage)
    )
    return {stage: count for stage, count in rows}


def get_facilitator(session: Session, school_id: UUID, facilitator_id: UUID) -> Facilitator:
    """One facilitator or applicant. Raises NotFound."""
    found = session.get(Facilitator, (school_id, facilitator_id))
    if found is None:
        raise NotFound
    return found
