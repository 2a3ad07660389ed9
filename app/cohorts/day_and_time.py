"""Which day and time to choose for a new group: whom of those who wait it suits, and how its eight dates lie.

Words for staff. Nothing is chosen by it: a form is filled in, which staff change and check.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.calendar.school_year import Term
from app.cohorts.calendar import Proposal, is_in_exams, propose_sessions
from app.cohorts.hints import Hints, hints_on
from app.cohorts.planning import SchoolCalendar
from app.programme.numbers import SESSION_MINUTES, SESSIONS, spelled
from app.recruitment.wishes import Wishes
from app.schools.queries import get_school
from app.shell.dates import short_day
from app.states.groups import GroupFormat
from app.states.wishes import DayPart
from infra.clock import today

#: A group that begins sooner has no time to ask anybody.
AHEAD = timedelta(days=14)
#: So close before the end of a term a group begins with the next.
LAST_WEEKS = timedelta(days=21)
#: What a part of the day is tried with. The time can be changed in the form.
TIMES: Mapping[DayPart, time] = {
    DayPart.MORNING: time(9, 30),
    DayPart.AFTERNOON: time(13),
    DayPart.EVENING: time(18),
}
PARTS = {
    DayPart.MORNING: _l("Morning"),
    DayPart.AFTERNOON: _l("Afternoon"),
    DayPart.EVENING: _l("Evening"),
}
#: Where two suit as many: early evening suits most people, mornings after school begins come next.
_RATHER = (DayPart.EVENING, DayPart.MORNING, DayPart.AFTERNOON)


@dataclass(frozen=True, slots=True)
class Slot:
    """One weekday and time, and how many of those who wait it suits."""

    part: DayPart
    starts_at: time
    suits: int


@dataclass(frozen=True, slots=True)
class DayRow:
    """One weekday with its times: the first date, how many dates there are, and what to think of on them."""

    weekday: int
    first_on: date | None
    dates: int
    fit: str
    slots: tuple[Slot, ...]
    hints: Hints
    #: How many of the dates may fall in exam weeks.
    in_exams: int

    @property
    def fits(self) -> bool:
        return self.dates == SESSIONS

    @property
    def notes(self) -> list[str]:
        """*Tue 9 Mar: Eid al-Fitr, expected, give or take a day*; days with the same words together."""
        found = []
        for words, days in groupby(self.hints.by_day.items(), key=lambda pair: pair[1]):
            found.append(f"{', '.join(short_day(on) for on, _words in days)}: {words}")
        return found


@dataclass(frozen=True, slots=True)
class Best:
    """The day and time that suit most of those who wait, of those on which all dates fit."""

    row: DayRow
    slot: Slot


def first_day(session: Session, school_id: UUID, terms: Sequence[Term]) -> date:
    """From which day a new group is looked for: the school's own plan where that is still to come; else as soon as
    people can be asked, and not with a holiday after the first sessions."""
    planned = get_school(session, school_id).planned_start_on
    if planned and planned > today():
        return planned
    soon = today() + AHEAD
    now_or_next = sorted(
        (one for one in terms if one.ends_on - LAST_WEEKS >= soon), key=lambda one: one.starts_on
    )
    return max(soon, now_or_next[0].starts_on) if now_or_next else soon


def list_days(
    calendar: SchoolCalendar, waiting: Sequence[Wishes], start_on: date, format_: str = GroupFormat.ROOM
) -> list[DayRow]:
    """Monday to Friday, each from its first open day of `start_on` or later, for a group that meets so."""
    return [_row(calendar, waiting, start_on, weekday, format_) for weekday in range(5)]


def best_of(rows: Sequence[DayRow]) -> Best | None:
    """What to choose; None where no weekday has room for all dates, or it suits nobody."""
    able = [Best(row, slot) for row in rows if row.fits for slot in row.slots if slot.suits]
    return max(
        able,
        key=lambda one: (
            one.slot.suits,
            -one.row.in_exams,
            -len(one.row.hints.by_day),
            -_RATHER.index(one.slot.part),
        ),
        default=None,
    )


def _row(
    calendar: SchoolCalendar, waiting: Sequence[Wishes], start_on: date, weekday: int, format_: str
) -> DayRow:
    proposal = propose_sessions(
        start_on=start_on,
        weekday=weekday,
        starts_at=TIMES[DayPart.MORNING],
        minutes=SESSION_MINUTES,
        terms=calendar.terms,
        closed_days=calendar.closed_days,
        count=SESSIONS,
    )
    days = [one.on for one in proposal.sessions]
    in_exams = sum(is_in_exams(on) for on in days)
    return DayRow(
        weekday,
        days[0] if days else None,
        len(days),
        ", ".join(_fit_words(proposal, in_exams)),
        tuple(
            Slot(part, at, sum(wish.suits(weekday, at, format_) for wish in waiting))
            for part, at in TIMES.items()
        ),
        hints_on(days),
        in_exams,
    )


def _fit_words(proposal: Proposal, in_exams: int) -> Iterator[str]:
    """How many dates lie before each break and in exam weeks, then until when all do, or that they do not fit."""
    days = [one.on for one in proposal.sessions]
    for reason, skipped in groupby(proposal.skipped, key=lambda one: one.reason):
        begins = next(skipped).on
        before = sum(on < begins for on in days)
        if _is_break(reason) and 0 < before < SESSIONS:
            yield _("%(count)s by the %(break)s", **{"count": before, "break": _break_words(reason)})
    if in_exams:
        yield _("%(count)s may fall in exam weeks", count=in_exams)
    if len(days) == SESSIONS:
        yield _("all %(count)s by %(day)s", count=spelled(SESSIONS), day=short_day(days[-1]))
    elif days:
        yield _("only %(fit)s of %(count)s in the terms that we know", fit=len(days), count=spelled(SESSIONS))
    else:
        yield _("no date in the terms that we know")


def _is_break(reason: str) -> bool:
    return reason == "half-term" or (reason.endswith("holiday") and not reason.startswith("bank"))


def _break_words(reason: str) -> str:
    return _("half-term break") if reason == "half-term" else reason
