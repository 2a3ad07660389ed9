"""The calendar of a month: a school reads its groups, its council which school meets, and nobody else's."""

from __future__ import annotations

import re

import pytest

from tests.integration.cohorts.forming import form_one, soon

SCHOOL, COUNCIL = "/school/groups/calendar", "/authority/calendar"


@pytest.fixture
def senco(client_for, world, long_term):
    return client_for(world.school.senco)


@pytest.fixture
def group(senco):
    return form_one(senco, name="Morning group", room="The blue room")


def in_its_month(client, page: str) -> str:
    return client.get(page, query_string={"month": f"{soon():%Y-%m}"}).get_data(as_text=True)


def test_a_school_reads_its_sessions_with_links_to_the_group(senco, group):
    page = in_its_month(senco, SCHOOL)

    assert "Session 1 (Morning group)" in page
    assert f'href="/school/groups/{group}"' in page
    assert 'href="/dates"' in page


def test_a_day_that_the_school_closed_says_why(senco, group, connection, world):
    assert "Bank holiday, Christmas Day" in senco.get(f"{SCHOOL}?month=2026-12").get_data(as_text=True)


def test_months_are_turned_by_links(senco):
    page = senco.get(f"{SCHOOL}?month=2026-12").get_data(as_text=True)

    assert 'href="/school/groups/calendar?month=2027-01"' in page
    assert 'href="/school/groups/calendar?month=2026-11"' in page


@pytest.mark.parametrize("asked", ["x", "0000-00", "2027-1", "%00", "99999-01"])
def test_an_odd_month_is_this_month(senco, asked):
    answer = senco.get(f"{SCHOOL}?month={asked}")

    assert answer.status_code == 200
    assert 'aria-current="date"' in answer.get_data(as_text=True)


def test_a_council_reads_which_school_meets_and_no_word_of_the_school(client_for, world, group):
    page = in_its_month(client_for(world.authority.admin), COUNCIL)

    assert re.search(re.escape(world.school.name) + r", session 1", page)
    assert "Morning group" not in page
    assert "blue room" not in page
    assert f'href="/authority/schools/{world.school.school_id}"' in page
    assert 'href="/dates"' in page


def test_another_council_reads_nothing_of_it(client_for, world, group):
    page = in_its_month(client_for(world.other_authority.admin), COUNCIL)

    assert world.school.name not in page


def test_a_school_does_not_read_the_calendar_of_another(client_for, world, group):
    page = in_its_month(client_for(world.other_school.senco), SCHOOL)

    assert "Morning group" not in page


def test_a_week_without_anything_in_it_is_no_row_of_the_list_on_a_phone(senco):
    """A row without a cell that can be seen is an error for whoever hears the page."""
    page = senco.get(f"{SCHOOL}?month=2028-02").get_data(as_text=True)
    weeks = page.split("<tbody", 1)[1].split("</tbody>")[0].split("<tr")[1:]

    for week in weeks:
        days = [day for day in week.split("<td")[1:] if "wb-month__day--other" not in day]
        assert ("wb-month__week--empty" in week) is all("wb-month__day--empty" in day for day in days)


def test_beyond_the_terms_that_are_known_a_month_says_so(senco):
    assert "We know the school holidays until" in senco.get(f"{SCHOOL}?month=2029-08").get_data(as_text=True)


@pytest.mark.parametrize(("asked", "words"), [("2027-03", "Ramadan, expected: until"), ("2026-11", "")])
def test_a_fast_that_goes_on_is_named_once_with_its_last_day(senco, asked, words):
    page = senco.get(f"{SCHOOL}?month={asked}").get_data(as_text=True)

    assert words in page
    assert page.count("expected: until") == bool(words)
