"""Which days a room is taken by another group of the school."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from app.cohorts.formats import room_in
from app.cohorts.models import Cohort, CohortSession
from app.cohorts.times import wall_clock
from app.states.groups import UNDER_WAY, SessionState
from tenants.pages import Part
from tenants.reading import read_once
from tenants.ready import Ready

_TAKEN = Ready(
    select(
        CohortSession.cohort_id,
        Cohort.name,
        CohortSession.on_date,
        CohortSession.starts_at,
        CohortSession.ends_at,
        func.lower(func.trim(func.coalesce(func.nullif(CohortSession.room, ""), Cohort.room))).label("room"),
    )
    .join(Cohort, (Cohort.school_id == CohortSession.school_id) & (Cohort.id == CohortSession.cohort_id))
    .where(
        CohortSession.school_id == bindparam("school_id"),
        Cohort.state.in_(UNDER_WAY),
        CohortSession.state == SessionState.PLANNED,
        CohortSession.on_date >= bindparam("today"),
    )
)


@read_once
def list_rooms_taken(session: Session, school_id: UUID) -> list[Row[Any]]:
    """Each meeting to come of any group, with `cohort_id`, `name` of the group, `on_date`, `starts_at`, `ends_at` and
    `room`, in small letters."""
    return [*_TAKEN.all(session, {"school_id": school_id, "today": wall_clock()[0]})]


ROOMS_TAKEN = Part(list_rooms_taken, _TAKEN, takes=("school_id",))


def list_busy_days(
    session: Session, school_id: UUID, cohort_id: UUID, room: str, starts_at: time, ends_at: time
) -> dict[date, str]:
    """Days to come on which another group meets in that room at that time, and its name."""
    wanted = room.strip().lower()
    if not wanted:
        return {}
    return {
        one.on_date: one.name
        for one in list_rooms_taken(session, school_id)
        if one.cohort_id != cohort_id
        and room_in(one.room) == wanted
        and one.starts_at < ends_at
        and one.ends_at > starts_at
    }
