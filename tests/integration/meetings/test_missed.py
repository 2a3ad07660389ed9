"""Somebody was away twice without a word: those who lead send a warm message, or leave it; nothing goes by itself."""

from __future__ import annotations

from html import unescape
from string import Formatter

import pytest
from sqlalchemy import text

from app.messages.catalogue import get_kind
from tests.support.borrowed import as_login
from workers.schedule import JOBS


@pytest.fixture
def as_owner(connection):
    def run(statement, **values):
        with as_login(connection, "wb_owner"):
            connection.execute(text(statement), values)

    return run


@pytest.fixture
def led(world):
    return f"/group/cohorts/{world.school.ids['cohort_id']}/missed"


@pytest.fixture
def away(at, world, as_owner):
    """The world's parent was away from sessions 2 and 3, without a word; the day before session 4."""
    at(12, days=-1)
    parent = world.school.parent
    as_owner("delete from absence_notice where parent_id = :id", id=parent.person_id)
    as_owner(
        "update attendance a set mark = 'absent' from cohort_session s where s.id = a.session_id"
        " and s.number in (2, 3) and a.parent_id = :id",
        id=parent.person_id,
    )
    return parent


def choose(client, led, parent, send):
    return client.post(f"{led}/{parent.person_id}", data={"send": send}, follow_redirects=True)


def written(look, world, connection):
    with as_login(connection, "wb_owner"):
        asked = text("select channel from outbox where kind = 'we_missed_you'")
        return sorted(connection.execute(asked).scalars())


def test_nothing_goes_by_the_calendar():
    assert not [job.name for job in JOBS if "missed" in job.name]


def test_who_leads_is_asked_and_sends_it_once(away, client_for, world, led, look, connection):
    leader = client_for(world.school.facilitator)
    assert "away twice" in leader.get("/group").text
    page = leader.get(led).text
    assert "Send the message" in page
    assert "We missed you" in page
    assert written(look, world, connection) == []

    assert "on its way" in choose(leader, led, away, "yes").text
    assert written(look, world, connection) == ["email", "sms"]
    assert "Somebody has decided already" in choose(leader, led, away, "yes").text
    assert written(look, world, connection) == ["email", "sms"]
    assert "away twice" not in leader.get("/group").text


def test_it_reads_as_it_goes_and_is_from_those_who_lead(away, client_for, world, led):
    """Given who leads, when they look at the words, then no paragraph is missing, and none is the office's."""
    page = client_for(world.school.facilitator).get(led).text
    shown = unescape(page.split("By email")[1].split("By text")[0])
    kind = get_kind("we_missed_you")
    assert kind.email is not None
    for paragraph in kind.email.body:
        for words, *_field in Formatter().parse(paragraph):
            assert words in shown, paragraph
    assert world.school.lead.name not in shown
    assert kind.signed_by == "{leaders}"


def test_what_is_left_is_left_and_not_asked_again(away, client_for, world, led, look, connection):
    leader = client_for(world.school.facilitator)

    assert "not asked again" in choose(leader, led, away, "no").text

    assert written(look, world, connection) == []
    assert "Nobody to think of" in leader.get(led).text
    assert "Somebody has decided already" in choose(leader, led, away, "yes").text
    assert written(look, world, connection) == []


@pytest.mark.parametrize(
    "what",
    [
        "update attendance a set mark = 'present' from cohort_session s where s.id = a.session_id and s.number = 3"
        " and a.parent_id = :id",
        "insert into absence_notice (school_id, session_id, parent_id, cohort_id, at) select school_id, id, :id,"
        " cohort_id, app.now() from cohort_session where cohort_id = :cohort and number = 4",
        "update enrolment set status = 'left', left_at = app.now() where parent_id = :id",
    ],
)
def test_who_came_said_a_word_or_left_is_not_asked_about(
    away, client_for, world, led, look, as_owner, connection, what
):
    values = {"id": away.person_id, "cohort": world.school.ids["cohort_id"]}
    as_owner(what, **{name: value for name, value in values.items() if f":{name}" in what})
    leader = client_for(world.school.facilitator)

    assert "Nobody to think of" in leader.get(led).text
    # Also where the page was opened before.
    for answer in ("yes", "no"):
        page = choose(leader, led, away, answer)
        assert page.status_code == 200
        assert "Nothing was sent" in page.text
    assert written(look, world, connection) == []
    assert look(world.school.facilitator, "select 1 from missed_choice") == []


def test_nobody_else_asks_sends_or_learns_of_it(away, client_for, world, led, look, connection):
    assert choose(client_for(world.sibling_school.facilitator), led, away, "yes").status_code == 404
    assert choose(client_for(world.school.lead), led, away, "yes").status_code in (403, 404)
    choose(client_for(world.school.facilitator), led, away, "yes")

    for statement in (
        "select 1 from missed_choice",
        "select 1 from app.missed_two_led('2020-01-01', '2030-01-01')",
    ):
        for person in (world.school.lead, world.school.dsl, world.authority.admin):
            with pytest.raises(Exception, match="permission denied"):
                look(person, statement)
        assert look(world.sibling_school.facilitator, statement) == []
    for trace in (
        "select 1 from audit_event where event = 'meetings:missed:chosen'",
        "select 1 from outbox where kind = 'we_missed_you'",
    ):
        assert look(world.school.lead, trace) == []
    assert len(look(away, "select 1 from missed_choice")) == 1


@pytest.mark.parametrize("send", ["", "maybe", "x" * 10_000, "\x00"])
def test_another_answer_is_none(away, client_for, world, led, look, connection, send):
    assert choose(client_for(world.school.facilitator), led, away, send).status_code == 404
    assert written(look, world, connection) == []
