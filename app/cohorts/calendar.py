"""Proposes the dates of a group's sessions round half-terms, holidays, bank holidays and closed days.

Pure: dates in, dates out. A session is a date and a time on the clock in England; only `session_start_utc`
knows of summer time. Messages are words for staff.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, pairwise

from app.calendar.school_year import CalendarError, ClosedDays, Term, closed_because, in_order
from app.programme.numbers import SESSION_MINUTES, SESSIONS
from infra.clock import LONDON

WEEK = timedelta(days=7)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: GCSEs and A levels, about; (month, day) of the first and last. The boards set new dates each year.
EXAMS_FROM, EXAMS_TO = (5, 7), (6, 25)
MOST_SESSIONS = 20
LONGEST_MINUTES = 240
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class ProposedSession:
    """One session: `number` counts from 1, the times are those on the wall."""

    number: int
    on: date
    starts_at: time
    ends_at: time


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day of the right weekday on which there is no session, and why."""

    on: date
    reason: str

    @property
    def words(self) -> str:
        return f"{day_words(self.on)}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """The dates found, the days left out between them, and what staff should look at."""

    sessions: tuple[ProposedSession, ...]
    skipped: tuple[Skipped, ...]
    warnings: tuple[str, ...]

    @property
    def summary(self) -> str:
        """One sentence: how many, which day, from when to when."""
        if not self.sessions:
            return "There is no date for a session."
        first, last = self.sessions[0].on, self.sessions[-1].on
        if first == last:
            return f"One session, on {DAYS[first.weekday()]} {day_words(first)} {first.year}."
        years = f"{day_words(first)}{'' if first.year == last.year else f' {first.year}'}"
        return (
            f"{_count(len(self.sessions), 'session').capitalize()}, on {DAYS[first.weekday()]}s"
            f" from {years} to {day_words(last)} {last.year}."
        )

    @property
    def skipped_words(self) -> tuple[str, ...]:
        """The days left out, neighbours with one reason together: *20 July to 31 August: summer holiday*."""
        found = []
        for reason, days in groupby(self.skipped, key=lambda skipped: skipped.reason):
            first, *rest = [day.on for day in days]
            tail = f"{' and ' if len(rest) == 1 else ' to '}{day_words(rest[-1])}" if rest else ""
            found.append(f"{day_words(first)}{tail}: {reason}")
        return tuple(found)


def day_words(on: date) -> str:
    """*16 February*."""
    return f"{on.day} {on:%B}"


def propose_sessions(
    *,
    start_on: date,
    weekday: int,
    starts_at: time,
    terms: Sequence[Term],
    closed_days: ClosedDays = (),
    count: int = SESSIONS,
    minutes: int = SESSION_MINUTES,
    today: date | None = None,
) -> Proposal:
    """`count` weekly sessions on `weekday` (Monday is 0) from `start_on`, on days when the school is open.

    `closed_days` are INSET days and the like, with or without a reason each. Fewer sessions come back where
    the known terms end too soon; a warning says so. Without any terms only bank holidays and closed days are
    avoided. Raises CalendarError for a weekend, a session past midnight, odd numbers, overlapping terms.
    """
    ends_at = _ends_at(starts_at, minutes)
    if not 1 <= count <= MOST_SESSIONS:
        raise CalendarError(f"Choose between 1 and {MOST_SESSIONS} sessions.")
    terms = in_order(terms)
    warnings = []
    if today is not None and start_on < today:
        warnings.append(f"The start date, {_full(start_on)}, is in the past.")
    from_on = start_on
    if terms and start_on < terms[0].starts_on:
        from_on = terms[0].starts_on
        warnings.append(
            f"The start date, {_full(start_on)}, is before {terms[0].name}, the first that we know."
        )
    sessions: list[ProposedSession] = []
    skipped: list[Skipped] = []
    for on in _weekly(from_on, weekday, terms[-1].ends_on if terms else None):
        if reason := closed_because(on, terms, closed_days):
            skipped.append(Skipped(on, reason))
            continue
        sessions.append(ProposedSession(len(sessions) + 1, on, starts_at, ends_at))
        if len(sessions) == count:
            break
    warnings += _start_warnings(sessions, skipped, start_on, weekday)
    warnings += _shortfall(sessions, count, terms)
    warnings += _gap_warnings(sessions)
    warnings += _term_warnings(sessions, terms)
    return Proposal(tuple(sessions), tuple(skipped), tuple(warnings))


def next_open_date(
    after: date, weekday: int, terms: Sequence[Term], closed_days: ClosedDays = ()
) -> date | None:
    """The first `weekday` later than `after` on which the school is open, or None in the known terms."""
    terms = in_order(terms)
    start = after + timedelta(days=1)
    for on in _weekly(start, weekday, terms[-1].ends_on if terms else None):
        if closed_because(on, terms, closed_days) is None:
            return on
    return None


def session_start_utc(on: date, starts_at: time) -> datetime:
    """The moment at which a session on `on` at `starts_at`, as the clock in England shows it, begins.

    A time that the clock skips in March is read an hour later, one that comes twice in October as the first.
    """
    return datetime.combine(on, starts_at.replace(tzinfo=None), tzinfo=LONDON).astimezone(UTC)


def _weekly(start: date, weekday: int, last: date | None) -> Iterator[date]:
    """Each `weekday` from `start` to `last`, or for two years. Raises CalendarError for a weekend."""
    if not 0 <= weekday <= 4:
        raise CalendarError("Schools are closed at weekends. Choose a day from Monday to Friday.")
    on = start + timedelta(days=(weekday - start.weekday()) % 7)
    last = last or start + 104 * WEEK
    while on <= last:
        yield on
        on += WEEK


def _ends_at(starts_at: time, minutes: int) -> time:
    if not 15 <= minutes <= LONGEST_MINUTES:
        raise CalendarError(f"A session lasts between 15 and {LONGEST_MINUTES} minutes.")
    start = datetime.combine(date.min, starts_at.replace(tzinfo=None))
    end = start + timedelta(minutes=minutes)
    if end.date() != start.date():
        raise CalendarError("The session would end after midnight. Choose an earlier time.")
    return end.time()


def _start_warnings(
    sessions: list[ProposedSession], skipped: list[Skipped], start_on: date, weekday: int
) -> Iterator[str]:
    if not sessions:
        return
    first = sessions[0].on
    if skipped and skipped[0].on < first:
        yield (
            f"There is no session on {day_words(skipped[0].on)} ({skipped[0].reason}),"
            f" so the first is on {DAYS[weekday]} {_full(first)}."
        )
    elif start_on.weekday() != weekday:
        yield (
            f"{_full(start_on)} is a {DAYS[start_on.weekday()]},"
            f" so the first session is on {DAYS[weekday]} {_full(first)}."
        )


def _shortfall(sessions: list[ProposedSession], count: int, terms: list[Term]) -> Iterator[str]:
    if not terms:
        yield "We have no term dates. Check these dates against half-terms and holidays, or add the terms."
    elif len(sessions) < count:
        found = f"Only {_count(len(sessions))} of the" if sessions else "None of the"
        yield (
            f"{found} {_count(count, 'session')} can be before {_full(terms[-1].ends_on)},"
            " the last term date that we know. Start earlier, or add the next terms."
        )


def _gap_warnings(sessions: list[ProposedSession]) -> Iterator[str]:
    """One break of a week is usual; parents need a word for a longer one."""
    for first, second in pairwise(sessions):
        weeks = (second.on - first.on) // WEEK
        if weeks > 2:
            yield (
                f"Sessions {first.number} and {second.number} are {_count(weeks, 'week')} apart"
                f" ({day_words(first.on)} and {day_words(second.on)}). Plan to keep in touch with parents."
            )


def is_in_exams(on: date) -> bool:
    """Whether schools may hold exams on that day."""
    return EXAMS_FROM <= (on.month, on.day) <= EXAMS_TO


def _term_warnings(sessions: list[ProposedSession], terms: list[Term]) -> Iterator[str]:
    used = [term for term in terms if any(term.starts_on <= one.on <= term.ends_on for one in sessions)]
    for term in used:
        if term.half_term_starts_on is None:
            yield f"We do not know the half-term of {term.name}. Check the dates against it."
    exams = [one.on for one in sessions if is_in_exams(one.on)]
    if exams:
        days = day_words(exams[0]) if len(exams) == 1 else f"{day_words(exams[0])} to {day_words(exams[-1])}"
        yield (
            f"{_count(len(exams), 'session').capitalize()} ({days}) may fall in exam weeks, from early May to"
            " late June. Rooms and families may be busy."
        )


def _full(on: date) -> str:
    return f"{day_words(on)} {on.year}"


def _count(number: int, of: str = "") -> str:
    word = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{word} {of}{'' if number == 1 else 's'}" if of else word
