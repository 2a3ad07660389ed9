"""The register of a session is of who had a place while it was: a later joiner is not on it, somebody taken out is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from infra.clock import now
from tests.integration.meetings.test_those_who_lead import marks_for, notes_are_written

NO_MARK = "No mark yet"


@pytest.fixture
def school(world):
    return world.school


@pytest.fixture
def tonight_id(look, school):
    asked = "select id from cohort_session where cohort_id = :id and number = 4"
    return look(school.facilitator, asked, id=school.ids["cohort_id"])[0].id


@pytest.fixture
def take_out(client_for, school):
    """The school takes somebody out of the group."""

    def press(member="other_parent"):
        address = f"/school/groups/{school.ids['cohort_id']}/parents/{school.people[member].person_id}/remove"
        data = {"to_stage": "waiting", "reason": "They wait for another group"}
        assert client_for(school.lead).post(address, data=data).status_code == 303

    return press


@pytest.fixture
def join(connection, school):
    """Somebody who finished another group gets a place in this one."""

    def press(at=None, *, parent="graduate", left_at=None):
        connection.execute(text("set session authorization default"))
        connection.execute(
            text(
                "insert into enrolment (school_id, id, cohort_id, parent_id, joined_at, left_at, status)"
                " values (:school, gen_random_uuid(), :cohort, :parent, :at, cast(:left as timestamptz),"
                " case when cast(:left as timestamptz) is null then 'in_group' else 'left' end)"
                " on conflict (school_id, cohort_id, parent_id) do update set joined_at = excluded.joined_at,"
                " left_at = excluded.left_at, status = excluded.status"
            ),
            {
                "school": school.school_id,
                "cohort": school.ids["cohort_id"],
                "parent": school.people[parent].person_id,
                "at": at or now(),
                "left": left_at,
            },
        )
        connection.execute(text("set session authorization wb_web"))

    return press


def name_of(look, school, member):
    asked = "select first_name || ' ' || last_name as name from parent_contact where parent_id = :id"
    return look(school.lead, asked, id=school.people[member].person_id)[0].name


def test_who_left_since_stays_on_it_and_who_joined_since_does_not(
    at, client_for, school, tonight_id, look, take_out, join
):
    out, late = name_of(look, school, "other_parent"), name_of(look, school, "graduate")
    at(19, 30)
    leader = client_for(school.facilitator)
    address = f"/group/sessions/{tonight_id}"
    leader.post(f"{address}/register", data=marks_for(school, parent="present", other_parent="apology"))
    notes_are_written(leader, tonight_id)
    assert leader.post(f"{address}/close").status_code == 303

    at(19, 45)
    take_out()
    join()
    closed = leader.get(f"{address}/close").text
    assert NO_MARK not in closed
    assert "1 of 2 were here" in closed
    assert leader.post(f"{address}/reopen").status_code == 303
    page = leader.get(f"{address}/register").text
    assert out in page
    assert late not in page
    # Private on paper: only just after signing in.
    sheet = client_for(school.facilitator).get(f"{address}/register/print").text
    assert out in sheet
    assert "Sent apologies" in sheet
    assert late not in sheet

    # Their mark can be put right, and nobody has to invent one.
    key = school.people["other_parent"].person_id.hex
    put_right = marks_for(school, other_parent="late") | {f"kept_{key}": "apology"}
    assert leader.post(f"{address}/register", data=put_right).status_code == 303
    assert leader.post(f"{address}/register", data=marks_for(school, graduate="present")).status_code == 303
    asked = "select parent_id, mark from attendance where session_id = :id"
    assert {row.parent_id: row.mark for row in look(school.facilitator, asked, id=tonight_id)} == {
        school.parent.person_id: "present",
        school.people["other_parent"].person_id: "late",
    }
    assert leader.post(f"{address}/close").status_code == 303
    assert "2 of 2 were here" in leader.get(f"{address}/close").text


def test_thanks_and_notes_of_it_go_to_who_had_a_place_then_and_has_it_now(
    at, client_for, school, tonight_id, look, take_out, join
):
    at(19, 30)
    leader = client_for(school.facilitator)
    address = f"/group/sessions/{tonight_id}"
    leader.post(f"{address}/register", data=marks_for(school, parent="present", other_parent="present"))
    notes_are_written(leader, tonight_id)
    take_out()
    join()
    assert leader.post(f"{address}/close").status_code == 303
    asked = "select recipient_id from outbox where kind = 'notes_ready' and subject_id = :id"
    assert {row.recipient_id for row in look(school.lead, asked, id=tonight_id)} == {school.parent.person_id}


def test_a_name_of_somebody_who_left_opens_nothing_else_of_them(
    at, client_for, school, world, tonight_id, look, take_out
):
    at(19, 30)
    take_out()
    person = school.people["other_parent"].person_id
    named = "select parent_id, name, known_as from app.names_of_left(:id)"
    assert [row.parent_id for row in look(school.facilitator, named, id=tonight_id)] == [person]
    assert look(school.facilitator, "select 1 from parent_contact where parent_id = :id", id=person) == []
    # No name on a session to come, nor to somebody who leads another school's group.
    assert look(school.facilitator, named, id=school.ids["next_session_id"]) == []
    assert look(world.sibling_school.facilitator, named, id=tonight_id) == []
    group = client_for(school.facilitator).get(f"/group/cohorts/{school.ids['cohort_id']}/contacts").text
    assert name_of(look, school, "other_parent") not in group


def test_a_place_given_back_before_the_start_is_not_on_it_also_with_a_mark_from_the_morning(
    at, client_for, school, tonight_id, look, take_out
):
    out = name_of(look, school, "other_parent")
    at(9)
    leader = client_for(school.facilitator)
    leader.post(f"/group/sessions/{tonight_id}/register", data=marks_for(school, other_parent="apology"))
    at(12)
    take_out()
    at(19, 30)
    leader = client_for(school.facilitator)
    page = leader.get(f"/group/sessions/{tonight_id}/register").text
    assert out not in page
    leader.post(f"/group/sessions/{tonight_id}/register", data=marks_for(school, parent="present"))
    assert "1 of 1 were here" in leader.get(f"/group/sessions/{tonight_id}/close").text


def test_who_joined_while_it_was_going_on_may_be_marked_and_need_not(
    at, client_for, school, tonight_id, look, join
):
    at(18)
    join()
    at(19, 30)
    leader = client_for(school.facilitator)
    address = f"/group/sessions/{tonight_id}"
    assert name_of(look, school, "graduate") in leader.get(f"{address}/register").text
    leader.post(f"{address}/register", data=marks_for(school, parent="present", other_parent="absent"))
    assert NO_MARK not in leader.get(f"{address}/close").text
    leader.post(f"{address}/register", data=marks_for(school, graduate="late"))
    assert "2 of 3 were here" in leader.get(f"{address}/close").text


def test_who_gave_a_place_back_and_took_it_again_keeps_their_mark(
    at, client_for, school, tonight_id, look, join
):
    at(19, 30)
    leader = client_for(school.facilitator)
    address = f"/group/sessions/{tonight_id}"
    leader.post(f"{address}/register", data=marks_for(school, parent="present", other_parent="present"))
    join(now() + timedelta(minutes=5), parent="other_parent")
    assert "2 of 2 were here" in leader.get(f"{address}/close").text


def test_the_schools_paper_has_who_had_a_place_on_that_day(
    at, client_for, school, tonight_id, look, take_out, join
):
    out, late = name_of(look, school, "other_parent"), name_of(look, school, "graduate")
    at(19, 30)
    take_out()
    join()
    staff = client_for(school.lead)
    page = staff.get(f"/school/groups/sessions/{tonight_id}/register").text
    assert out in page
    assert late not in page
    to_come = staff.get(f"/school/groups/sessions/{school.ids['next_session_id']}/register").text
    assert out not in to_come
    assert late in to_come
