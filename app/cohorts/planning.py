"""Dates of a group: proposed from the authority's terms and the school's closed days, and moved.

Pure but for `read_calendar` and `ends_to_come`. Messages are words for staff.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.calendar.school_year import CalendarError, Term, closed_because
from app.cohorts.calendar import (
    Proposal,
    day_words,
    next_open_date,
    propose_sessions,
    session_start_utc,
)
from app.cohorts.timetable import usual_weekday
from app.programme.numbers import FEWEST_FACILITATORS, SESSIONS, spelled
from app.schools import year_queries
from app.shell.dates import in_words
from app.shell.refusals import Refused
from app.states.groups import SessionState
from infra.clock import now, today
from tenants.together import together

FRIDAY = 4


#: So many days are offered when a session moves.
WITHIN = timedelta(days=84)


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """When a school is open: its authority's terms and its own closed days with their reasons."""

    terms: tuple[Term, ...]
    closed_days: dict[date, str]
    #: Days on which another group has the room at that time, and which.
    busy: dict[date, str] = field(default_factory=dict)

    def closed_because(self, on: date) -> str | None:
        """Why there can be no session on `on`, or None."""
        return closed_because(on, self.terms, self.closed_days)

    @property
    def not_free(self) -> dict[date, str]:
        """Days on which there can be no session within the terms: shut, or the room is taken."""
        return {**self.busy, **self.closed_days}


class Meeting(Protocol):
    """What moving needs to know of a session."""

    id: UUID
    number: int
    on_date: date
    state: str


M = TypeVar("M", bound=Meeting)


@dataclass(frozen=True, slots=True)
class Move:
    """One session and its new day."""

    session_id: UUID
    to: date


@dataclass(frozen=True, slots=True)
class Conflict:
    """A planned session on a day that is not free any more, and why."""

    session_id: UUID
    number: int
    on_date: date
    reason: str


def read_calendar(session: Session, authority_id: UUID, school_id: UUID) -> SchoolCalendar:
    """The school's calendar as it stands now: terms, days shut for all schools, and its own."""
    with together(session) as ask:
        for_all = ask(year_queries.list_days_closed_for_all, authority_id)
        own = ask(year_queries.list_closed_days, school_id)
        terms = ask(year_queries.list_terms, authority_id)
    closed = {row.on_date: row.reason for row in for_all.value}
    closed |= {row.on_date: row.reason for row in own.value}
    return SchoolCalendar(tuple(terms.value), closed)


def find_conflicts(calendar: SchoolCalendar, meetings: Sequence[Meeting], *, today: date) -> list[Conflict]:
    """Planned sessions from today on whose day the school is shut, or whose room another group has."""
    found = []
    for meeting in meetings:
        if meeting.state != SessionState.PLANNED or meeting.on_date < today:
            continue
        reason = calendar.closed_because(meeting.on_date)
        if reason is None and meeting.on_date in calendar.busy:
            reason = _("%(group)s has the room", group=calendar.busy[meeting.on_date])
        if reason:
            found.append(Conflict(meeting.id, meeting.number, meeting.on_date, reason))
    return found


def full_day(on: date) -> str:
    """*Tuesday 3 February*, with its year where it could be taken for another."""
    return in_words(on)


def ends_at(starts_at: time, minutes: int) -> time:
    """The time `minutes` later on the same day; Refused when that is after midnight."""
    start = datetime.combine(date.min, starts_at)
    end = start + timedelta(minutes=minutes)
    if end.date() != start.date():
        raise Refused(_("The session would end after midnight. Choose an earlier time."), "starts_at")
    return end.time()


def ends_to_come(on: date, starts_at: time, minutes: int) -> time:
    """`ends_at`, and Refused for a time of today that is over. Days that are over are refused with their own words."""
    if on == today() and session_start_utc(on, starts_at) <= now():
        raise Refused(_("That time has passed today. Choose a later one, or another day."), "starts_at")
    return ends_at(starts_at, minutes)


