"""A group that ended before its last date: what its parents, those who led it, its school and the council read."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from app.messages.catalogue import get_kind
from tests.support.answers import page_words as words

REASON = "We move to another building"
ELSEWHERE = "Highmoor School, Grace Yeboah, 07700 900095"


@pytest.fixture
def read(client_for, world):
    """`read(who, path)`: the words of a page."""
    people = {"parent": world.school.parent, "leader": world.school.facilitator, "lead": world.school.lead}

    def page(who: str, path: str) -> str:
        answer = client_for(people[who]).get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        return words(answer.text)

    return page


@pytest.fixture
def end(client_for, world):
    """`end(group, where)`: the school's lead ends a group early."""

    def press(group: str = "cohort_id", where: str = ELSEWHERE) -> None:
        form = {"reason": REASON, "what": "elsewhere" if where else "back", "goes_on_at": where}
        answer = client_for(world.school.lead).post(
            f"/school/groups/{world.school.ids[group]}/end-early", data=form
        )
        assert answer.status_code == 303

    return press


@pytest.fixture
def stage(client_for, world):
    """`stage(how)`: the council pauses the school, or says that it leaves."""

    def press(how: str) -> None:
        answer = client_for(world.authority.admin).post(
            f"/authority/schools/{world.school.school_id}/{how}", data={"reason": "The boiler is out"}
        )
        assert answer.status_code == 303

    return press


def test_parents_read_what_became_of_it_why_and_where_they_can_go_on(end, read):
    end()
    for path in ("/my", "/my/group"):
        page = read("parent", path)
        assert "Your group does not meet any more." in page, path
        assert "did not take place" not in page, path
        assert f"Why: {REASON}" in page, path
        assert f"You can go on at another school. Where, and who to call: {ELSEWHERE}" in page, path
        assert "They will be there to welcome you" not in page, path


def test_back_on_the_list_they_read_what_comes_next(end, read):
    end(where="")
    for path in ("/my", "/my/group"):
        page = read("parent", path)
        assert "You are on the list for another group." in page, path
        assert "another school" not in page, path


@pytest.mark.parametrize("minute", [0, 45, 74])
def test_ended_while_it_meets_all_read_both_the_end_and_that_today_goes_on(at, end, read, world, minute):
    """Given a session that is on, 5:45pm to 7:15pm
    When the school ends the group
    Then its parents and those who lead read the end on each page, and until when today's session goes on."""
    at(18 + minute // 60, minute % 60)
    end()
    for path in ("/my", "/my/group"):
        page = read("parent", path)
        assert "Your group does not meet any more." in page, path
        assert "Today's session is on now, until 7:15pm." in page, path
        assert "Your group meets" not in page, path
    page = read("leader", f"/group/cohort?cohort={world.school.ids['cohort_id']}")
    assert "This group does not meet any more. Thank you for all you gave to it. Session 4 is on now" in page
    assert "Open session 4" in page


def test_ended_after_it_met_nothing_is_on(at, end, read, world):
    at(19, 16)
    end()
    for path in ("/my", "/my/group"):
        assert "is on now" not in read("parent", path), path
    page = read("leader", f"/group/cohort?cohort={world.school.ids['cohort_id']}")
    assert "Session 4 is over, and waits to be closed." in page


def test_one_that_never_met_did_not_take_place(end, read, world, look):
    look(
        world.school.lead,
        "update cohort_session set state = 'cancelled' where cohort_id = :id",
        id=world.school.ids["cohort_id"],
    )
    end()
    assert "Your group did not take place." in read("parent", "/my/group")


def test_a_pause_promises_dates_to_a_group_that_has_them_alone(end, read, stage):
    stage("pause")
    assert "it goes on to its last date" in read("parent", "/my")
    end()
    page = read("parent", "/my")
    assert "goes on to its last date" not in page
    assert "When groups start again, the school offers places" in page


def test_nobody_is_asked_before_a_group_that_is_over(end, read, client_for, world):
    before = "Your first 12 questions"
    client = client_for(world.school.parent)
    end()
    assert before not in read("parent", "/my")
    assert "The time for these is over" in read("parent", "/my/answers")
    answer = client.get("/my/answers/before/1")
    assert answer.status_code == 303 or "Question 1" not in answer.text


def test_who_waits_is_asked_nothing_before_once_the_school_has_left(end, stage, read, world, look):
    for group in ("cohort_id", "forming_cohort_id"):
        end(group)
    stage("leave")
    # Also whoever was in no group yet.
    look(
        world.school.lead,
        "update enrolment set status = 'left' where parent_id = :id",
        id=world.school.parent.person_id,
    )
    assert "before you start" not in read("parent", "/my")
    assert "You can start" not in read("parent", "/my/answers")


def test_those_who_led_it_read_why_where_they_look(end, read, world):
    end()
    home = read("leader", "/group")
    assert f"does not meet any more {REASON}" in home
    assert "Ended early" in home
    page = read("leader", f"/group/cohort?cohort={world.school.ids['cohort_id']}")
    assert "This group does not meet any more. Thank you" in page
    assert f"Why: {REASON}" in page
    assert ELSEWHERE in page


def test_those_who_led_it_are_sent_to_where_the_reason_stands():
    for kind in ("group_ended_parent", "group_ended_facilitator"):
        found = get_kind(kind)
        assert found.email
        assert found.sms
        assert any("{link}" in str(line) for line in found.email.body), kind
        assert any("{link}" in str(line) for line in found.sms), kind


def test_a_school_that_has_left_calls_nobody_and_counts_nobody_as_ready(
    end, stage, read, client_for, world, look, connection
):
    connection.execute(text("set session authorization default"))
    connection.execute(
        text(
            "insert into school_activity (school_id, parents, facilitators, cohorts, computed_at) values"
            """ (:id, '{"waiting": 4321, "graduated": 5}', '{}', '{"closed": 8765}', app.now())"""
            " on conflict (school_id) do update set parents = excluded.parents, cohorts = excluded.cohorts"
        ),
        {"id": world.school.school_id},
    )
    connection.execute(text("set session authorization wb_web"))
    for group in ("cohort_id", "forming_cohort_id"):
        end(group)
    look(
        world.school.people["lead"],
        "update parent set stage = 'interested', said_yes_at = null where id = :id",
        id=world.school.parent.person_id,
    )
    council = client_for(world.authority.admin)
    assert "They would like to hear more" in read("lead", "/school")
    assert "432" in words(council.get("/authority").text).replace(",", "")
    stage("leave")
    page = read("lead", "/school")
    assert "They would like to hear more" not in page
    assert "ready for a place" not in page
    counted = words(council.get("/authority").text).replace(",", "")
    assert "432" not in counted
    assert "8765" in counted
    welcome = read("parent", "/my/welcome")
    assert "the invitation that you had has ended" in welcome
    assert "You asked to hear more" not in welcome


@pytest.mark.parametrize("group", ["cohort_id", "forming_cohort_id"])
def test_nobody_has_finished_a_group_that_ended_early(read, end, world, group):
    """They were counted among those of whom about one in five goes on to lead: the next group hangs on that number."""
    before = read("lead", "/school/facilitators")

    end(group)

    after = read("lead", "/school/facilitators")
    said = [re.findall(r"[^.]*finished a group here[^.]*", page) for page in (before, after)]
    assert said[0] == said[1]
    page = read("lead", f"/school/groups/{world.school.ids[group]}")
    assert "Who was in the group" in page
    assert "Places taken" not in page
    assert ("Did not take place" in read("lead", "/school/groups")) is (group == "forming_cohort_id")
