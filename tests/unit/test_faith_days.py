"""Days that matter by faith or tradition: as published, two years ahead, and never a reason against a date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.calendar import faith_days
from app.calendar.school_year import closed_because
from app.cohorts.hints import hints_on
from infra.clock import today


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 2, 17), "Lunar New Year"),
        (date(2026, 3, 20), "Eid al-Fitr, expected, give or take a day"),
        (date(2026, 4, 1), "Passover begins at sunset"),
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 12), "Orthodox Easter"),
        (date(2026, 4, 14), "Vaisakhi"),
        (date(2026, 5, 26), "Eid al-Adha may be on this day"),
        (date(2026, 5, 27), "Eid al-Adha, expected, give or take a day"),
        (date(2026, 5, 31), "Wesak"),
        (date(2026, 9, 11), "Rosh Hashanah begins at sunset"),
        (date(2026, 9, 13), "Rosh Hashanah"),
        (date(2026, 9, 20), "Yom Kippur begins at sunset"),
        (date(2026, 9, 21), "Yom Kippur"),
        (date(2026, 11, 8), "Diwali and Bandi Chhor Divas"),
        (date(2027, 2, 6), "Lunar New Year"),
        (date(2027, 2, 7), "Ramadan may begin on this day"),
        (date(2027, 2, 8), "Ramadan begins, expected, give or take a day"),
        (date(2027, 2, 9), "Ramadan, expected: those who fast eat after sunset"),
        (date(2027, 3, 9), "Eid al-Fitr, expected, give or take a day"),
        (date(2027, 5, 2), "Orthodox Easter"),
        (date(2027, 10, 29), "Diwali and Bandi Chhor Divas"),
    ],
)
def test_a_day_is_told_of_as_it_was_published(on, words):
    assert words in faith_days.words_of(on)


def test_most_days_have_nothing_to_say():
    assert faith_days.words_of(date(2027, 1, 12)) == ()


def test_ramadan_goes_to_the_day_before_eid_and_may_cross_the_new_year():
    assert any("Ramadan" in words for words in faith_days.words_of(date(2031, 1, 2)))
    assert not any("Ramadan," in words for words in faith_days.words_of(date(2027, 3, 9)))


def test_two_lunar_years_that_begin_in_one_of_ours_are_both_known():
    assert any("Ramadan," in words for words in faith_days.words_of(date(2030, 1, 10)))
    assert any("Ramadan," in words for words in faith_days.words_of(date(2030, 12, 28)))


def test_the_days_reach_at_least_two_years_ahead():
    """Red: a newer release of the library of holidays knows more years."""
    assert faith_days.known_until() >= today() + timedelta(days=730)


def test_a_day_beyond_what_is_known_says_so():
    late = faith_days.known_until() + timedelta(days=30)

    assert "We know the religious days until" in hints_on([date(2027, 1, 12), late]).beyond
    assert not hints_on([date(2027, 1, 12)]).beyond


def test_a_religious_day_closes_no_school():
    """Good Friday is a bank holiday; no other of them is a reason against a date."""
    assert closed_because(date(2026, 9, 21), ()) is None
    assert closed_because(date(2027, 3, 9), ()) is None
