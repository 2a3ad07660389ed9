"""Marks what has to be added up again, for the roll-up to find."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from infra.clock import now

_COHORT = text(
    "insert into rollup_due (school_id, cohort_id, due_at) values (:school_id, :cohort_id, :at)"
    " on conflict (school_id, cohort_id) do update set due_at = excluded.due_at"
)
_SCHOOL = text(
    "insert into activity_due (school_id, due_at) values (:school_id, :at)"
    " on conflict (school_id) do update set due_at = excluded.due_at"
)


def mark_due(session: Session, school_id: UUID, cohort_id: UUID | None = None) -> None:
    """The school's counts are out of date, and with `cohort_id` that group's summary too."""
    values = {"school_id": school_id, "at": now()}
    session.execute(_SCHOOL, values)
    if cohort_id is not None:
        session.execute(_COHORT, {**values, "cohort_id": cohort_id})
