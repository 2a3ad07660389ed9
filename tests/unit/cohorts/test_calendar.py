"""Session dates fall on days when the school is open, and every day left out says why."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendar.school_year import CalendarError, Term, bank_holidays, closed_because
from app.cohorts.calendar import (
    next_open_date,
    propose_sessions,
    session_start_utc,
)

AUTUMN = Term(
    "Autumn term 2025", date(2025, 9, 3), date(2025, 10, 27), date(2025, 10, 31), date(2025, 12, 19)
)
SPRING = Term("Spring term 2026", date(2026, 1, 5), date(2026, 2, 16), date(2026, 2, 20), date(2026, 3, 27))
SUMMER = Term("Summer term 2026", date(2026, 4, 13), date(2026, 5, 25), date(2026, 5, 29), date(2026, 7, 22))
NEXT_AUTUMN = Term(
    "Autumn term 2026", date(2026, 9, 2), date(2026, 10, 26), date(2026, 10, 30), date(2026, 12, 18)
)
YEAR = (AUTUMN, SPRING, SUMMER)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)

# As published on gov.uk for England and Wales; the weekend days themselves and their substitutes.
PUBLISHED = Path(__file__).with_name("bank_holidays_england.csv")


def propose(start_on, weekday=None, **given):
    options: dict[str, Any] = {"starts_at": time(10), "terms": YEAR} | given
    weekday = start_on.weekday() if weekday is None else weekday
    return propose_sessions(start_on=start_on, weekday=weekday, **options)


def dates(proposal):
    return [session.on for session in proposal.sessions]


def test_eight_weeks_step_over_half_term_and_say_so():
    found = propose(date(2026, 1, 13))
    assert [f"{on:%d-%m}" for on in dates(found)] == [
        "13-01", "20-01", "27-01", "03-02", "10-02", "24-02", "03-03", "10-03"
    ]  # fmt: skip
    assert [session.number for session in found.sessions] == list(range(1, 9))
    assert found.skipped[0].words == "17 February: half-term"
    assert len(found.skipped) == 1
    assert found.warnings == ()
    assert found.summary == "Eight sessions, on Tuesdays from 13 January to 10 March 2026."


def test_sessions_last_ninety_minutes_unless_told_otherwise():
    first = propose(date(2026, 1, 13), starts_at=time(9, 45)).sessions[0]
    assert (first.starts_at, first.ends_at) == (time(9, 45), time(11, 15))
    assert propose(date(2026, 1, 13), minutes=60).sessions[0].ends_at == time(11)


def test_a_holiday_between_terms_is_named_and_a_long_break_is_pointed_out():
    found = propose(date(2026, 2, 23))
    assert found.skipped_words == ("30 March and 6 April: Easter holiday",)
    assert found.warnings == (
        "Sessions 5 and 6 are three weeks apart (23 March and 13 April). Plan to keep in touch with parents.",
    )


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        (date(2025, 12, 22), "Christmas holiday"),
        (date(2026, 4, 3), "Easter holiday"),
        (date(2026, 8, 31), "summer holiday"),
        (date(2026, 5, 25), "half-term"),
        (date(2026, 5, 4), "bank holiday, May Day"),
        (date(2026, 2, 20), "half-term"),
        (date(2026, 2, 23), None),
        (date(2026, 2, 21), "weekend"),
        (date(2025, 9, 3), None),
        (date(2025, 9, 2), "no term dates known"),
        (date(2026, 12, 18), None),
        (date(2026, 12, 21), "no term dates known"),
    ],
)
def test_a_closed_day_has_a_reason(on, reason):
    assert closed_because(on, (*YEAR, NEXT_AUTUMN)) == reason


def test_a_missing_term_is_not_called_a_holiday():
    assert closed_because(date(2026, 2, 2), (AUTUMN, SUMMER)) == "no term dates known"


def test_terms_may_come_in_any_order():
    assert propose(date(2026, 1, 13), terms=YEAR[::-1]) == propose(date(2026, 1, 13))


def test_inset_days_are_left_out_with_or_without_a_reason():
    assert (
        propose(date(2026, 1, 13), closed_days=[date(2026, 1, 20)]).skipped[0].words
        == "20 January: INSET day"
    )
    found = propose(date(2026, 1, 13), closed_days={date(2026, 1, 20): "polling station"})
    assert found.skipped[0].reason == "polling station"
    assert date(2026, 1, 20) not in dates(found)


def test_bank_holidays_within_term_are_left_out():
    found = propose(date(2026, 4, 20))
    assert "4 May: bank holiday, May Day" in found.skipped_words


def test_a_start_on_another_weekday_moves_to_the_right_one_and_says_so():
    found = propose(date(2026, 1, 12), TUESDAY)
    assert found.sessions[0].on == date(2026, 1, 13)
    assert found.warnings == (
        "12 January 2026 is a Monday, so the first session is on Tuesday 13 January 2026.",
    )


def test_a_start_in_a_holiday_begins_after_it_and_says_so():
    found = propose(date(2025, 12, 22))
    assert found.sessions[0].on == date(2026, 1, 5)
    assert found.warnings[0] == (
        "There is no session on 22 December (Christmas holiday), so the first is on Monday 5 January 2026."
    )


def test_a_weekend_start_is_taken_as_the_week_after():
    assert propose(date(2026, 1, 10), MONDAY).sessions[0].on == date(2026, 1, 12)


def test_a_start_before_the_first_known_term_begins_with_it():
    found = propose(date(2024, 1, 1), MONDAY)
    assert found.sessions[0].on == date(2025, 9, 8)
    assert (
        found.warnings[0]
        == "The start date, 1 January 2024, is before Autumn term 2025, the first that we know."
    )


def test_when_the_known_terms_end_the_dates_found_come_back_with_a_warning():
    found = propose(date(2026, 7, 1))
    assert dates(found) == [date(2026, 7, 1), date(2026, 7, 8), date(2026, 7, 15), date(2026, 7, 22)]
    assert found.warnings == (
        "Only four of the eight sessions can be before 22 July 2026, the last term date that we know."
        " Start earlier, or add the next terms.",
    )
    none = propose(date(2027, 1, 4))
    assert none.sessions == ()
    assert none.summary == "There is no date for a session."
    assert none.warnings[0].startswith("None of the eight sessions")


def test_sessions_run_on_into_the_next_school_year_when_its_terms_are_known():
    found = propose(date(2026, 7, 16), terms=(*YEAR, NEXT_AUTUMN))
    assert found.sessions[1].on == date(2026, 9, 3)
    assert found.skipped_words == ("23 July to 27 August: summer holiday",)
    assert "seven weeks apart" in found.warnings[0]


def test_without_terms_there_is_a_proposal_and_a_warning():
    found = propose(date(2025, 12, 18), terms=())
    assert len(found.sessions) == 8
    assert found.skipped_words == (
        "25 December: bank holiday, Christmas Day",
        "1 January: bank holiday, New Year's Day",
    )
    assert any("no term dates" in warning for warning in found.warnings)


def test_exam_weeks_are_a_warning_not_a_bar():
    found = propose(date(2026, 5, 1))
    assert len(found.sessions) == 8
    assert found.warnings == (
        "Six sessions (8 May to 19 June) may fall in exam weeks, from early May to late June."
        " Rooms and families may be busy.",
    )
    assert propose(date(2026, 6, 24), count=1).warnings[0].startswith("One session (24 June) may")
    assert propose(date(2026, 6, 26), count=3).warnings == ()


def test_an_unknown_half_term_is_pointed_out():
    bare = Term("Autumn term 2026", date(2026, 9, 7), None, None, date(2026, 12, 18))
    found = propose(date(2026, 9, 8), terms=(bare,))
    assert found.warnings == (
        "We do not know the half-term of Autumn term 2026. Check the dates against it.",
    )


def test_a_start_in_the_past_is_allowed_with_a_word():
    found = propose(date(2026, 1, 13), today=date(2026, 6, 1))
    assert len(found.sessions) == 8
    assert found.warnings == ("The start date, 13 January 2026, is in the past.",)
    assert propose(date(2026, 1, 13), today=date(2026, 1, 13)).warnings == ()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"weekday": 5}, "Monday to Friday"),
        ({"weekday": -1}, "Monday to Friday"),
        ({"count": 0}, "between 1 and 20"),
        ({"count": 21}, "between 1 and 20"),
        ({"minutes": 0}, "between 15 and 240"),
        ({"minutes": 300}, "between 15 and 240"),
        ({"starts_at": time(23)}, "after midnight"),
        ({"starts_at": time(22, 30)}, "after midnight"),
        ({"terms": (AUTUMN, AUTUMN)}, "overlap"),
    ],
)
def test_an_impossible_plan_says_what_to_change(options, said):
    with pytest.raises(CalendarError, match=said):
        propose(date(2026, 1, 13), **options)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((date(2026, 1, 5), None, None, date(2026, 1, 5)), "must end after it starts"),
        ((date(2026, 1, 5), date(2026, 2, 16), None, date(2026, 3, 27)), "both the first and the last"),
        ((date(2026, 1, 5), date(2026, 2, 20), date(2026, 2, 16), date(2026, 3, 27)), "inside the term"),
        ((date(2026, 1, 5), date(2026, 4, 1), date(2026, 4, 3), date(2026, 3, 27)), "inside the term"),
    ],
)
def test_a_term_out_of_order_is_refused(given, said):
    with pytest.raises(CalendarError, match=said):
        Term("Spring term", *given)


def test_one_session_and_two_years_are_put_into_words():
    assert propose(date(2026, 1, 13), count=1).summary == "One session, on Tuesday 13 January 2026."
    assert propose(date(2025, 12, 1)).summary == (
        "Eight sessions, on Mondays from 1 December 2025 to 2 February 2026."
    )


def test_moving_a_session_finds_the_next_open_day():
    assert next_open_date(date(2026, 2, 10), TUESDAY, YEAR) == date(2026, 2, 24)
    assert next_open_date(date(2026, 2, 10), THURSDAY, YEAR) == date(2026, 2, 12)
    assert next_open_date(date(2026, 2, 10), TUESDAY, YEAR, {date(2026, 2, 24): ""}) == date(2026, 3, 3)
    assert next_open_date(date(2026, 4, 27), MONDAY, YEAR) == date(2026, 5, 11)
    assert next_open_date(date(2026, 7, 22), WEDNESDAY, YEAR) is None
    assert next_open_date(date(2026, 12, 24), FRIDAY, ()) == date(2027, 1, 8)


def test_bank_holidays_are_those_that_are_published():
    with PUBLISHED.open(newline="") as file:
        published = {date.fromisoformat(row["date"]) for row in csv.DictReader(file)}
    found = {on for year in range(2024, 2029) for on in bank_holidays(year)}
    assert found == published
    assert bank_holidays(2027)[date(2027, 12, 28)] == "Boxing Day"


@pytest.mark.parametrize(
    ("on", "moment"),
    [
        (date(2026, 3, 27), datetime(2026, 3, 27, 10, tzinfo=UTC)),
        (date(2026, 3, 30), datetime(2026, 3, 30, 9, tzinfo=UTC)),
        (date(2026, 10, 23), datetime(2026, 10, 23, 9, tzinfo=UTC)),
        (date(2026, 10, 26), datetime(2026, 10, 26, 10, tzinfo=UTC)),
    ],
)
def test_ten_oclock_is_ten_oclock_on_the_wall_in_summer_and_winter(on, moment):
    assert session_start_utc(on, time(10)) == moment
    assert session_start_utc(on, time(10)).tzinfo is UTC


def test_times_that_the_clock_skips_or_repeats_have_one_reading():
    assert session_start_utc(date(2026, 3, 29), time(1, 30)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert session_start_utc(date(2026, 10, 25), time(1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@st.composite
def term_lists(draw):
    """Terms one after the other with real gaps, some without a half-term."""
    terms, on = [], draw(st.dates(date(2024, 1, 1), date(2026, 1, 1)))
    for number in range(draw(st.integers(0, 6))):
        starts_on = on + timedelta(days=draw(st.integers(3, 60)))
        length = draw(st.integers(20, 110))
        ends_on = starts_on + timedelta(days=length)
        half = (None, None)
        if draw(st.booleans()):
            first = starts_on + timedelta(days=draw(st.integers(1, length - 10)))
            half = (first, first + timedelta(days=draw(st.integers(0, 8))))
        terms.append(Term(f"Term {number}", starts_on, *half, ends_on))
        on = ends_on
    return draw(st.permutations(terms))


@settings(deadline=None, max_examples=150)
@given(
    terms=term_lists(),
    start_on=st.dates(date(2023, 6, 1), date(2027, 1, 1)),
    weekday=st.integers(0, 4),
    closed_days=st.sets(st.dates(date(2024, 1, 1), date(2027, 1, 1)), max_size=60),
    count=st.integers(1, 12),
)
def test_any_proposal_keeps_its_promises(terms, start_on, weekday, closed_days, count):
    found = propose_sessions(
        start_on=start_on,
        weekday=weekday,
        starts_at=time(13, 15),
        terms=terms,
        closed_days=closed_days,
        count=count,
    )
    proposed = dates(found)
    for on in proposed:
        assert on >= start_on
        assert on.weekday() == weekday
        assert on not in closed_days
        assert on not in bank_holidays(on.year)
        if terms:
            (term,) = [term for term in terms if term.starts_on <= on <= term.ends_on]
            assert not term.is_half_term(on)
    assert proposed == sorted(set(proposed))
    assert [session.number for session in found.sessions] == list(range(1, len(proposed) + 1))

    # Exactly as many as asked for when the terms allow, and always the earliest.
    last = max((term.ends_on for term in terms), default=date(2029, 1, 1))
    days = (start_on + timedelta(days=number) for number in range(max((last - start_on).days + 1, 0)))
    allowed = [
        on for on in days if on.weekday() == weekday and closed_because(on, terms, closed_days) is None
    ]
    assert proposed == allowed[:count]
    assert any("last term date" in warning for warning in found.warnings) == (len(proposed) < count)

    # Nothing vanishes without a word: each week from the first day looked at is a session or has a reason.
    if proposed:
        told = sorted(proposed + [skipped.on for skipped in found.skipped])
        assert all(second - first == timedelta(days=7) for first, second in pairwise(told))
    for on in proposed[:-1]:
        assert next_open_date(on, weekday, terms, closed_days) == proposed[proposed.index(on) + 1]
