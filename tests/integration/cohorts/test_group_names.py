"""No two groups of a school that are not over are called the same; what a group chooses is the same in every group."""

from __future__ import annotations

import re

import pytest

from tests.integration.cohorts.forming import as_school, form_one, soon, typed

TAKEN = "You have a group called “Library group” that is not over."


@pytest.fixture
def senco(client_for, world, long_term):
    return client_for(world.school.senco)


def _form(senco, name, **changes):
    answer = senco.post("/school/groups/new", data=typed(soon(), name=name, **changes))
    return re.sub(r"</?span[^>]*>", "", answer.get_data(as_text=True)), answer.status_code


@pytest.mark.parametrize("again", ["Library group", "  library   GROUP ", "Lïbrary-Gröup", "Librarygroup"])
@pytest.mark.parametrize("step", ["", "save"])
def test_a_name_that_another_group_has_is_refused_at_its_box_and_what_was_typed_stays(senco, again, step):
    form_one(senco, name="Library group")

    page, status = _form(senco, again, step=step)

    assert status == 200
    assert TAKEN in page
    assert 'href="#name"' in page
    assert 'value="Library"' in page
    assert senco.get("/school/groups").get_data(as_text=True).count("ibrary group</a>") == 1


@pytest.mark.parametrize("other", ["Library group 2", "Library groups", "Kütüphane"])
def test_another_name_is_taken(senco, other):
    form_one(senco, name="Library group")
    assert _form(senco, other, step="save")[1] == 303


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_the_name_of_a_group_that_is_over_is_free(senco, connection, world, state):
    first = form_one(senco, name="Library group")
    as_school(
        connection,
        world.school.school_id,
        "update cohort set state = :state, closed_at = now() where id = :id",
        id=first,
        state=state,
    )
    assert _form(senco, "Library group", step="save")[1] == 303


def test_a_group_is_not_called_what_another_is_called(senco):
    form_one(senco, name="Library group")
    other = f"/school/groups/{form_one(senco, name='Tuesday group')}/change"

    page = senco.post(other, data={"name": "LIBRARY GROUP", "room": "Library", "places": "8"})
    kept = senco.post(other, data={"name": "Tuesday Group", "room": "Library", "places": "8"})

    assert "Choose another name" in page.get_data(as_text=True)
    assert kept.status_code == 303, "its own name, with another capital"


def test_two_that_were_called_the_same_before_can_still_be_changed(senco, connection, world):
    form_one(senco, name="Library group")
    second = form_one(senco, name="Tuesday group")
    as_school(
        connection,
        world.school.school_id,
        "update cohort set name = 'Library group' where id = :id",
        id=second,
    )
    answer = senco.post(
        f"/school/groups/{second}/change", data={"name": "Library group", "room": "Hall", "places": "8"}
    )
    assert answer.status_code == 303


def test_in_every_group_the_same_themes_are_fixed(senco, world, client_for, session_for):
    form = senco.get("/school/groups/new").get_data(as_text=True)
    page = senco.get(f"/school/groups/{form_one(senco)}").get_data(as_text=True)

    assert "first group" not in form
    assert "Sessions 1 to 4 have fixed themes" in form
    assert "1 to 4 and the last are fixed. The group chooses 5 to 7." in page
    led = client_for(world.school.facilitator).get("/group/cohort").get_data(as_text=True)
    assert "The group chooses the topics of sessions 5 to 7; the others are fixed." in led