def propose(
    calendar: SchoolCalendar, start_on: date, starts_at: time, minutes: int, *, today: date
) -> Proposal:
    """The eight dates from `start_on`, on its weekday. Refused where there cannot be eight."""
    if start_on < today:
        raise Refused(_("Choose a day that is still to come."), "start_on")
    ends_at(starts_at, minutes)
    try:
        found = propose_sessions(
            start_on=start_on,
            weekday=start_on.weekday(),
            starts_at=starts_at,
            minutes=minutes,
            terms=calendar.terms,
            closed_days=calendar.closed_days,
            count=SESSIONS,
            today=today,
        )
    except CalendarError as error:
        raise Refused(str(error), "start_on") from None
    if len(found.sessions) < SESSIONS:
        last = calendar.terms[-1].ends_on if calendar.terms else start_on
        raise Refused(_too_few(len(found.sessions), f"{day_words(last)} {last.year}"), "start_on")
    return found


def _too_few(fit: int, day: str) -> str:
    if not fit:
        words = _(
            "None of the %(count)s sessions fits before %(day)s, the last term date that we know.",
            day=day,
            count=spelled(SESSIONS),
        )
    else:
        words = ngettext(
            "Only one of the %(count)s sessions fits before %(day)s, the last term date that we know.",
            "Only %(num)s of the %(count)s sessions fit before %(day)s, the last term date that we know.",
            fit,
            day=day,
            count=spelled(SESSIONS),
        )
    return f"{words} {_('Start earlier, or ask your authority to add the next terms.')}"


def propose_move(
    calendar: SchoolCalendar, moving: Meeting, meetings: Sequence[Meeting], *, today: date
) -> date | None:
    """The next open day of the group's weekday on which this session may be; None in the known terms.

    A session with others after it gets the week after its own: the later ones can move along. One that is on another
    weekday than the group goes back to the group's, in its own week where that day is free.
    """
    others = [other.on_date for other in meetings if other.id != moving.id]
    own = moving.on_date.weekday()
    weekday = usual_weekday(others, [own, *(on.weekday() for on in others)])
    in_its_week = moving.on_date + timedelta(days=weekday - own)
    if weekday != own and fits(calendar, moving, meetings, in_its_week, with_later=False, today=today):
        return in_its_week
    along = moving.state == SessionState.PLANNED and any(
        other.number > moving.number and other.state == SessionState.PLANNED for other in meetings
    )
    on = max(moving.on_date, today)
    while (found := next_open_date(on, min(weekday, FRIDAY), calendar.terms, calendar.not_free)) is not None:
        if any(
            fits(calendar, moving, meetings, found, with_later=with_later, today=today)
            for with_later in (False, *([True] if along else []))
        ):
            return found
        on = found
    return None


