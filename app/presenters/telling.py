"""By the schedule: a presenter hears of what became of their session, is reminded and thanked, and later erased.

Whatever changes a session (a new day, another room, called off, a group that ends) is found here by looking: a booking
keeps the session as its presenter knows it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.calendar.school_year import ShutDays
from app.cohorts.published import SESSIONS
from app.presenters.models import Presenter
from app.presenters.queries import BOOKED, Booked, booked, starts
from app.presenters.services import tell
from app.schools.queries import get_school
from app.schools.year_queries import get_shut_days
from app.states.groups import SessionState
from app.states.presenters import COUNT_ON_IT, PresenterState
from infra.clock import LONDON
from infra.logs import get_logger
from tenants.session import rows_written

log = get_logger()

#: So long before a session its presenter is reminded.
DAYS_BEFORE = 2
#: A session may be closed some days late; thanks that come later would only puzzle.
THANKED_WITHIN = timedelta(days=7)
#: So long after a session a booking is kept, with name and address.
KEPT = timedelta(days=28)


def tell_of_bookings(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """Write what is due to this school's presenters at `moment`; how many messages are new."""
    asked = (
        BOOKED.where(Presenter.school_id == school_id, Presenter.state != PresenterState.TAKEN_BACK)
        .order_by(Presenter.id)
        # Whoever presses a button meanwhile waits for it, or is waited for.
        .with_for_update(of=Presenter)
    )
    bookings = [booked(row) for row in session.execute(asked).all()]
    if not bookings:
        return 0
    shut = get_shut_days(session, get_school(session, school_id).authority_id, school_id)
    return sum(_tell_one(session, one, shut, moment) for one in bookings)


def erase_old(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """Delete bookings whose session was four weeks ago, however it ended. It writes no message."""
    day = moment.astimezone(LONDON).date() - KEPT
    old = select(SESSIONS.c.id).where(SESSIONS.c.school_id == school_id, SESSIONS.c.on_date <= day)
    gone = session.execute(
        delete(Presenter).where(Presenter.school_id == school_id, Presenter.session_id.in_(old))
    )
    if count := rows_written(gone):
        log.info("presenters_erased", school_id=str(school_id), count=count)
    return 0


def _tell_one(session: Session, found: Booked, shut: ShutDays, moment: datetime) -> int:
    one, meeting = found.presenter, found.meeting
    if starts(meeting.on_date, meeting.starts_at) <= moment:
        return _thank(session, found, moment)
    if meeting.state == SessionState.CANCELLED or not found.is_under_way:
        if one.state not in COUNT_ON_IT:
            return 0
        one.state = PresenterState.OFF
        return _written(session, "presenter_called_off", one, f"{meeting.on_date}:{meeting.revision}")
    if meeting.state != SessionState.PLANNED:
        return 0
    is_moved = (one.on_date, one.starts_at) != (meeting.on_date, meeting.starts_at)
    if is_moved or one.state == PresenterState.OFF:
        one.state, one.on_date, one.starts_at = PresenterState.ASKED, meeting.on_date, meeting.starts_at
        one.room = meeting.room
        return _written(session, "presenter_moved", one, f"{meeting.on_date}:{meeting.revision}")
    if one.state == PresenterState.NO:
        return 0
    if one.room != meeting.room:
        one.room = meeting.room
        return _written(session, "presenter_elsewhere", one, str(meeting.revision))
    return _remind(session, found, shut, moment)


def _remind(session: Session, found: Booked, shut: ShutDays, moment: datetime) -> int:
    one, on = found.presenter, found.meeting.on_date
    away = (on - moment.astimezone(LONDON).date()).days
    is_due = one.state == PresenterState.YES and 0 < away <= DAYS_BEFORE and on not in shut
    if not is_due or one.reminded_for == on:
        return 0
    one.reminded_for = on
    return _written(session, "presenter_reminder", one, str(on))


def _thank(session: Session, found: Booked, moment: datetime) -> int:
    """The day after a session that was held, to whoever said that they come."""
    one, meeting = found.presenter, found.meeting
    today = moment.astimezone(LONDON).date()
    was_held = meeting.state == SessionState.CLOSED and found.state == PresenterState.YES
    if not was_held or one.thanked_at or not meeting.on_date < today <= meeting.on_date + THANKED_WITHIN:
        return 0
    one.thanked_at = moment
    return _written(session, "presenter_thanks", one, "thanks")


def _written(session: Session, kind: str, one: Presenter, about: str) -> int:
    session.flush()
    return tell(session, kind, one, about)
