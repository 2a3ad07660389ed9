"""Bookings of outside presenters, as staff, those who lead and parents may read them; and what a link opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, column, select, text
from sqlalchemy.orm import Session

from app.cohorts.formats import room_in
from app.cohorts.published import SESSIONS
from app.messages import queries as messages
from app.presenters.models import Presenter
from app.shell.errors import NotFound
from app.states.groups import UNDER_WAY, SessionState
from app.states.messages import RecipientKind
from app.states.presenters import COUNT_ON_IT, PresenterState
from infra.clock import LONDON, now, today
from tenants.reading import read_once

_MINE = text("select session_id, organisation, topic from app.my_presenters()").columns(
    column("session_id", Uuid), column("organisation"), column("topic")
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session and its group, as they stand now."""

    id: UUID
    number: int
    on_date: date
    starts_at: time
    ends_at: time
    room: str
    state: str
    #: How often its day, hour, room or state changed.
    revision: int
    group_name: str
    group_state: str


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking, and the session that it is for."""

    presenter: Presenter
    meeting: Meeting

    @property
    def is_under_way(self) -> bool:
        """Whether its group is."""
        return self.meeting.group_state in UNDER_WAY

    @property
    def is_to_come(self) -> bool:
        """Whether its session is still to begin."""
        return (
            self.meeting.state == SessionState.PLANNED
            and self.is_under_way
            and starts(self.meeting.on_date, self.meeting.starts_at) > now()
        )

    @property
    def state(self) -> str:
        """As it is now: an answer counts for the day and hour that it was given for, while the session takes place."""
        if self.is_off and self.presenter.state in COUNT_ON_IT:
            return PresenterState.OFF
        is_moved = (self.presenter.on_date, self.presenter.starts_at) != (
            self.meeting.on_date,
            self.meeting.starts_at,
        )
        if is_moved and self.presenter.state in (PresenterState.YES, PresenterState.NO):
            return PresenterState.ASKED
        return self.presenter.state

    @property
    def is_off(self) -> bool:
        """Whether its session was called off, or its group ended before it."""
        is_planned = self.meeting.state == SessionState.PLANNED
        return self.meeting.state == SessionState.CANCELLED or (is_planned and not self.is_under_way)

    @property
    def has_begun(self) -> bool:
        """Whether the hour of its session has come."""
        return starts(self.meeting.on_date, self.meeting.starts_at) <= now()

    @property
    def is_asked_again(self) -> bool:
        """Whether the day or the time is another than they answered to."""
        return self.state == PresenterState.ASKED and self.presenter.answered_at is not None

    @property
    def is_online(self) -> bool:
        """Whether everybody joins its session by the link, so that there is no door to ask at."""
        return bool(self.meeting.room) and not room_in(self.meeting.room)

    @property
    def begins(self) -> time:
        return after(self.meeting.starts_at, self.presenter.after_minutes)

    @property
    def ends(self) -> time:
        return after(self.meeting.starts_at, self.presenter.after_minutes + self.presenter.for_minutes)


@dataclass(frozen=True, slots=True)
class Heard:
    """What parents of a group know of who comes to a session: no name and no contact."""

    organisation: str
    topic: str


def booked(row: Any) -> Booked:
    """One row of `BOOKED`."""
    presenter, *meeting = row
    return Booked(presenter, Meeting(*meeting))


def starts(on: date, at: time) -> datetime:
    """The moment at which a session begins."""
    return datetime.combine(on, at, LONDON)


def after(at: time, minutes: int) -> time:
    """So long after that time of the day."""
    return (datetime.combine(date.min, at) + timedelta(minutes=minutes)).time()


#: Bookings with their sessions, as `booked` takes them.
BOOKED = select(Presenter, *(SESSIONS.c[one] for one in Meeting.__slots__)).join(
    SESSIONS, (SESSIONS.c.school_id == Presenter.school_id) & (SESSIONS.c.id == Presenter.session_id)
)
_STANDING = BOOKED.where(
    Presenter.school_id == bindparam("school_id"), Presenter.state != PresenterState.TAKEN_BACK
).order_by(SESSIONS.c.on_date, Presenter.after_minutes, Presenter.id)
_OF_GROUP = _STANDING.where(Presenter.cohort_id == bindparam("cohort_id"))
_OF_SESSION = _STANDING.where(Presenter.session_id == bindparam("session_id"))
_TO_COME = _STANDING.where(SESSIONS.c.on_date >= bindparam("today"), SESSIONS.c.state == SessionState.PLANNED)


@read_once
def list_of_group(session: Session, school_id: UUID, cohort_id: UUID) -> list[Booked]:
    """Who is booked for a group, in the order of its sessions."""
    found = session.execute(_OF_GROUP, {"school_id": school_id, "cohort_id": cohort_id})
    return [booked(row) for row in found.all()]


@read_once
def list_of_session(session: Session, school_id: UUID, session_id: UUID) -> list[Booked]:
    """Who is booked for one session, and has not said no."""
    found = session.execute(_OF_SESSION, {"school_id": school_id, "session_id": session_id})
    return [one for row in found.all() if (one := booked(row)).state != PresenterState.NO]


@read_once
def list_to_come(session: Session, school_id: UUID) -> list[Booked]:
    """Bookings of sessions to come, of the groups that the reader may see."""
    found = session.execute(_TO_COME, {"school_id": school_id, "today": today()})
    return [one for row in found.all() if (one := booked(row)).is_to_come]


@read_once
def list_mine(session: Session) -> dict[UUID, list[Heard]]:
    """Session -> who comes to it, of the group of the parent of this scope: those who said yes."""
    found: dict[UUID, list[Heard]] = {}
    for row in session.execute(_MINE):
        found.setdefault(row.session_id, []).append(Heard(row.organisation, row.topic))
    return found


def list_unreached(session: Session, school_id: UUID) -> set[UUID]:
    """Bookings whose presenter the last email did not reach. In the scope of staff: others read of no message."""
    return messages.list_unreached(session, school_id, RecipientKind.PRESENTER)


def list_earlier(session: Session, school_id: UUID) -> Sequence[Presenter]:
    """Presenters whom the reader can see, the newest booking of each address first."""
    found = session.scalars(
        select(Presenter).where(Presenter.school_id == school_id).order_by(Presenter.booked_at.desc())
    )
    newest: dict[str, Presenter] = {}
    for one in found:
        newest.setdefault(one.email, one)
    return list(newest.values())


def get_one(session: Session, school_id: UUID, presenter_id: UUID, *, lock: bool = False) -> Presenter:
    """A booking that the reader may see. Raises NotFound."""
    asked = select(Presenter).where(Presenter.school_id == school_id, Presenter.id == presenter_id)
    if lock:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(asked)
    if found is None:
        raise NotFound
    return found
