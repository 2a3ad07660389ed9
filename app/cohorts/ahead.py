"""When and where a school's groups meet next, for whoever opens the room: no names, and not who is expected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cohorts.models import Cohort, CohortSession
from app.states.groups import GroupState, SessionState


@dataclass(frozen=True, slots=True)
class Ahead:
    """A session to come. `places`: for how many chairs at most; `moved_from`: the day before this one."""

    on: date
    starts_at: time
    ends_at: time
    group: str
    number: int
    room: str
    places: int
    is_off: bool
    moved_from: date | None


def list_ahead(session: Session, school_id: UUID, begin: date, end: date) -> list[Ahead]:
    """Sessions of groups that form or meet, from one day to another, also those that are called off."""
    rows = session.execute(
        select(
            CohortSession.on_date,
            CohortSession.starts_at,
            CohortSession.ends_at,
            Cohort.name,
            CohortSession.number,
            CohortSession.room,
            Cohort.room,
            Cohort.places,
            CohortSession.state,
            CohortSession.moved_from,
        )
        .join(Cohort, (Cohort.school_id == CohortSession.school_id) & (Cohort.id == CohortSession.cohort_id))
        .where(
            CohortSession.school_id == school_id,
            CohortSession.on_date.between(begin, end),
            Cohort.state.in_((GroupState.FORMING, GroupState.RUNNING)),
        )
        .order_by(CohortSession.on_date, CohortSession.starts_at, CohortSession.id)
    )
    return [
        Ahead(on, starts, ends, name, number, room or usual, places, state == SessionState.CANCELLED, moved)
        for on, starts, ends, name, number, room, usual, places, state, moved in rows
    ]
