"""Staff see which day and time suit those who wait, and the religious days beside the dates."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.calendar import faith_days
from tests.integration.cohorts.forming import add_parents, as_school, form_one, soon, typed

PAGE = "/school/groups/new/days"


@pytest.fixture
def senco(client_for, world, long_term):
    return client_for(world.school.senco)


@pytest.fixture
def a_faith_day(monkeypatch):
    """A group's second day is one, and the day after it, which is free."""
    days = (soon() + timedelta(days=7), soon() + timedelta(days=8))
    monkeypatch.setattr(
        faith_days,
        "words_of",
        lambda on: ("Eid al-Fitr, expected, give or take a day",) if on in days else (),
    )


def wish(connection, world, parent_id, days, times="{}"):
    as_school(
        connection,
        world.school.school_id,
        "insert into group_wish (school_id, parent_id, days, times, format, needs, by_name, changed_at)"
        " values (:school, :parent, :days, :times, 'either', '{}', '', now())",
        school=world.school.school_id,
        parent=parent_id,
        days=days,
        times=times,
    )


def test_the_day_that_suits_most_is_suggested_and_leads_to_a_filled_form(senco, connection, world):
    for parent_id in add_parents(connection, world.school.school_id, 3):
        wish(connection, world, parent_id, ["wed"], ["evening"])

    page = senco.get(PAGE).get_data(as_text=True)

    assert "Our suggestion" in page
    assert "3 of them said what suits them" in page
    assert "Wednesdays, 6pm" in page
    link = re.search(
        r'href="(/school/groups/new\?start_on=[^"]*starts_at=18:00[^"]*)"', page.replace("&amp;", "&")
    )
    assert link
    form = senco.get(link.group(1)).get_data(as_text=True)
    assert 'value="6pm"' in form


def test_the_page_takes_another_day_to_begin(senco):
    on = soon() + timedelta(days=28)
    page = senco.get(PAGE, query_string={"start_on": [on.day, on.month, on.year]}).get_data(as_text=True)

    assert f'value="{on.year}"' in page
    assert "There is a problem" not in page


@pytest.mark.parametrize(
    "typed_day", [["", "", ""], ["31", "2", "2027"], ["x"], ["1", "1", "1999999"], ["\0", "", ""]]
)
def test_a_day_that_cannot_be_is_answered_in_words_and_kept(senco, typed_day):
    answer = senco.get(PAGE, query_string={"start_on": typed_day})

    assert answer.status_code == 200
    assert "All days and times" in answer.get_data(as_text=True)


@pytest.mark.parametrize("asked", ["start_on=x&starts_at=99", "start_on=2027-13-01", "starts_at=%00"])
def test_a_form_opened_with_an_odd_day_is_the_usual_one(senco, asked):
    assert senco.get(f"/school/groups/new?{asked}").status_code == 200


def test_a_religious_day_stands_beside_a_proposed_date_and_stops_nothing(senco, a_faith_day):
    page = senco.post("/school/groups/new", data=typed(soon())).get_data(as_text=True)

    assert "Eid al-Fitr, expected, give or take a day" in page
    assert "They stop nothing" in page
    group = senco.get(f"/school/groups/{form_one(senco)}").get_data(as_text=True)
    assert "Eid al-Fitr, expected, give or take a day" in group


def test_a_religious_day_stands_beside_a_day_to_move_to(senco, a_faith_day):
    group = senco.get(f"/school/groups/{form_one(senco)}").get_data(as_text=True)
    move = re.findall(r'href="(/school/groups/sessions/[^"]+/move)"', group)[1]

    assert "Eid al-Fitr, expected" in senco.get(move).get_data(as_text=True)


def test_nobody_else_opens_it(client_for, world):
    for person in (world.school.facilitator, world.school.parent):
        assert client_for(person).get(PAGE).status_code in (403, 404)


def test_where_nobody_said_anything_nothing_is_suggested(senco, connection, world):
    add_parents(connection, world.school.school_id, 2)

    page = senco.get(PAGE).get_data(as_text=True)

    assert "None of them said yet what suits them" in page
    assert "Our suggestion" not in page
