"""Those who lead: the room companion, the register, the notes, closing a session once, topics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from infra.ids import new_id
from tests.support.client import PageClient
from tests.support.world import School, World

Look = Callable[..., list[Any]]
SECRET_WORDS = "Stress does not stop by itself."


@pytest.fixture
def school(world: World) -> School:
    return world.school


@pytest.fixture
def tonight_id(look: Look, school: School) -> UUID:
    """The session of the running group that is today: the fourth."""
    asked = "select id from cohort_session where cohort_id = :id and number = 4"
    return look(school.facilitator, asked, id=school.ids["cohort_id"])[0].id


@pytest.fixture
def leader(client_for: Callable[..., PageClient], school: School, after_the_session: object) -> PageClient:
    """Somebody who leads, on the evening, when session 4 is over and not closed."""
    return client_for(school.facilitator)


def marks_for(school: School, **marks: str) -> dict[str, str]:
    return {f"mark_{school.people[name].person_id.hex}": mark for name, mark in marks.items()}


def everybody_is_marked(leader: PageClient, school: School, session_id: UUID) -> None:
    sent = marks_for(school, parent="present", other_parent="absent")
    assert leader.post(f"/group/sessions/{session_id}/register", data=sent).status_code == 303


def notes_are_written(leader: PageClient, session_id: UUID) -> None:
    sent = {"main_points": SECRET_WORDS, "link_1_title": "NHS", "link_1_url": "www.nhs.uk/stress"}
    assert leader.post(f"/group/sessions/{session_id}/notes", data=sent).status_code == 303


def notes_seen_by(client: PageClient, session_id: UUID) -> Any:
    return client.get(f"/my/sessions/{session_id}/notes")


def test_the_group_page_says_who_is_in_it_and_how_to_reach_them(leader, school):
    page = leader.get("/group/cohort").text
    assert school.family_canary in page
    assert "07700 900" in page


def test_another_of_their_groups_can_be_chosen_and_nobody_elses(leader, school, world):
    assert leader.get(f"/group/cohort?cohort={school.ids['closed_cohort_id']}").status_code == 200
    for foreign in (
        school.ids["forming_cohort_id"],
        world.other_school.ids["cohort_id"],
        new_id(),
        "nothing",
    ):
        assert leader.get(f"/group/cohort?cohort={foreign}").status_code == 404


def test_the_room_companion_has_the_evening_the_rules_and_the_way_to_raise_a_concern(leader, tonight_id):
    page = leader.get(f"/group/sessions/{tonight_id}/tonight").text
    for words in ("5:45", "6:15", "6:35", "7:05", "7:15", "What is said here stays here", "Raise a concern"):
        assert words in page


@pytest.mark.parametrize("page", ["tonight", "register", "notes", "close", "register/print"])
def test_sessions_of_others_are_not_found(leader, world, page):
    for foreign in (world.sibling_school.ids["session_id"], world.other_school.ids["session_id"], new_id()):
        assert leader.get(f"/group/sessions/{foreign}/{page}").status_code == 404


def test_the_register_can_be_saved_again_and_changed(leader, school, tonight_id, look):
    kept = f"kept_{school.people['other_parent'].person_id.hex}"
    for mark in ("absent", "absent", "apology"):
        # As the page hands it out: the mark that was kept when it was made.
        sent = marks_for(school, parent="present", other_parent=mark) | {kept: "absent"}
        assert leader.post(f"/group/sessions/{tonight_id}/register", data=sent).status_code == 303
    asked = "select parent_id, mark from attendance where session_id = :id"
    marks = {row.parent_id: row.mark for row in look(school.facilitator, asked, id=tonight_id)}
    assert marks == {
        school.parent.person_id: "present",
        school.people["other_parent"].person_id: "apology",
    }


def test_the_register_takes_nobody_who_is_not_in_the_group(leader, school, tonight_id, look):
    stranger = {f"mark_{school.people['graduate'].person_id.hex}": "present"}
    leader.post(f"/group/sessions/{tonight_id}/register", data=stranger)
    asked = "select 1 from attendance where session_id = :id"
    assert look(school.facilitator, asked, id=tonight_id) == []


def test_the_register_waits_for_the_day(leader, school):
    sent = marks_for(school, parent="present")
    address = f"/group/sessions/{school.ids['next_session_id']}"
    for page in (leader.post(f"{address}/register", data=sent), leader.get(f"{address}/register")):
        assert "You can mark the register on the day itself:" in page.text
        assert "Save the register" not in page.text
    evening = leader.get(f"{address}/tonight").text
    assert "You can mark the register on the day itself:" in evening
    assert "Take the register" not in evening


@pytest.mark.parametrize("page", ["register", "notes", "close"])
def test_a_session_that_was_called_off_asks_for_nothing(leader, school, connection, page):
    connection.execute(text("set session authorization default"))
    connection.execute(
        text("update cohort_session set state = 'cancelled' where id = :id"),
        {"id": school.ids["next_session_id"]},
    )
    connection.execute(text("set session authorization wb_web"))
    answer = leader.get(f"/group/sessions/{school.ids['next_session_id']}/{page}")
    assert "This session was called off" in answer.text
    assert "<textarea" not in answer.text
    assert 'type="radio"' not in answer.text


def test_a_closed_register_stays(leader, school):
    sent = marks_for(school, parent="absent")
    page = leader.post(f"/group/sessions/{school.ids['session_id']}/register", data=sent)
    assert "cannot be changed" in page.text


def test_notes_are_seen_by_parents_only_when_the_session_is_closed(leader, school, tonight_id, client_for):
    notes_are_written(leader, tonight_id)
    assert SECRET_WORDS in leader.get(f"/group/sessions/{tonight_id}/notes").text
    parent = client_for(school.parent)
    assert notes_seen_by(parent, tonight_id).status_code == 404
    everybody_is_marked(leader, school, tonight_id)
    assert leader.post(f"/group/sessions/{tonight_id}/close").status_code == 303
    page = notes_seen_by(parent, tonight_id)
    assert SECRET_WORDS in page.text
    assert "https://www.nhs.uk/stress" in page.text
    # Also somebody who was away, and nobody of another group.
    assert notes_seen_by(client_for(school.people["other_parent"]), tonight_id).status_code == 200
    assert notes_seen_by(client_for(school.people["graduate"]), tonight_id).status_code == 404


def test_a_slip_in_the_form_keeps_what_was_typed(leader, tonight_id):
    sent = {"main_points": SECRET_WORDS, "link_1_url": "not an address"}
    page = leader.post(f"/group/sessions/{tonight_id}/notes", data=sent)
    assert "Check the address" in page.text
    assert SECRET_WORDS in page.text


def test_what_a_link_is_without_its_address_is_asked_about_and_not_lost(leader, tonight_id, look, school):
    sent = {"main_points": SECRET_WORDS, "link_2_title": "only title", "link_2_url": ""}
    page = leader.post(f"/group/sessions/{tonight_id}/notes", data=sent)
    assert "Add the address of the page, or take out what it is" in page.text
    assert "only title" in page.text
    asked = "select 1 from learning_notes where session_id = :id"
    assert look(school.facilitator, asked, id=tonight_id) == []


def test_a_register_that_is_not_finished_says_how_much_is_marked(leader, school, tonight_id):
    leader.post(f"/group/sessions/{tonight_id}/register", data=marks_for(school, parent="present"))
    page = leader.get(f"/group/sessions/{tonight_id}/tonight").text
    assert "The register is not finished: 1 of 2 are marked." in page
    assert "The register is taken" not in page
    notes_are_written(leader, tonight_id)
    closing = leader.post(f"/group/sessions/{tonight_id}/close").text
    assert "Finish the register first. One person has no mark yet." in closing
    everybody_is_marked(leader, school, tonight_id)
    assert "The register is taken." in leader.get(f"/group/sessions/{tonight_id}/tonight").text


def test_empty_notes_are_not_kept(leader, tonight_id):
    assert "Write something" in leader.post(f"/group/sessions/{tonight_id}/notes", data={}).text


def test_a_session_is_not_closed_without_a_register(leader, tonight_id):
    notes_are_written(leader, tonight_id)
    assert "Take the register first" in leader.post(f"/group/sessions/{tonight_id}/close").text


def test_a_session_without_notes_is_closed_only_when_they_say_so(leader, school, tonight_id, look):
    everybody_is_marked(leader, school, tonight_id)
    address = f"/group/sessions/{tonight_id}/close"
    assert "Write the notes first" in leader.post(address).text
    assert leader.post(address, data={"without_notes": "y"}).status_code == 303
    asked = "select 1 from outbox where kind = 'notes_ready' and subject_id = :id"
    assert look(school.lead, asked, id=tonight_id) == []


def test_closing_happens_once_and_tells_everybody(leader, school, tonight_id, look):
    unset = {f"choose-topic_{number}": "" for number in (5, 6, 7)}
    leader.post(f"/group/cohorts/{school.ids['cohort_id']}/topics", data=unset)
    everybody_is_marked(leader, school, tonight_id)
    notes_are_written(leader, tonight_id)
    for _press in range(2):
        assert leader.post(f"/group/sessions/{tonight_id}/close").status_code == 303
    told = look(
        school.lead,
        "select recipient_id from outbox where kind = 'notes_ready' and channel = 'email'",
    )
    members = {school.parent.person_id, school.people["other_parent"].person_id}
    assert sorted(row.recipient_id for row in told) == sorted(members)
    state = look(school.lead, "select state from cohort_session where id = :id", id=tonight_id)[0].state
    assert state == "closed"
    documents = look(
        school.facilitator,
        "select state from document where kind = 'learning_notes' and subject_id = :id",
        id=tonight_id,
    )
    assert len(documents) == 1
    audited = look(
        school.lead,
        "select 1 from audit_event where event = 'cohorts:session:closed' and subject_id = :id",
        id=tonight_id,
    )
    assert len(audited) == 1


def test_topics_are_set_for_sessions_to_come(leader, school, look):
    cohort_id = school.ids["cohort_id"]
    sent = {"choose-topic_5": "managing-emotions", "choose-topic_6": "", "choose-topic_7": "neurodiversity"}
    assert leader.post(f"/group/cohorts/{cohort_id}/topics", data=sent).status_code == 303
    asked = (
        "select number, topic from cohort_session where cohort_id = :id and number in (5, 6, 7) order by 1"
    )
    kept = [row.topic for row in look(school.facilitator, asked, id=cohort_id)]
    assert kept == ["managing-emotions", "", "neurodiversity"]


def test_a_topic_is_set_for_one_session_only(leader, school):
    sent = dict.fromkeys(("choose-topic_5", "choose-topic_6"), "neurodiversity") | {"choose-topic_7": ""}
    page = leader.post(f"/group/cohorts/{school.ids['cohort_id']}/topics", data=sent)
    assert "one topic twice" in page.text


def test_topics_of_another_group_are_not_theirs_to_set(leader, world):
    sent = {"choose-topic_5": "neurodiversity"}
    for foreign in (world.school.ids["forming_cohort_id"], world.sibling_school.ids["cohort_id"], new_id()):
        assert leader.post(f"/group/cohorts/{foreign}/topics", data=sent).status_code == 404


def test_sheets_to_print_have_every_name(leader, school, tonight_id):
    for address in (
        f"/group/cohorts/{school.ids['cohort_id']}/contacts",
        f"/group/sessions/{tonight_id}/register/print",
    ):
        page = leader.get(address).text
        assert "Parent" in page
        assert "Other Parent" in page


def test_their_home_leads_to_tonight_and_when_it_is_over_to_closing_it(at, client_for, school, tonight_id):
    for hour, page in ((16, "tonight"), (20, "close")):
        at(hour)
        assert f"/group/sessions/{tonight_id}/{page}" in client_for(school.facilitator).get("/group").text


def test_a_session_that_was_called_off_has_no_plan_to_open(leader, school, look):
    called_off = "update cohort_session set state = 'cancelled' where id = :id"
    session_id, address = school.ids["next_session_id"], f"/group/cohort?cohort={school.ids['cohort_id']}"
    plan = f'href="/group/sessions/{session_id}/tonight"'
    assert plan in leader.get(address).text
    look(school.lead, called_off, id=session_id)
    assert plan not in leader.get(address).text
