"""A parent says what suits them, or staff note it; staff read it where places are given."""

from __future__ import annotations

from datetime import time

import pytest

from app.recruitment.wishes import Wishes

SAID = {"days": ["mon", "tue"], "times": ["evening"], "format": "room", "needs": ["creche", "interpreter"]}
TUESDAY = 1


@pytest.fixture
def senco(client_for, world):
    return client_for(world.school.senco)


@pytest.fixture
def waiting(client_for, world, senco):
    """Somebody who gave up their place, and waits for another."""
    group = f"/school/groups/{world.school.ids['cohort_id']}"
    senco.post(f"{group}/parents/{world.school.parent.person_id}/remove", data={"to_stage": "waiting"})
    return client_for(world.school.parent)


def test_who_waits_says_what_suits_them_and_staff_read_it_where_places_are_given(waiting, senco, world):
    # given somebody who waits and has not been asked
    assert "When would a group suit you?" in waiting.get("/my").text
    # when they say it
    page = waiting.post("/my/wishes", data=SAID, follow_redirects=True)
    # then it stays, and is not asked again
    assert "Saved. You can change this on any day." in page.text
    assert page.text.count(" checked") == 6
    assert "When would a group suit you?" not in waiting.get("/my").text
    # and staff read it beside the name, with the interpreter and since when they wait
    places = senco.get(f"/school/groups/{world.school.ids['forming_cohort_id']}/places").text
    assert "Monday, Tuesday · evenings · In the room only · Needs childcare" in places
    assert "Would like an interpreter" in places
    assert "Since " in places


def test_staff_note_what_they_heard_and_the_parent_reads_it(waiting, senco, world):
    theirs = f"/school/parents/{world.school.parent.person_id}"
    assert "Not said yet" in senco.get(theirs).text

    page = senco.post(f"{theirs}/wishes", data=SAID, follow_redirects=True)

    assert "Noted." in page.text
    assert f"(noted by {world.school.senco.name})" in page.text
    assert 'value="creche" checked' in waiting.get("/my/wishes").text
    assert "What suits you" in waiting.get("/my/data").text


def test_nothing_chosen_of_how_to_meet_is_asked_for(waiting):
    page = waiting.post("/my/wishes", data=SAID | {"format": ""})
    assert "Choose how you would like to meet" in page.text
    assert 'value="creche" checked' in page.text, "what was ticked stays"


def test_who_left_is_asked_nothing_of_the_kind(client_for, world, senco):
    group = f"/school/groups/{world.school.ids['cohort_id']}"
    senco.post(f"{group}/parents/{world.school.parent.person_id}/remove", data={"to_stage": "left"})
    assert client_for(world.school.parent).get("/my/wishes").location == "/my"


@pytest.mark.parametrize(
    ("wishes", "suits"),
    [
        (Wishes(), True),
        (Wishes(days=("tue",), times=("evening",)), True),
        (Wishes(days=("mon",)), False),
        (Wishes(times=("morning",)), False),
        (Wishes(format="online"), False),
        (Wishes(format="room"), True),
    ],
)
def test_a_group_suits_by_its_day_and_time(wishes, suits):
    assert wishes.suits(TUESDAY, time(18)) is suits
