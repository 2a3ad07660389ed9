"""Windows: the closed stretches of time that releases are about, one to a school term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.calendar.school_year import typical_terms
from app.outcomes.disclosure.records import Window

#: By the month in which a term begins.
SEASONS = {"spring": range(1, 4), "summer": range(4, 8), "autumn": range(8, 13)}
#: How many school years back groups may have met.
YEARS_BACK = 4


@dataclass(frozen=True, slots=True)
class TermDates:
    """One term as an authority entered it."""

    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class TermWindow:
    """A window and the last day of its term; from the day after, it may be put together."""

    window: Window
    term_ends_on: date

    def is_over(self, today: date) -> bool:
        return self.term_ends_on < today


def windows_of(terms: Sequence[TermDates], today: date) -> list[TermWindow]:
    """Every window that has begun, oldest first.

    A window is a term and the holiday after it, so that every day is in one and no two share a day. Where the
    authority has entered no terms for a school year, the usual ones stand in.
    """
    known = {(term.starts_on.year, _season(term.starts_on)): term for term in terms}
    for year in range(today.year - YEARS_BACK, today.year + 1):
        for usual in typical_terms(year):
            key = (usual.starts_on.year, _season(usual.starts_on))
            known.setdefault(key, TermDates(usual.name, usual.starts_on, usual.ends_on))
    ordered = sorted(known.values(), key=lambda term: term.starts_on)
    windows = []
    for term, following in zip(ordered, [*ordered[1:], None], strict=True):
        last_day = following.starts_on - timedelta(days=1) if following else term.ends_on
        season = _season(term.starts_on)
        window = Window(
            id=f"{term.starts_on.year}-{season}",
            name=f"{season.capitalize()} term {term.starts_on.year}",
            starts_on=term.starts_on,
            ends_on=max(term.starts_on, last_day),
        )
        windows.append(TermWindow(window, term.ends_on))
    return [found for found in windows if found.window.starts_on <= today]


def find_window(windows: Sequence[TermWindow], key: str) -> TermWindow | None:
    """The window with this key (`2026-spring`), or None."""
    return next((found for found in windows if found.window.id == key), None)


def window_on(windows: Sequence[TermWindow], day: date) -> Window | None:
    """The window that a day belongs to, or None."""
    days = (found.window for found in windows)
    return next((window for window in days if window.starts_on <= day <= window.ends_on), None)


def _season(starts_on: date) -> str:
    return next(name for name, months in SEASONS.items() if starts_on.month in months)
