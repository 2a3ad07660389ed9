"""A month as a calendar: sessions, days on which schools are shut, and days that matter by faith or tradition.

A school reads its groups by name; its council reads which school meets when, and no word that a school wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendar import faith_days
from app.calendar.school_year import bank_holidays, closed_because
from app.cohorts.calendar_file import title_of
from app.cohorts.models import Cohort, CohortSession
from app.cohorts.planning import SchoolCalendar
from app.schools import year_queries
from app.schools.published import SCHOOLS
from app.shell.kept import kept
from app.states.groups import GroupState, SessionState

#: How far the address may ask from today, in years: nothing stands further off.
YEARS = 3
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session in a month. `leads_to`: the id of its group, or of its school for a council."""

    on: date
    starts_at: time
    words: str
    leads_to: UUID
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar; `shut`: why schools are closed; `faith`: what matters to families; `fast`: goes on."""

    on: date
    is_of_month: bool
    shut: str = ""
    faith: tuple[str, ...] = ()
    fast: str = ""
    meetings: list[Meeting] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read on it but what goes on for weeks."""
        return not (self.shut or self.faith or self.meetings)


@dataclass(frozen=True, slots=True)
class Month:
    """The weeks of a month, Monday first, with the days of its neighbours that fill them up."""

    first: date
    weeks: list[list[Day]]
    #: The last day of which it is known whether schools are open; None where no terms are known.
    known_until: date | None

    @property
    def is_known(self) -> bool:
        """Whether holidays of all its days are known."""
        return self.known_until is not None and self.known_until >= self.after - timedelta(days=1)

    @property
    def fasts(self) -> list[tuple[str, date]]:
        """What goes on for weeks, by name, and its last day in this month: no day of it needs a line of its own."""
        last = {day.fast: day.on for week in self.weeks for day in week if day.fast and day.is_of_month}
        return list(last.items())

    @property
    def has_news(self) -> bool:
        """Whether a list of its days, without those on which there is nothing, has any."""
        return any(is_news(week) for week in self.weeks)

    @property
    def is_bare(self) -> bool:
        """Whether nobody meets in it."""
        return not any(day.meetings for week in self.weeks for day in week if day.is_of_month)

    @property
    def before(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)


def is_news(week: Sequence[Day]) -> bool:
    """Whether there is anything to read in a week but days of the neighbouring month."""
    return any(day.is_of_month and not day.is_empty for day in week)


def month_of(asked: str, today: date) -> date:
    """The first day of the month that an address asks for, *2027-01*; of today's where it asks for none that can be."""
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        return today.replace(day=1)
    return first if is_shown(first, today) else today.replace(day=1)


def is_shown(first: date, today: date) -> bool:
    """Whether an address may ask for this month."""
    return abs(first.year - today.year) <= YEARS


def span_of(first: date) -> tuple[date, date]:
    """The Monday on or before the first of the month, and the Sunday on or after its last."""
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def lay_out(first: date, calendar: SchoolCalendar, meetings: Iterable[Meeting]) -> Month:
    """The month with what is on its days. Weekends are no news, so they are not said to be shut."""
    begin, end = span_of(first)
    days = {on: _day(on, first, calendar) for on in _days(begin, end)}
    for meeting in meetings:
        if meeting.on in days:
            days[meeting.on].meetings.append(meeting)
    in_order = list(days.values())
    weeks = [in_order[at : at + 7] for at in range(0, len(in_order), 7)]
    return Month(first, weeks, max((term.ends_on for term in calendar.terms), default=None))


def of_school(session: Session, school_id: UUID, first: date) -> list[Meeting]:
    """All sessions of a school's groups, by their days and hours."""
    begin, end = span_of(first)
    rows = session.execute(
        select(CohortSession, Cohort.name)
        .join(Cohort, (Cohort.school_id == CohortSession.school_id) & (Cohort.id == CohortSession.cohort_id))
        .where(CohortSession.school_id == school_id, CohortSession.on_date.between(begin, end))
        .order_by(CohortSession.on_date, CohortSession.starts_at, CohortSession.id)
    )
    return [
        Meeting(one.on_date, one.starts_at, title_of(one, kept(name)), one.cohort_id, _is_off(one.state))
        for one, name in rows
    ]


@dataclass(frozen=True, slots=True)
class CouncilSession:
    """A session as its council may read it."""

    id: UUID
    number: int
    on_date: date
    starts_at: time
    ends_at: time
    state: str
    revision: int
    changed_at: datetime
    school_id: UUID


def list_of_council(
    session: Session, authority_id: UUID, begin: date, end: date = date.max
) -> list[tuple[CouncilSession, str]]:
    """Sessions of an authority's schools from one day to another, each with its school's name.

    Of groups that did not take place or ended early only those that were.
    """
    columns = (getattr(CohortSession, one.name) for one in fields(CouncilSession))
    rows = session.execute(
        select(*columns, SCHOOLS.c.name)
        .join(Cohort, (Cohort.school_id == CohortSession.school_id) & (Cohort.id == CohortSession.cohort_id))
        .join(SCHOOLS, SCHOOLS.c.school_id == CohortSession.school_id)
        .where(
            SCHOOLS.c.authority_id == authority_id,
            CohortSession.on_date.between(begin, end),
            (Cohort.state != GroupState.CANCELLED) | (CohortSession.state == SessionState.CLOSED),
        )
        .order_by(CohortSession.on_date, CohortSession.starts_at, SCHOOLS.c.name, CohortSession.id)
    )
    return [(CouncilSession(*row[:-1]), row[-1]) for row in rows]


def of_council(session: Session, authority_id: UUID, first: date) -> list[Meeting]:
    """When the schools of an authority meet in a month."""
    return [
        Meeting(
            one.on_date,
            one.starts_at,
            _("%(school)s, session %(number)s", school=kept(school), number=one.number),
            one.school_id,
            _is_off(one.state),
        )
        for one, school in list_of_council(session, authority_id, *span_of(first))
    ]


def calendar_of_council(session: Session, authority_id: UUID) -> SchoolCalendar:
    """Terms and days that are shut for all schools; what a school itself entered its council does not read."""
    closed = {row.on_date: row.reason for row in year_queries.list_days_closed_for_all(session, authority_id)}
    return SchoolCalendar(tuple(year_queries.list_terms(session, authority_id)), closed)


def _day(on: date, first: date, calendar: SchoolCalendar) -> Day:
    return Day(
        on, on.month == first.month, _shut(on, calendar), faith_days.feasts_on(on), faith_days.fast_on(on)
    )


def _shut(on: date, calendar: SchoolCalendar) -> str:
    """Why the schools are shut, beginning with a large letter; a bank holiday also in holidays and at weekends."""
    found: Sequence[str | None] = (
        f"bank holiday, {name}" if (name := bank_holidays(on.year).get(on)) else None,
        closed_because(on, calendar.terms, calendar.closed_days) if on.weekday() < _SATURDAY else None,
    )
    # Where no terms are known, every day would be said to be unknown.
    words = next((one for one in found if one and one != "no term dates known"), "")
    return words[:1].upper() + words[1:]


def _is_off(state: str) -> bool:
    return state == SessionState.CANCELLED


def _days(begin: date, end: date) -> Iterator[date]:
    on = begin
    while on <= end:
        yield on
        on += timedelta(days=1)
