"""Weekdays and times for a new group: whom they suit, and how its dates lie."""

from __future__ import annotations

from datetime import date

from app.calendar.school_year import Term
from app.cohorts.day_and_time import best_of, list_days
from app.cohorts.planning import SchoolCalendar
from app.recruitment.wishes import Wishes
from app.states.wishes import DayPart, Format

SPRING = Term("Spring 2027", date(2027, 1, 4), date(2027, 2, 15), date(2027, 2, 19), date(2027, 3, 25))
CALENDAR = SchoolCalendar((SPRING,), {})
MONDAY = date(2027, 1, 11)


def suits(rows, weekday: int, part: DayPart) -> int:
    return next(slot.suits for slot in rows[weekday].slots if slot.part == part)


def without_marks(words: str) -> str:
    """Without the marks that keep a day together."""
    return words.replace("\u2068", "").replace("\u2069", "")


def test_each_day_and_time_counts_whom_it_suits():
    waiting = [
        Wishes(days=("tue",), times=("evening",)),
        Wishes(days=("tue", "thu")),
        Wishes(),
        Wishes(format=Format.ONLINE),
    ]
    rows = list_days(CALENDAR, waiting, MONDAY)

    assert suits(rows, 1, DayPart.EVENING) == 3
    assert suits(rows, 1, DayPart.MORNING) == 2
    assert suits(rows, 0, DayPart.EVENING) == 1


def test_what_suits_most_is_suggested_and_of_two_alike_the_evening():
    best = best_of(list_days(CALENDAR, [Wishes(days=("wed",)), Wishes()], MONDAY))

    assert best is not None
    assert (best.row.weekday, best.slot.part, best.slot.suits) == (2, DayPart.EVENING, 2)


def test_how_many_dates_lie_before_the_break_is_said():
    # With its year, where that is not near the day on which this runs.
    said = without_marks(list_days(CALENDAR, [], MONDAY)[1].fit)
    assert said.removesuffix(" 2027") == "5 by the half-term break, all eight by Tue 9 Mar"


def test_a_day_on_which_not_all_fit_is_never_suggested():
    late = date(2027, 2, 22)
    rows = list_days(CALENDAR, [Wishes()], late)

    assert best_of(rows) is None
    assert rows[0].fit == "only 5 of eight in the terms that we know"


def test_after_the_last_term_there_is_no_date():
    rows = list_days(CALENDAR, [Wishes()], date(2027, 3, 26))

    assert [row.first_on for row in rows] == [None] * 5
    assert best_of(rows) is None


def test_nobody_who_waits_means_no_suggestion():
    assert best_of(list_days(CALENDAR, [], MONDAY)) is None


def test_a_religious_day_stands_beside_its_weekday_and_takes_nothing_away():
    row = list_days(CALENDAR, [Wishes()], MONDAY)[1]

    assert row.fits
    assert any("Eid al-Fitr" in note for note in row.notes)
    assert any("Ramadan" in note for note in row.notes)
