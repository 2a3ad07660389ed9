"""A group is larger than usual, or begins with fewer, for a reason that its history keeps."""

from __future__ import annotations

import pytest

from tests.integration.cohorts.forming import add_facilitators, add_parents, form_one

REASON = "Two sisters come together"


@pytest.fixture
def senco(client_for, world, long_term):
    return client_for(world.school.senco)


@pytest.fixture
def group(senco) -> str:
    return f"/school/groups/{form_one(senco)}"


def change(senco, group, **others):
    return senco.post(
        f"{group}/change",
        data={"name": "Morning group", "room": "Library", "places": "8"} | others,
        follow_redirects=True,
    )


def test_more_places_than_usual_need_a_reason_that_is_kept(senco, group, world):
    # given a group of eight places; twelve are refused without a reason, and what was typed stays
    refused = change(senco, group, places="12")
    assert "Say why this one has more." in refused.text
    assert 'value="12"' in refused.text
    # letters that nobody sees are none
    assert (
        "Say why this one has more." in change(senco, group, places="12", places_reason="\u200b\u2060").text
    )
    # nor is a reason thrown away where none is needed
    assert "No reason is needed" in change(senco, group, places="9", places_reason=REASON).text
    # when a reason is given
    page = change(senco, group, places="12", places_reason=REASON)
    # then they are there, and the history says why and who
    assert "Places taken: 0 of 12" in page.text
    assert "More places than usual: 12" in page.text
    assert REASON in page.text
    # and to change the name, or to have fewer, nothing is asked
    assert "Saved." in change(senco, group, places="12", name="Owls").text
    assert "Saved." in change(senco, group, places="11", name="Owls").text
    # nor is there an end of reasons
    assert "from 8 to 14" in change(senco, group, places="15", places_reason=REASON).text


def test_a_group_begins_with_fewer_for_a_reason(senco, group, world, connection):
    # given two to lead it, and three parents
    school, cohort = world.school, group.rsplit("/", 1)[1]
    add_parents(connection, school.school_id, 3, cohort)
    for leader in add_facilitators(connection, school.school_id, 2):
        senco.post(f"{group}/facilitators", data={"facilitator": str(leader)})
    assert "Start with fewer" in senco.get(group).text
    asked = senco.get(f"{group}/start")
    assert "3 parents and carers have a place." in asked.text
    # when no reason is given, then it does not begin
    refused = senco.post(f"{group}/start")
    assert "Say why this one begins with fewer." in refused.text
    # when one is, then it does, and the history keeps it
    page = senco.post(f"{group}/start", data={"reason": REASON}, follow_redirects=True)
    assert "The group has started." in page.text
    assert "Begun with 3 parents" in page.text
    assert REASON in page.text


def test_a_full_group_begins_without_one(senco, group, world, connection):
    school, cohort = world.school, group.rsplit("/", 1)[1]
    add_parents(connection, school.school_id, 8, cohort)
    for leader in add_facilitators(connection, school.school_id, 2):
        senco.post(f"{group}/facilitators", data={"facilitator": str(leader)})
    assert "Everything is there." in senco.get(group).text
    assert "The group has started." in senco.post(f"{group}/start", follow_redirects=True).text


def test_a_group_that_nobody_was_in_is_deleted_with_its_reasons(senco, group):
    change(senco, group, places="12", places_reason=REASON)
    assert "The group is deleted." in senco.post(f"{group}/delete", follow_redirects=True).text


def test_a_group_that_has_begun_is_not_offered_to_start(client_for, world):
    cohort = world.school.ids["cohort_id"]

    answer = client_for(world.school.senco).get(f"/school/groups/{cohort}/start")

    assert answer.location == f"/school/groups/{cohort}"
