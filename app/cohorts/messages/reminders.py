"""Decides which reminders of a group are due by the calendar: before a session, and on its day.

Runs as the schedule, in one school's scope. What is decided here is judged again at the moment of sending
(`messages.allowed`), so it may be asked as often as one likes: each reminder is written once.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.messages.outbox import keys_of
from app.messages.services import enqueue
from app.schools.queries import get_school
from app.schools.year_queries import get_shut_days
from app.states.messages import RecipientKind
from infra.clock import LONDON

#: So many days before a session its reminder goes.
DAYS_BEFORE = 2

PLACES_TO_REMIND = text(
    "select s.id session_id, s.on_date, s.starts_at, e.parent_id, not exists (select 1 from cohort_session later"
    " where later.school_id = s.school_id and later.cohort_id = s.cohort_id and later.on_date > s.on_date"
    " and later.state = 'planned') is_last from cohort_session s"
    " join cohort c on c.school_id = s.school_id and c.id = s.cohort_id and c.state in ('forming', 'running')"
    " join enrolment e on e.school_id = s.school_id and e.cohort_id = s.cohort_id and e.status = 'in_group'"
    " where s.school_id = :school and s.state = 'planned' and s.on_date between :first and :last"
    " order by s.on_date, s.id, e.parent_id"
)


def remind_of_sessions(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """Write the reminders that are due at `moment` in this school; how many are new."""
    today = moment.astimezone(LONDON).date()
    written = keys_of(
        session,
        school_id,
        ("session_reminder", "session_today", "last_session"),
        since=moment - timedelta(days=DAYS_BEFORE + 2),
    )
    shut = get_shut_days(session, get_school(session, school_id).authority_id, school_id)
    count = 0
    due = session.execute(
        PLACES_TO_REMIND, {"school": school_id, "first": today, "last": today + timedelta(days=DAYS_BEFORE)}
    )
    for place in due.all():
        if place.on_date in shut:
            continue  # staff read that it cannot be; nobody is sent to a locked door
        starts_at = datetime.combine(place.on_date, place.starts_at, LONDON)
        is_today = place.on_date == today
        kinds = ["session_today" if is_today else "session_reminder"]
        if place.is_last and not is_today:
            kinds.append("last_session")
        # With the date: a session that moves is announced again for its new day.
        key = f"{place.session_id}:{place.on_date}:{place.parent_id}"
        for kind in kinds:
            if starts_at <= moment or (kind, key) in written:
                continue
            count += len(
                enqueue(
                    session,
                    kind=kind,
                    school_id=school_id,
                    recipient_kind=RecipientKind.PARENT,
                    recipient_id=place.parent_id,
                    subject_id=place.session_id,
                    dedupe_key=key,
                    not_after=starts_at if is_today else _start_of(place.on_date),
                )
            )
    return count


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, LONDON)
