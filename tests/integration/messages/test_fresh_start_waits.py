"""While somebody has a fresh start, no message tells where their group meets or when; after a day it does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.extensions import db
from app.messages.catalogue import KINDS
from infra.clock import now
from infra.ids import new_id

#: All that staff and people who lead are told of dates; a parent is told the rest.
SAYS = {name for name, kind in KINDS.items() if kind.says_where_or_when}


@pytest.fixture
def fresh_start(place, monkeypatch):
    """`fresh_start(hours=24, ended=None)`: the parent's, agreed to now; taken away afterwards."""
    monkeypatch.setattr("workers.dispatch.next_allowed", lambda _kind, _channel, moment: moment)
    school = place.world.school

    def start(hours=24, ended=None):
        place.sql(
            "insert into fresh_start (school_id, id, role, person_id, channel, address, met_on, asked_by,"
            " asked_by_name, asked_at, agreed_at, opens_at, waits_until, ended_at, ended) values (%s, %s, 'parent', %s,"
            " 'sms', '+447700900333', current_date, %s, 'A lead', app.now(), app.now(), app.now(), %s, %s, %s)",
            school.school_id,
            new_id(),
            place.parent_id,
            school.lead.person_id,
            now() + timedelta(hours=hours),
            now() if ended else None,
            ended,
        )

    yield start
    place.sql("delete from fresh_start")
    place.sql("update cohort_session set state = 'planned' where id = %s", school.ids["next_session_id"])


def send(place, dispatcher, kind="session_moved"):
    subject = place.world.school.ids["next_session_id"]
    (message_id,) = place.enqueue(kind, subject_id=subject, channels=["email"])
    dispatcher.drain()
    return message_id


def test_every_kind_that_names_a_day_or_a_room_is_known():
    assert {"session_reminder", "session_moved", "place_offered", "dates_moved", "led_session_moved"} <= SAYS
    assert SAYS.isdisjoint(
        {"fresh_start_link", "fresh_start_notice", "sign_in_link", "parent_invitation", "joined"}
    )


@pytest.mark.parametrize("ended", [None, "done"])
def test_place_and_time_wait_and_then_go(place, dispatcher, mailbox, fresh_start, ended):
    fresh_start(ended=ended)
    message_id = send(place, dispatcher)

    row = place.row(message_id)
    assert (row["state"], mailbox.of(message_id)) == ("queued", [])
    assert row["next_at"] <= now() + timedelta(minutes=30)

    place.sql("update fresh_start set waits_until = app.now()")
    place.end_leases()
    dispatcher.drain()
    assert place.row(message_id)["state"] == "sent"
    (message,) = mailbox.of(message_id)
    assert message["to"] == place.world.school.parent.email


@pytest.mark.parametrize("ended", ["stopped", "taken_back"])
def test_one_that_was_stopped_holds_nothing_back(place, dispatcher, fresh_start, ended):
    fresh_start(ended=ended)
    assert place.row(send(place, dispatcher))["state"] == "sent"


def test_what_names_neither_goes_at_once(place, dispatcher, fresh_start):
    fresh_start()
    (message_id,) = place.enqueue("graduation")
    dispatcher.drain()
    assert place.row(message_id)["state"] == "sent"


def test_a_message_that_is_too_late_after_the_wait_says_why(place, dispatcher, fresh_start):
    fresh_start()
    message_id = send(place, dispatcher)
    place.sql("update outbox set not_after = app.now() - interval '1 minute', next_at = app.now()")
    dispatcher.drain()

    row = place.row(message_id)
    assert (row["state"], row["problem"]) == ("held_back", "fresh_start")


def test_the_sheet_of_dates_waits_too(session_for, world, connection):
    school = world.school
    values = {"school": school.school_id, "parent": school.parent.person_id, "lead": school.lead.person_id}
    connection.execute(text("set session authorization default"))
    connection.execute(
        text(
            "insert into document (school_id, id, kind, parent_id, file_name, state, created_at, next_at)"
            " values (:school, gen_random_uuid(), 'group_plan', :parent, 'dates.pdf', 'queued', app.now(), app.now())"
        ),
        values,
    )
    mine = text("select count(*) from document where kind = 'group_plan'")
    connection.execute(text("set session authorization wb_web"))
    assert session_for(school.parent).scalar(mine) == 1
    db.session.remove()
    connection.execute(text("set session authorization default"))
    connection.execute(
        text(
            "insert into fresh_start (school_id, id, role, person_id, channel, address, met_on, asked_by,"
            " asked_by_name, asked_at, waits_until) values (:school, gen_random_uuid(),"
            " 'parent', :parent, 'sms', '+447700900333',"
            " current_date, :lead, 'A lead', app.now(), app.now() + interval '1 day')"
        ),
        values,
    )
    connection.execute(text("set session authorization wb_web"))
    assert session_for(school.parent).scalar(mine) == 0
