"""The school year: terms, half-terms, bank holidays, and why a school is closed on a day. Pure: dates in, dates out.

Term dates are read from a table, or worked out by the usual rule until an authority enters its own.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

NAMES = ("Autumn", "Spring", "Summer")
#: Between two terms that are further apart than this, a term is missing from what we were given.
LONGEST_HOLIDAY = timedelta(days=70)

ClosedDays = Mapping[date, str] | Collection[date]


class CalendarError(ValueError):
    """What was asked for cannot be. The message says what to change."""


@dataclass(frozen=True, slots=True)
class Term:
    """One school term, both days included; the half-term days are None where nobody told us."""

    name: str
    starts_on: date
    half_term_starts_on: date | None
    half_term_ends_on: date | None
    ends_on: date

    def __post_init__(self) -> None:
        first, last = self.half_term_starts_on, self.half_term_ends_on
        if self.starts_on >= self.ends_on:
            raise CalendarError(f"{self.name} must end after it starts.")
        if (first is None) != (last is None):
            raise CalendarError(f"{self.name} needs both the first and the last day of half-term.")
        if first is not None and last is not None and not self.starts_on < first <= last < self.ends_on:
            raise CalendarError(f"The half-term of {self.name} must lie inside the term.")

    def is_half_term(self, on: date) -> bool:
        return (
            self.half_term_starts_on is not None
            and self.half_term_ends_on is not None
            and self.half_term_starts_on <= on <= self.half_term_ends_on
        )


@lru_cache(maxsize=32)
def bank_holidays(year: int) -> Mapping[date, str]:
    """England's bank holidays in a year, substitute days among them, by name."""
    import holidays  # here, because it takes a third of a second that few processes need

    found = holidays.country_holidays("GB", subdiv="ENG", years=year)
    return {on: name.removesuffix(" (observed)") for on, name in sorted(found.items()) if on.year == year}


def closed_because(on: date, terms: Sequence[Term], closed_days: ClosedDays = ()) -> str | None:
    """Why there can be no session on `on`, in words for staff, or None when the school is open."""
    if on.weekday() > 4:
        return "weekend"
    if on in closed_days:
        return (closed_days[on] if isinstance(closed_days, Mapping) else "") or "INSET day"
    terms = sorted(terms, key=lambda term: term.starts_on)
    term = next((term for term in terms if term.starts_on <= on <= term.ends_on), None)
    if term and term.is_half_term(on):
        return "half-term"
    if terms and not term:
        before = max((term.ends_on for term in terms if term.ends_on < on), default=None)
        after = min((term.starts_on for term in terms if term.starts_on > on), default=None)
        return _holiday_name(before, after)
    if name := bank_holidays(on.year).get(on):
        return f"bank holiday, {name}"
    return None


@dataclass(frozen=True, slots=True)
class ShutDays:
    """Days on which a school is shut by what it or its council entered: single days, half-terms, holidays.

    For whoever speaks of a day that was free when it was chosen. Weekends and bank holidays nobody enters.
    """

    days: frozenset[date]
    terms: tuple[Term, ...] = ()

    def __contains__(self, on: date) -> bool:
        return on in self.days or _is_holiday(on, self.terms)


def _is_holiday(on: date, terms: Sequence[Term]) -> bool:
    if any(term.starts_on <= on <= term.ends_on for term in terms):
        return any(term.is_half_term(on) for term in terms)
    before = max((term.ends_on for term in terms if term.ends_on < on), default=None)
    after = min((term.starts_on for term in terms if term.starts_on > on), default=None)
    return before is not None and after is not None and after - before <= LONGEST_HOLIDAY


def in_order(terms: Sequence[Term]) -> list[Term]:
    """The terms by their days. Raises CalendarError where two overlap."""
    ordered = sorted(terms, key=lambda term: term.starts_on)
    for first, second in pairwise(ordered):
        if second.starts_on <= first.ends_on:
            raise CalendarError(f"{first.name} and {second.name} overlap. Correct their dates.")
    return ordered


def _holiday_name(before: date | None, after: date | None) -> str:
    """What the days between two terms are called."""
    if before is None or after is None or after - before > LONGEST_HOLIDAY:
        return "no term dates known"
    if before.year < after.year:
        return "Christmas holiday"
    if (before.month, before.day) < (8, 1) <= (after.month, after.day):
        return "summer holiday"
    return "Easter holiday" if before.month in (3, 4) else "school holiday"


@dataclass(frozen=True, slots=True)
class AreaTerms:
    """The three terms of one school year in one place, and where they were published."""

    area: str
    year: str
    source: str
    terms: tuple[Term, ...]


def read_terms(path: Path) -> list[AreaTerms]:
    """Every school year in a table like `demo/data/terms.csv`. Raises CalendarError with the bad line."""
    found = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restval="")
        for row in reader:
            try:
                terms = tuple(_term(row, name) for name in NAMES)
            except (KeyError, ValueError) as error:
                raise CalendarError(
                    f"Line {reader.line_num} of {path.name} is not understood: {error}"
                ) from None
            found.append(AreaTerms(row["area"], row["year"], row["source"], terms))
    return found


def typical_terms(first_year: int) -> tuple[Term, ...]:
    """The terms of the school year from September of `first_year`, by the rule most authorities keep.

    A suggestion to correct: against seven published calendars no date is more than a week off.
    """
    autumn, spring = first_year, first_year + 1
    last_october_monday = _on_or_before(date(autumn, 10, 31), 0)
    good_friday = next(on for on, name in bank_holidays(spring).items() if name == "Good Friday")
    late_may_monday = _on_or_before(date(spring, 5, 31), 0)
    third_february_monday = _on_or_after(date(spring, 2, 15), 0)
    easter_from, easter_to = _easter_break(good_friday)
    start = _on_or_after(date(spring, 1, 3), 0)
    if start in bank_holidays(spring):
        start += timedelta(days=1)
    return (
        Term(
            f"Autumn term {autumn}",
            _on_or_after(date(autumn, 9, 1), 2),
            last_october_monday,
            last_october_monday + timedelta(days=4),
            _on_or_before(date(autumn, 12, 20), 4),
        ),
        Term(
            f"Spring term {spring}",
            start,
            third_february_monday,
            third_february_monday + timedelta(days=4),
            easter_from,
        ),
        Term(
            f"Summer term {spring}",
            easter_to,
            late_may_monday,
            late_may_monday + timedelta(days=4),
            _on_or_after(date(spring, 7, 18), 2),
        ),
    )


def _easter_break(good_friday: date) -> tuple[date, date]:
    """The last day of spring term and the first of summer term: two weeks about Easter, early or late."""
    if good_friday.month == 3:
        return good_friday - timedelta(days=1), good_friday + timedelta(days=17)
    if good_friday.day >= 15:
        return good_friday - timedelta(days=14), good_friday + timedelta(days=4)
    return good_friday - timedelta(days=7), good_friday + timedelta(days=10)


def _on_or_after(on: date, weekday: int) -> date:
    return on + timedelta(days=(weekday - on.weekday()) % 7)


def _on_or_before(on: date, weekday: int) -> date:
    return on - timedelta(days=(on.weekday() - weekday) % 7)


def _term(row: dict[str, str], name: str) -> Term:
    key = name.lower()
    first, _, last = row[f"{key}_half_term"].partition("/")
    starts_on = date.fromisoformat(row[f"{key}_start"])
    return Term(
        f"{name} term {starts_on.year}",
        starts_on,
        date.fromisoformat(first) if first else None,
        date.fromisoformat(last) if last else None,
        date.fromisoformat(row[f"{key}_end"]),
    )
