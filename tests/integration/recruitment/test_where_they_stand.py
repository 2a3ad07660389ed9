"""A parent's first pages say how things are: their own answer, what becomes of their place, what there is to leave."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import text

from app.messages.catalogue import get_kind
from app.messages.words import render
from app.recruitment.stages import STAGES
from app.states.messages import Channel


@pytest.fixture
def parent(client_for, connection, world):
    """`parent(stage, school="active", is_new=True)`: their browser; `is_new` for who was never in a group."""

    def sign_in(stage, school="active", is_new=True):
        one = world.school.other_parent
        values = {"id": one.person_id, "stage": stage, "school": world.school.school_id, "at": school}
        connection.execute(text("set session authorization default"))
        connection.execute(text("update parent set stage = :stage where id = :id"), values)
        connection.execute(
            text(
                "update school set stage = :at, stage_reason = 'The hall is shut.' where school_id = :school"
            ),
            values,
        )
        if is_new:
            for table in ("attendance", "enrolment", "answer_set"):
                connection.execute(text(f"delete from {table} where parent_id = :id"), values)
        connection.execute(text("set session authorization wb_web"))
        return client_for(one)

    return sign_in


def words(answer):
    main = answer.get_data(as_text=True).split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub("[\u2068\u2069]", "", " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split()))


def test_who_is_invited_by_a_paused_school_reads_it_before_they_say_yes(parent):
    page = words(parent("invited", "paused").get("/my/welcome"))

    assert "are paused. The hall is shut." in page
    assert "You can still say yes." in page
    assert "Yes, I would like to join" in page


def test_who_is_invited_by_a_school_that_left_is_not_asked(parent):
    page = words(parent("invited", "left").get("/my/welcome"))

    assert "There are no new groups at" in page
    assert "Yes, I would like to join" not in page
    assert "Tell me more first" not in page


@pytest.mark.parametrize("path", ["/my/welcome/done", "/my", "/my/group"])
@pytest.mark.parametrize("stage", ["joined", "waiting"])
def test_who_said_yes_to_a_paused_school_reads_what_becomes_of_their_place(parent, stage, path):
    page = words(parent(stage, "paused").get(path))

    assert "on the list" in page
    assert "When groups start again" in page
    assert "We keep a place for you" not in page


@pytest.mark.parametrize("path", ["/my", "/my/welcome"])
def test_who_asked_to_hear_more_reads_on_every_visit_that_somebody_calls(parent, path):
    page = words(parent("interested").get(path, follow_redirects=True))

    assert "You asked to hear more" in page
    assert "calls you." in page
    assert "Tell me more first" not in page
    assert "You are invited" not in page
    assert "Yes, I would like to join" in page


def test_who_said_yes_to_staff_is_asked_to_confirm_it(parent, connection, world):
    client = parent("interested")
    connection.execute(text("set session authorization default"))
    connection.execute(
        text("update parent set said_yes_at = now() where id = :id"),
        {"id": world.school.other_parent.person_id},
    )
    connection.execute(text("set session authorization wb_web"))
    page = words(client.get("/my/welcome"))

    assert "You are invited" in page
    assert "You asked to hear more" not in page


@pytest.mark.parametrize("path", ["/my/welcome/done", "/my/welcome/choices", "/my/leave"])
@pytest.mark.parametrize("stage", ["said_no", "left"])
def test_a_page_from_the_browsers_history_leads_home_when_it_is_not_true_any_more(parent, stage, path):
    answer = parent(stage).get(path)

    assert (answer.status_code, answer.location) == (302, "/my")


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_the_welcome_is_for_those_who_wait_for_a_group(parent, stage):
    answer = parent(stage, is_new=False).get("/my/welcome/done")

    assert (answer.status_code == 200) == (stage in ("joined", "waiting"))


@pytest.mark.parametrize("stage", ["identified", "invited", "interested"])
def test_who_has_not_answered_has_nothing_to_leave(parent, stage):
    assert words(parent(stage).get("/my/leave", follow_redirects=True)).count("leave the group") == 0


def test_who_has_no_place_comes_off_the_list(parent):
    page = words(parent("joined").get("/my/leave"))

    assert "Do you want to come off the list?" in page
    assert "Your place goes to somebody else." not in page
    assert "Your own answers" not in page


def test_who_has_a_place_reads_what_becomes_of_it(parent):
    page = words(parent("in_group").get("/my/leave"))

    assert "Do you want to leave the group?" in page
    assert "Your place goes to somebody else." in page


def test_who_finished_leaves_no_group_and_gives_no_place_away(client_for, world):
    client = client_for(world.school.graduate)
    page = words(client.get("/my/leave"))

    assert "Your group is over. Do you want to hear no more from us?" in page
    assert "Notes of meetings that you came to stay yours" in page
    assert "Your own answers stay yours." in page
    assert "leave the group" not in page
    assert "place" not in page
    choices = words(client.get("/my/choices"))
    assert "You can stop all our messages on any day." in choices
    assert "leave the group" not in choices


@pytest.mark.parametrize("path", ["/my", "/my/group"])
def test_who_left_without_having_been_there_is_promised_no_notes(parent, path):
    page = words(parent("left").get(path))

    assert "You have left." in page
    assert "Notes of meetings" not in page


def test_the_thank_you_of_a_paused_school_says_that_it_is_paused():
    known = {
        "school": "Oak School",
        "first_name": "Anna",
        "link": "https://x",
        "phone": "1",
        "sender": "School",
        "stop_link": "https://y",
    }
    kind = get_kind("joined")
    paused = render(kind, Channel.EMAIL, known | {"paused_school": "Oak School"}).body
    active = render(kind, Channel.EMAIL, known | {"paused_school": ""}).body

    assert "New groups at Oak School are paused for now. You stay on our list." in paused
    assert "paused" not in active
