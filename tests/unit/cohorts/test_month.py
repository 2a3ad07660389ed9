"""The calendar of a month: whole weeks, why a day is shut, what matters on it, and addresses that cannot be."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

import pytest

from app.calendar.school_year import Term
from app.cohorts.month import Meeting, lay_out, month_of, span_of
from app.cohorts.planning import SchoolCalendar

SPRING = Term("Spring 2027", date(2027, 1, 4), date(2027, 2, 15), date(2027, 2, 19), date(2027, 3, 25))
SUMMER = Term("Summer 2027", date(2027, 4, 12), date(2027, 5, 31), date(2027, 6, 4), date(2027, 7, 21))
CALENDAR = SchoolCalendar((SPRING, SUMMER), {date(2027, 3, 3): "Staff training"})
TODAY = date(2026, 11, 30)


def day_of(month, on: date):
    return next(day for week in month.weeks for day in week if day.on == on)


def test_a_month_is_shown_in_whole_weeks_from_monday():
    month = lay_out(date(2027, 3, 1), CALENDAR, [])

    assert all(len(week) == 7 and week[0].on.weekday() == 0 for week in month.weeks)
    assert span_of(date(2027, 5, 1)) == (date(2027, 4, 26), date(2027, 6, 6))
    assert (month.before, month.after) == (date(2027, 2, 1), date(2027, 4, 1))


def test_december_and_january_are_neighbours():
    assert lay_out(date(2026, 12, 1), CALENDAR, []).after == date(2027, 1, 1)
    assert lay_out(date(2027, 1, 1), CALENDAR, []).before == date(2026, 12, 1)


def test_each_day_says_why_it_is_shut():
    month = lay_out(date(2027, 3, 1), CALENDAR, [])

    assert day_of(month, date(2027, 3, 2)).shut == ""
    assert day_of(month, date(2027, 3, 3)).shut == "Staff training"
    assert day_of(month, date(2027, 3, 26)).shut == "Bank holiday, Good Friday"
    assert day_of(month, date(2027, 3, 30)).shut == "Easter holiday"
    assert day_of(month, date(2027, 3, 6)).shut == ""


def test_without_terms_no_day_is_said_to_be_unknown():
    month = lay_out(date(2027, 3, 1), SchoolCalendar((), {}), [])

    assert {day.shut for week in month.weeks for day in week} == {
        "",
        "Bank holiday, Good Friday",
        "Bank holiday, Easter Monday",
    }


def test_a_religious_day_and_a_session_stand_on_their_days():
    meeting = Meeting(
        date(2027, 3, 9), time(18), "Session 7 (January group)", UUID(int=1), is_cancelled=False
    )
    day = day_of(lay_out(date(2027, 3, 1), CALENDAR, [meeting]), date(2027, 3, 9))

    assert day.meetings == [meeting]
    assert day.faith == ("Eid al-Fitr, expected, give or take a day",)
    assert not day.is_empty


@pytest.mark.parametrize(
    "asked", ["", "x", "2027", "2027-13", "1900-01", "9999-12", "2027-01-01", "\0", "٢٠٢٧-٠١"]
)
def test_an_address_that_cannot_be_shows_this_month(asked):
    assert month_of(asked, TODAY) == date(2026, 11, 1)


def test_an_address_shows_its_month():
    assert month_of("2027-02", TODAY) == date(2027, 2, 1)


def test_a_fast_that_goes_on_makes_no_list_of_days():
    day = day_of(lay_out(date(2027, 2, 1), CALENDAR, []), date(2027, 2, 10))

    assert day.fast == "Ramadan"
    assert day.is_empty
    assert not day_of(lay_out(date(2027, 2, 1), CALENDAR, []), date(2027, 2, 8)).is_empty
