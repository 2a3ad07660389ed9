"""When the demo's groups meet: in terms that are over, around today, or next term."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from app.calendar.school_year import closed_because
from app.cohorts.calendar import WEEK, propose_sessions
from demo.borough import Borough
from demo.plan import Group

SESSIONS = 8
TUESDAY = 1
DAY = timedelta(days=1)


def closed_days(borough: Borough) -> dict[date, str]:
    """Days on which a school is closed within its terms: the Monday after each half-term."""
    found = {}
    for term in borough.terms:
        if term.half_term_ends_on:
            monday = term.half_term_ends_on + timedelta(days=3)
            found[monday] = "Staff training day"
    return found


def session_dates(borough: Borough, group: Group) -> list[date]:
    """The dates of the eight sessions, or none where they are not planned yet."""
    if group.when == "forming":
        return []
    if group.when == "running":
        return _around_today(borough, group)
    term = borough.next_term() if group.when == "next_term" else borough.term_that_was(group.when)
    # The second week leaves time to settle; a short term needs the first as well.
    for start in (term.starts_on + WEEK, term.starts_on):
        sessions = propose_sessions(
            start_on=start,
            weekday=group.weekday,
            starts_at=group.starts_at,
            terms=borough.terms,
            closed_days=closed_days(borough),
        ).sessions
        if len(sessions) == SESSIONS and sessions[-1].on <= term.ends_on:
            break
    return [session.on for session in sessions]


def moved_from(borough: Borough, group: Group) -> date | None:
    """The date that today's session had before, when the school is closed today: the demo has one every evening."""
    if group.when != "running" or group.next_in or not _is_closed(borough, borough.today):
        return None
    return next(on for on in _every(borough.today - DAY, -DAY) if _is_open(borough, on, TUESDAY))


def _around_today(borough: Borough, group: Group) -> list[date]:
    moved = moved_from(borough, group)
    upcoming = borough.today + timedelta(days=group.next_in)
    if not moved:
        upcoming = next(on for on in _every(upcoming, DAY) if not _is_closed(borough, on))
    weekday = TUESDAY if moved else upcoming.weekday()
    held: list[date] = []
    for on in _every((moved or upcoming) - DAY, -DAY):
        if len(held) == group.held:
            break
        if _is_open(borough, on, weekday):
            held.insert(0, on)
    dates = [*held, upcoming]
    for on in _every(upcoming + DAY, DAY):
        if len(dates) == SESSIONS:
            break
        if _is_open(borough, on, weekday):
            dates.append(on)
    return dates


def _every(start: date, step: timedelta) -> Iterator[date]:
    """Days from `start` on, for two years: by then every group has met."""
    return (start + index * step for index in range(730))


def _is_closed(borough: Borough, on: date) -> bool:
    return closed_because(on, borough.terms, closed_days(borough)) is not None


def _is_open(borough: Borough, on: date, weekday: int) -> bool:
    return on.weekday() == weekday and not _is_closed(borough, on)
