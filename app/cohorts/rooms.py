"""Which days a room is taken by another group of the school."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cohorts.models import Cohort, CohortSession
from app.cohorts.times import wall_clock
from app.states.groups import UNDER_WAY, SessionState
from tenants.reading import read_once


@read_once
def list_busy_days(
    session: Session, school_id: UUID, cohort_id: UUID, room: str, starts_at: time, ends_at: time
) -> dict[date, str]:
    """Days to come on which another group meets in that room at that time, and its name."""
    if not room.strip():
        return {}
    where = func.lower(func.trim(func.coalesce(func.nullif(CohortSession.room, ""), Cohort.room)))
    rows = session.execute(
        select(CohortSession.on_date, Cohort.name)
        .join(Cohort, (Cohort.school_id == CohortSession.school_id) & (Cohort.id == CohortSession.cohort_id))
        .where(
            CohortSession.school_id == school_id,
            CohortSession.cohort_id != cohort_id,
            Cohort.state.in_(UNDER_WAY),
            CohortSession.state == SessionState.PLANNED,
            CohortSession.on_date >= wall_clock()[0],
            CohortSession.starts_at < ends_at,
            CohortSession.ends_at > starts_at,
            where == room.strip().lower(),
        )
    )
    return {row.on_date: row.name for row in rows}
