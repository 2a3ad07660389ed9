"""Term dates: read from a table, or worked out by the usual rule until an authority enters its own."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from app.cohorts.calendar import CalendarError, Term, bank_holidays

NAMES = ("Autumn", "Spring", "Summer")


@dataclass(frozen=True, slots=True)
class AreaTerms:
    """The three terms of one school year in one place, and where they were published."""

    area: str
    year: str
    source: str
    terms: tuple[Term, ...]


def read_terms(path: Path) -> list[AreaTerms]:
    """Every school year in a table like `app/demo/data/terms.csv`. Raises CalendarError with the bad line."""
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
