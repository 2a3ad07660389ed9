"""Parents: their dates, "I can't come", the secret vote, the calendar file; only of their own group."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import icalendar
import pytest
from sqlalchemy.exc import ProgrammingError

from infra.ids import new_id
from tests.support.client import PageClient
from tests.support.world import School, World

Look = Callable[..., list[Any]]


@pytest.fixture
def school(world: World) -> School:
    return world.school


@pytest.fixture
def parent(client_for: Callable[..., PageClient], school: School) -> PageClient:
    return client_for(school.parent)


@pytest.fixture
def leader(client_for: Callable[..., PageClient], school: School) -> PageClient:
    return client_for(school.facilitator)


@pytest.fixture
def open_topics(leader: PageClient, school: School) -> None:
    """The group has still to choose what sessions 5 to 7 are about."""
    sent = {f"choose-topic_{number}": "" for number in (5, 6, 7)}
    address = f"/group/cohorts/{school.ids['cohort_id']}/topics"
    assert leader.post(address, data=sent).status_code == 303


def notices(look: Look, school: School, session_id: UUID) -> list[UUID]:
    asked = "select parent_id from absence_notice where session_id = :id"
    return [row.parent_id for row in look(school.facilitator, asked, id=session_id)]


def test_the_dates_are_there_with_the_notes_that_were_sent(parent, school):
    page = parent.get("/my/group").text
    assert "Your dates, " in page, "some are over, some to come"
    assert f"/my/sessions/{school.ids['session_id']}/notes" in page


def test_a_session_at_another_time_or_from_another_day_says_so_in_every_list(
    parent, client_for, school, look
):
    changed = (
        "update cohort_session set starts_at = '18:30', ends_at = '20:00', moved_from = on_date - 2"
        " where id = :id"
    )
    before = parent.get("/my").text + parent.get("/my/group").text
    look(school.lead, changed, id=school.ids["next_session_id"])
    group = f"/school/groups/{school.ids['cohort_id']}"
    for page in (
        parent.get("/my"),
        parent.get("/my/group"),
        client_for(school.facilitator).get("/group/cohort"),
        client_for(school.lead).get(group),
    ):
        notes = re.findall(r'<p class="wb-session__note">([^<]*)</p>', page.text)
        assert [one for one in notes if "6:30pm to 8pm, moved from" in one], page.request.path
        assert sum("moved from" in one for one in notes) == 1
    assert "moved from" not in before


def test_home_says_what_the_next_session_is_about_and_what_for(parent, school, look):
    chosen = "update cohort_session set topic = 'resilience' where cohort_id = :id"
    look(school.lead, chosen, id=school.ids["cohort_id"])
    home = parent.get("/my").text
    assert "Getting through" in home
    assert "Notice strengths already there." in home


def test_one_press_says_that_they_cannot_come_and_one_takes_it_back(parent, school, look):
    session_id = school.ids["next_session_id"]
    for _press in range(2):
        assert parent.post(f"/my/sessions/{session_id}/cannot-come").status_code == 303
    assert notices(look, school, session_id) == [school.parent.person_id]
    for _press in range(2):
        assert parent.post(f"/my/sessions/{session_id}/can-come").status_code == 303
    assert notices(look, school, session_id) == []


def test_those_who_lead_see_who_cannot_come(parent, leader, school):
    session_id = school.ids["next_session_id"]
    parent.post(f"/my/sessions/{session_id}/cannot-come")
    assert "Not this time: Parent." in leader.get(f"/group/sessions/{session_id}/tonight").text


def test_a_session_that_is_over_takes_no_notice(parent, school, look):
    session_id = school.ids["session_id"]
    page = parent.post(f"/my/sessions/{session_id}/cannot-come", follow_redirects=True)
    assert "nothing to tell us" in page.text
    assert notices(look, school, session_id) == []


@pytest.mark.parametrize("page", ["", "/notes"])
def test_sessions_of_others_are_not_found(parent, world, look, page):
    asked = "select id from cohort_session where cohort_id = :id and number = 1"
    closed = look(world.school.lead, asked, id=world.school.ids["closed_cohort_id"])[0].id
    for foreign in (
        closed,
        world.sibling_school.ids["session_id"],
        world.other_school.ids["session_id"],
        new_id(),
    ):
        assert parent.get(f"/my/sessions/{foreign}{page}").status_code == 404
        answer = parent.post(f"/my/sessions/{foreign}/cannot-come", follow_redirects=True)
        assert "You told us" not in answer.text
    assert look(world.school.parent, "select 1 from absence_notice") == []


@pytest.mark.usefixtures("open_topics")
def test_the_vote_shows_totals_and_never_who(parent, client_for, leader, school, look):
    other = client_for(school.people["other_parent"])
    for client, topics in ((parent, ["neurodiversity", "managing-emotions"]), (other, ["neurodiversity"])):
        assert client.post("/my/group/vote", data={"topics": topics}).status_code == 303
    # Voting again replaces the choice; it does not count twice.
    assert parent.post("/my/group/vote", data={"topics": ["neurodiversity"]}).status_code == 303
    totals = look(
        school.facilitator, "select topic, votes from app.topic_totals(:id)", id=school.ids["cohort_id"]
    )
    assert [tuple(row) for row in totals] == [("neurodiversity", 2)]
    page = leader.get("/group/cohort").text
    assert "What the group would like" in page
    own = look(school.people["other_parent"], "select topic, parent_id from topic_vote")
    assert {row.parent_id for row in own} == {school.people["other_parent"].person_id}


@pytest.mark.usefixtures("open_topics")
def test_more_than_three_topics_are_too_many(parent):
    sent = {"topics": ["neurodiversity", "managing-emotions", "resilience", "ebsna"]}
    assert "three topics or fewer" in parent.post("/my/group/vote", data=sent).text


def test_there_is_no_vote_once_the_topics_are_set(parent):
    page = parent.post("/my/group/vote", data={"topics": ["neurodiversity"]}, follow_redirects=True)
    assert "What shall we talk about next?" not in page.text


def test_the_calendar_file_says_nothing_about_the_group(parent):
    response = parent.get("/my/group/dates.ics")
    assert response.mimetype == "text/calendar"
    events = icalendar.Calendar.from_ical(response.data).walk("VEVENT")
    assert len(events) == 8
    assert events[0]["summary"] == "Session 1"
    words = response.text.lower()
    assert not any(word in words for word in ("parent", "support", "stress", "topic", "peer"))


def test_somebody_without_a_group_is_told_to_wait(client_for, school):
    page = client_for(school.people["graduate"]).get("/my/group")
    assert page.status_code == 200


def test_pages_of_those_who_lead_are_shut_to_parents(parent, school):
    assert parent.get(f"/group/sessions/{school.ids['session_id']}/tonight").status_code == 403
    assert parent.get("/group/cohort").status_code == 403


ENDS = {
    "another day": ("on_date = on_date - 1", []),
    "another hour": ("starts_at = starts_at + interval '30 minutes'", []),
    "another room": ("room = 'Hall 2'", ["parent"]),
    "called off, and on again": ("state = 'cancelled'", ["parent"]),
}


@pytest.mark.parametrize("change", ENDS)
def test_who_could_not_come_on_one_day_is_not_away_on_another(parent, leader, school, look, change):
    """Given "I can't come this time", when the session moves, nobody has said anything of the new day.

    Staff, who move it, cannot read or end what somebody said: the database ends it.
    """
    what, left = ENDS[change]
    session_id = school.ids["next_session_id"]
    assert parent.post(f"/my/sessions/{session_id}/cannot-come").status_code == 303

    look(school.lead, f"update cohort_session set {what} where id = :id", id=session_id)
    look(school.lead, "update cohort_session set state = 'planned' where id = :id", id=session_id)

    assert notices(look, school, session_id) == [getattr(school, who).person_id for who in left]
    says_so = "You told us you can’t come." in parent.get(f"/my/sessions/{session_id}").text
    assert says_so is bool(left)
    assert ("Not this time: Parent." in leader.get(f"/group/sessions/{session_id}/tonight").text) is bool(
        left
    )


def test_staff_neither_read_nor_end_what_somebody_said_of_a_day(parent, look, school):
    parent.post(f"/my/sessions/{school.ids['next_session_id']}/cannot-come")
    for statement in ("select 1 from absence_notice", "delete from absence_notice"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            look(school.lead, statement)