def passes_by(moving: Meeting, meetings: Sequence[M], plan: Mapping[UUID, date]) -> M | None:
    """A later session which this one would come after, on the days of `plan`; None where they stay in order."""
    later = (
        other
        for other in meetings
        if other.number > moving.number
        and other.state != SessionState.CANCELLED
        and plan.get(other.id, other.on_date) < plan[moving.id]
    )
    return min(later, key=lambda other: other.number, default=None)


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A day to which a session may go; `only_along` where the later ones have to move along."""

    on: date
    only_along: bool


def list_free_days(
    calendar: SchoolCalendar, moving: Meeting, meetings: Sequence[Meeting], *, today: date
) -> list[FreeDay]:
    """The days, from today for a term's length, on which school and room are free and this session may be.

    Its own is one of them: it can move to another time of the same day.
    """
    begin = max(today, min(moving.on_date, today + WITHIN) - WITHIN / 2)
    has_later = any(
        other.number > moving.number and other.state == SessionState.PLANNED for other in meetings
    )
    found = []
    for ahead in range(WITHIN.days):
        to = begin + timedelta(days=ahead)
        if fits(calendar, moving, meetings, to, with_later=False, today=today):
            found.append(FreeDay(to, only_along=False))
        elif has_later and fits(calendar, moving, meetings, to, with_later=True, today=today):
            found.append(FreeDay(to, only_along=True))
    return found


def fits(
    calendar: SchoolCalendar,
    moving: Meeting,
    meetings: Sequence[Meeting],
    to: date,
    *,
    with_later: bool,
    today: date,
) -> bool:
    """Whether this session may go to that day, alone or with the later ones."""
    try:
        plan_move(calendar, moving, meetings, to, with_later=with_later, today=today)
    except Refused:
        return False
    return True


def plan_move(
    calendar: SchoolCalendar,
    moving: Meeting,
    meetings: Sequence[Meeting],
    to: date,
    *,
    with_later: bool,
    today: date,
) -> list[Move]:
    """Which sessions go to which day when `moving` goes to `to`. Refused with the reason for what cannot be.

    `with_later` moves every later planned session along, weekly on the new weekday.
    """
    _check_day(calendar, to, today)
    if not with_later:
        _check_neighbours(moving, meetings, to)
        return [Move(moving.id, to)]
    fixed = [
        other
        for other in meetings
        if other.id != moving.id and other.number < moving.number and other.state != SessionState.CANCELLED
    ]
    for other in fixed:
        if other.on_date >= to:
            raise Refused(_before_another(other), "on_date")
    later = sorted(
        (other for other in meetings if other.number > moving.number and other.state == SessionState.PLANNED),
        key=lambda other: other.number,
    )
    moves = [Move(moving.id, to)]
    after = to
    for other in later:
        found = next_open_date(after, to.weekday(), calendar.terms, calendar.not_free)
        if found is None:
            raise Refused(
                _(
                    "There is no school day left for session %(n)s in the terms that we know."
                    " Move this session alone, or ask your authority to add the next terms.",
                    n=other.number,
                ),
                "on_date",
            )
        moves.append(Move(other.id, found))
        after = found
    return moves


def _check_day(calendar: SchoolCalendar, to: date, today: date) -> None:
    if to < today:
        raise Refused(_("Choose a day that is still to come."), "on_date")
    reason = calendar.closed_because(to)
    if reason:
        raise Refused(
            _(
                "The school is closed on %(day)s: %(reason)s. Choose another day.",
                day=full_day(to),
                reason=reason,
            ),
            "on_date",
        )
    if to in calendar.busy:
        raise Refused(
            _(
                "%(group)s has the room on %(day)s at that time. Choose another day or time.",
                group=calendar.busy[to],
                day=full_day(to),
            ),
            "on_date",
        )


def _check_neighbours(moving: Meeting, meetings: Sequence[Meeting], to: date) -> None:
    for other in meetings:
        if other.id == moving.id or other.state == SessionState.CANCELLED:
            continue
        if other.on_date == to:
            raise Refused(
                _(
                    "Session %(n)s is on that day already. Choose another day, or move the later sessions too.",
                    n=other.number,
                ),
                "on_date",
            )
        if moving.state == SessionState.CANCELLED or _is_passed(moving, other):
            continue  # a day to make up for a cancelled session may be at any time, and may move again
        if other.number < moving.number and other.on_date > to:
            raise Refused(_before_another(other), "on_date")
        if other.number > moving.number and other.on_date < to:
            raise Refused(
                _(
                    "Session %(n)s is on %(day)s. Choose a day before it, or move the later sessions too.",
                    n=other.number,
                    day=full_day(other.on_date),
                ),
                "on_date",
            )


def _is_passed(moving: Meeting, other: Meeting) -> bool:
    """Whether the two are not in the order of their numbers as it is."""
    first, second = sorted((moving, other), key=lambda one: one.number)
    return first.on_date > second.on_date


def _before_another(other: Meeting) -> str:
    return _("Session %(n)s is on %(day)s. Choose a later day.", n=other.number, day=full_day(other.on_date))


def missing_for_start(*, facilitators: int, parents: int, sessions: int) -> list[str]:
    """What a group still needs before it can start, in words; empty when it can."""
    found = []
    if facilitators == 0:
        found.append(_("Two facilitators. Nobody is chosen yet."))
    elif facilitators < FEWEST_FACILITATORS:
        found.append(_("A second facilitator. Nobody leads a group alone."))
    if parents == 0:
        found.append(_("At least one parent or carer with a place."))
    if sessions < SESSIONS:
        found.append(_("Its %(count)s dates.", count=spelled(SESSIONS)))
    return found
