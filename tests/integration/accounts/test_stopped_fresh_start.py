"""A fresh start that is stopped: those whom it concerns are told, and it stays work until somebody looked into it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from tests.integration.accounts.test_fresh_start import (  # noqa: F401
    agree,
    agreed,
    ask,
    later,
    messages,
    tab,
    under_way,
)
from tests.integration.test_state_words import put  # noqa: F401

LOOK_INTO = "Look into the stopped fresh start of Graduate"
WAS_STOPPED = "The fresh start of Graduate"
HERS = "/school/parents/{}/fresh-start/looked-into"


@pytest.fixture
def stop(messages, client_for):  # noqa: F811
    def press():
        link = messages("fresh_start_notice")[0]
        return client_for(None).post(f"/stop-fresh-start/{link}", follow_redirects=True).text

    return press


@pytest.fixture
def told(connection, world):
    """Who of the school's staff is written to that it was stopped."""

    def people():
        connection.execute(text("set session authorization default"))
        found = connection.execute(
            text(
                "select recipient_id from outbox where kind = 'fresh_start_stopped' and school_id = :school"
            ),
            {"school": world.school.school_id},
        )
        ids = sorted(found.scalars().all())
        connection.execute(text("set session authorization wb_web"))
        return ids

    return people


def ids(*people):
    return sorted(person.person_id for person in people)


def test_who_asked_who_agreed_and_the_safeguarding_lead_are_told(agreed, stop, told, world):  # noqa: F811
    school = world.school
    assert told() == []

    assert "The school is told" in stop()

    assert told() == ids(school.attendance_lead, school.senco, school.dsl)


def test_the_history_of_the_parent_has_a_line_with_the_time(agreed, stop, tab, world):  # noqa: F811
    stop()
    page = tab(world.school.lead).get(f"/school/parents/{agreed.person_id}").text
    line = page.partition("The fresh start was stopped")[2][:300]
    assert "somebody at an old address" in line
    assert re.search(r"\b(\d{1,2}(:\d\d)?[ap]m|midday|midnight)\b", line.partition("wb-small")[2][:60]), (
        "the time"
    )


def test_it_is_work_for_those_who_may_act_until_somebody_who_did_not_ask_looked_into_it(
    agreed,  # noqa: F811
    stop,
    tab,  # noqa: F811
    world,
):
    school, url = world.school, HERS.format(agreed.person_id)
    for colleague in (school.attendance_lead, school.senco, school.dsl):
        assert WAS_STOPPED not in tab(colleague).get("/school").text
    stop()
    assert LOOK_INTO in tab(school.dsl).get("/school").text
    assert "I have looked into it" in under_way(tab(school.dsl), agreed)
    for colleague in (school.attendance_lead, school.senco):
        assert WAS_STOPPED in tab(colleague).get("/school").text
        assert "I have looked into it" not in under_way(tab(colleague), agreed)
    assert "stopped fresh start" not in tab(school.lead).get("/school").text, "another colleague"

    for colleague in (school.attendance_lead, school.senco, school.lead):
        tab(colleague).post(url)
        assert LOOK_INTO in tab(school.dsl).get("/school").text, (
            "neither who asked, agreed nor another ends it"
        )

    assert "Noted" in tab(school.dsl).post(url, follow_redirects=True).text
    for colleague in (school.attendance_lead, school.senco, school.dsl):
        assert LOOK_INTO not in tab(colleague).get("/school").text
    assert f"{school.dsl.name} looked into it" in under_way(tab(school.lead), agreed)
    history = tab(school.lead).get(f"/school/parents/{agreed.person_id}").text
    assert "Somebody looked into the stopped fresh start" in history


def test_asked_for_again_it_waits_for_the_second_person_who_reads_that_one_was_stopped(
    agreed,  # noqa: F811
    stop,
    tab,  # noqa: F811
    later,  # noqa: F811
    world,
):
    school = world.school
    stop()
    later(minutes=5)
    assert ask(tab(school.attendance_lead), agreed).status_code == 303
    assert LOOK_INTO not in tab(school.dsl).get("/school").text
    assert "One before it was stopped" in under_way(tab(school.senco), agreed)

    tab(school.attendance_lead).post(f"/school/parents/{agreed.person_id}/fresh-start/take-back")
    assert LOOK_INTO in tab(school.dsl).get("/school").text, "asking and taking back puts nothing aside"


def test_where_the_safeguarding_lead_asked_a_third_looks_into_it_and_is_told(later, tab, stop, told, world):  # noqa: F811
    later(days=40)
    school, person = world.school, world.school.graduate
    assert ask(tab(school.dsl), person).status_code == 303
    agree(tab(school.senco), person)
    stop()

    assert told() == ids(school.senco, school.dsl, school.lead, school.attendance_lead)
    for colleague in (school.dsl, school.senco):
        assert "I have looked into it" not in under_way(tab(colleague), person)
    assert "I have looked into it" in under_way(tab(school.lead), person)


def test_where_nobody_else_may_who_agreed_looks_into_it(later, tab, stop, told, put, world):  # noqa: F811
    later(days=40)
    school, person = world.school, world.school.graduate
    assert ask(tab(school.dsl), person).status_code == 303
    agree(tab(school.senco), person)
    put(
        "update identity.membership set created_at = app.now() where person_id = any (:people)",
        people=[school.lead.person_id, school.attendance_lead.person_id],
    )
    stop()

    assert told() == ids(school.senco, school.dsl)
    assert "I have looked into it" in under_way(tab(school.senco), person)


def test_this_is_not_me_on_the_new_link_stops_it_and_is_told(
    agreed,  # noqa: F811
    later,  # noqa: F811
    messages,  # noqa: F811
    client_for,
    told,
    tab,  # noqa: F811
    world,
):
    [link] = messages("fresh_start_link")
    later(hours=25)
    stranger = client_for(None)
    assert "This is not me" in stranger.get(f"/link/{link}").text

    assert "Thank you for telling us" in stranger.post(f"/link/{link}/not-me", follow_redirects=True).text

    assert stranger.post(f"/link/{link}").status_code == 410
    school = world.school
    assert told() == ids(school.attendance_lead, school.senco, school.dsl)
    assert LOOK_INTO in tab(school.dsl).get("/school").text
    assert "This is not me" in under_way(tab(school.lead), agreed)
    assert stranger.post(f"/link/{link}/not-me").status_code == 410, "a second time nobody is told again"
    assert len(told()) == 3


def test_without_notice_there_is_nothing_to_stop_and_nobody_is_told(later, tab, messages, told, world):  # noqa: F811
    later(days=40)
    person = world.school.graduate
    ask(tab(world.school.attendance_lead), person)
    reason = {"reason": "Her former partner has the old phone."}
    tab(world.school.dsl).post(f"/school/parents/{person.person_id}/fresh-start/silence", data=reason)
    agree(tab(world.school.senco), person)

    assert not messages("fresh_start_notice")
    assert told() == []


def test_another_school_sees_and_settles_none_of_it(agreed, stop, acting_as, world):  # noqa: F811
    stop()
    with acting_as(world.school.lead) as session:
        start_id = session.execute(text("select id from fresh_start")).scalar_one()
    for somebody in (world.sibling_school.dsl, world.school.attendance_lead, world.school.lead):
        with acting_as(somebody) as session:
            assert not session.execute(
                text("select identity.look_into_stop(:id, 'x')"), {"id": start_id}
            ).scalar_one()
    with acting_as(world.sibling_school.dsl) as session:
        assert not session.execute(text("select * from identity.stopped_starts()")).all()
