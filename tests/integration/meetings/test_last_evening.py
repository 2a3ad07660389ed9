"""A group whose sessions are over, or that ends early on the evening of one: what took place stays."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from tests.integration.meetings.test_those_who_lead import marks_for, notes_are_written

ENDING = {"reason": "Nobody can lead it now", "what": "back"}


@pytest.fixture
def school(world):
    return world.school


@pytest.fixture
def group(school):
    return school.ids["cohort_id"]


@pytest.fixture
def sessions(look, school, group):
    asked = "select number, id, state from cohort_session where cohort_id = :id order by number"
    return lambda: {row.number: row for row in look(school.lead, asked, id=group)}


@pytest.fixture
def last_evening(connection, group, at):
    """Session 4 was the last that there is: over by the clock, and not closed."""
    connection.execute(text("set session authorization default"))
    connection.execute(
        text(
            "update cohort_session set on_date = on_date - 56,"
            " state = 'closed', closed_at = app.now() where cohort_id = :id and number > 4"
        ),
        {"id": group},
    )
    connection.execute(text("set session authorization wb_web"))
    at(19, 30)


def test_what_took_place_is_not_called_off_when_its_group_ends_early(
    at, client_for, school, group, sessions, look
):
    """Given an evening that is over and not closed
    When the school ends the group early
    Then the dates to come are called off and the evening is closed, registered and noted as any other."""
    at(19, 30)
    lead = client_for(school.lead)
    assert "is over and not closed yet" in lead.get(f"/school/groups/{group}/end-early").text

    assert lead.post(f"/school/groups/{group}/end-early", data=ENDING).status_code == 303

    stands = sessions()
    assert stands[4].state == "planned"
    assert {stands[number].state for number in (5, 6, 7, 8)} == {"cancelled"}
    leader, address = client_for(school.facilitator), f"/group/sessions/{stands[4].id}"
    assert "Close session 4" in leader.get("/group").text
    names = [
        row.first_name
        for row in look(
            school.lead,
            "select first_name from parent_contact where parent_id = :id",
            id=school.parent.person_id,
        )
    ]
    assert names[0] in leader.get(f"{address}/register").text
    marks = marks_for(school, parent="present", other_parent="absent")
    assert leader.post(f"{address}/register", data=marks).status_code == 303
    notes_are_written(leader, stands[4].id)
    assert leader.post(f"{address}/close").status_code == 303
    assert sessions()[4].state == "closed"
    asked = "select recipient_id from outbox where kind = 'notes_ready' and subject_id = :id"
    assert school.parent.person_id in {row.recipient_id for row in look(school.lead, asked, id=stands[4].id)}


def test_a_group_at_its_end_is_offered_nobody_and_no_early_end(
    last_evening, client_for, school, group, sessions
):
    """Given a group whose sessions are all over, the last not closed
    Then its page offers neither places nor an early end, and an old tab is refused both with what to do."""
    lead = client_for(school.lead)
    page = lead.get(f"/school/groups/{group}").text
    assert "End this group early" not in page
    assert "Offer places" not in page
    assert "Those who lead still have to close it." in page
    assert "This group has no more sessions." in lead.get(f"/school/groups/{group}/places").text
    assert "This group is at its end." in lead.get(f"/school/groups/{group}/end-early").text

    answer = lead.post(f"/school/groups/{group}/end-early", data=ENDING)

    assert answer.status_code != 303
    assert sessions()[4].state == "planned"


def test_one_whose_last_dates_were_called_off_may_still_end_early(
    last_evening, client_for, school, group, look, sessions
):
    look(
        school.lead,
        "update cohort_session set state = 'cancelled' where cohort_id = :id and number = 4",
        id=group,
    )
    lead = client_for(school.lead)
    assert "End this group early" in lead.get(f"/school/groups/{group}").text
    assert lead.post(f"/school/groups/{group}/end-early", data=ENDING).status_code == 303


def test_the_first_pages_of_the_last_evening_do_not_wait_for_dates(last_evening, client_for, school):
    """Given a group whose sessions are all over
    Then nobody reads that it has no dates yet, or that somebody will be there to welcome them."""
    for who, path in (
        (school.facilitator, "/group"),
        (school.lead, "/school"),
        (school.parent, "/my"),
        (school.parent, "/my/group"),
    ):
        page = client_for(who).get(path).text
        assert "They will be there to welcome you" not in page, path
        if who is not school.parent:
            assert "No more sessions" in page, path
    stats = client_for(school.lead).get("/school").text
    assert re.search(r"<dt>sessions to come</dt><dd>0", stats)


@pytest.mark.parametrize("hour", [12, 18, 20])
def test_a_group_that_is_over_meets_in_no_week_to_come(at, connection, client_for, school, group, hour):
    """Given a group with a week off before it
    When it ends early
    Then nobody is told any more in which week it would not meet."""
    at(hour)
    connection.execute(text("set session authorization default"))
    connection.execute(
        text("update cohort_session set on_date = on_date + 7 where cohort_id = :id and number > 5"),
        {"id": group},
    )
    connection.execute(text("set session authorization wb_web"))
    parent = client_for(school.parent)
    assert "No meeting on" in parent.get("/my/group").text

    client_for(school.lead).post(f"/school/groups/{group}/end-early", data=ENDING)

    assert "No meeting on" not in parent.get("/my/group").text
