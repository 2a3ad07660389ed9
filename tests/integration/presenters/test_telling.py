"""What a presenter hears by the schedule, of a session that changes, before and after it; when they are forgotten."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from app.messages.kind import FIELDS
from app.messages.words import render
from app.presenters.messages import KINDS
from app.presenters.telling import erase_old, tell_of_bookings
from app.states.messages import Channel
from infra.clock import LONDON
from tests.integration.presenters.conftest import begins_at


@pytest.fixture
def says_yes(rows, booked):
    rows("update presenter set state = 'yes', answered_at = app.now()")


def at_noon(meeting, days):
    return datetime.combine(meeting.on_date + timedelta(days=days), time(12), LONDON)


def test_who_said_yes_is_reminded_two_days_before_once(booked, says_yes, run_job, told, meeting, clock):
    clock.set(at_noon(meeting, -3))
    assert run_job(tell_of_bookings) == 0
    clock.set(at_noon(meeting, -2))
    assert run_job(tell_of_bookings) == 1
    assert run_job(tell_of_bookings) == 0
    assert told() == ["presenter_asked", "presenter_reminder"]


def test_who_has_not_answered_is_not_reminded_and_not_thanked(booked, run_job, meeting, clock, rows):
    clock.set(at_noon(meeting, -1))
    assert run_job(tell_of_bookings) == 0
    rows("update cohort_session set state = 'closed', closed_at = app.now() where id = :id", id=meeting.id)
    clock.set(at_noon(meeting, 1))
    assert run_job(tell_of_bookings) == 0


def test_a_new_day_is_told_and_asked_again(booked, says_yes, run_job, told, rows, meeting, client_for, world):
    rows("update cohort_session set on_date = on_date + 1 where id = :id", id=meeting.id)
    # At once, before the schedule has looked: the old yes counts for the old day alone.
    assert "Sleep" not in client_for(world.school.parent).get("/my/group").text

    assert run_job(tell_of_bookings) == 1
    assert run_job(tell_of_bookings) == 0
    assert told()[-1] == "presenter_moved"
    assert rows("select state from presenter")[0].state == "asked"


def test_who_said_no_to_the_old_day_is_asked_for_the_new_one_once(booked, run_job, told, rows, meeting):
    rows("update presenter set state = 'no', answered_at = app.now()")
    assert run_job(tell_of_bookings) == 0
    rows("update cohort_session set on_date = on_date + 1 where id = :id", id=meeting.id)
    assert run_job(tell_of_bookings) == 1
    assert run_job(tell_of_bookings) == 0
    assert told()[-1] == "presenter_moved"


def test_another_room_is_told_and_the_yes_stays(booked, says_yes, run_job, told, rows, meeting):
    rows("update cohort_session set room = 'Music room' where id = :id", id=meeting.id)
    assert run_job(tell_of_bookings) == 1
    assert run_job(tell_of_bookings) == 0
    assert told()[-1] == "presenter_elsewhere"
    assert rows("select state from presenter")[0].state == "yes"


@pytest.mark.parametrize(
    "change",
    [
        "update cohort_session set state = 'cancelled' where id = :id",
        "update cohort set state = 'cancelled' where id = (select cohort_id from cohort_session where id = :id)",
    ],
    ids=["session", "group"],
)
def test_that_it_is_off_is_told_once(booked, says_yes, run_job, told, rows, meeting, change):
    rows(change, id=meeting.id)
    assert run_job(tell_of_bookings) == 1
    assert run_job(tell_of_bookings) == 0
    assert told()[-1] == "presenter_called_off"


def test_off_and_on_again_asks_again(booked, says_yes, run_job, told, rows, meeting):
    rows("update cohort_session set state = 'cancelled' where id = :id", id=meeting.id)
    run_job(tell_of_bookings)
    rows("update cohort_session set state = 'planned', on_date = on_date + 2 where id = :id", id=meeting.id)
    assert run_job(tell_of_bookings) == 1
    assert told()[-1] == "presenter_moved"


def test_thanks_go_the_day_after_it_was_held(booked, says_yes, run_job, told, rows, meeting, clock):
    clock.set(begins_at(meeting) + timedelta(hours=2))
    rows("update cohort_session set state = 'closed', closed_at = app.now() where id = :id", id=meeting.id)
    assert run_job(tell_of_bookings) == 0
    clock.set(at_noon(meeting, 1))
    assert run_job(tell_of_bookings) == 1
    assert run_job(tell_of_bookings) == 0
    assert told()[-1] == "presenter_thanks"


def test_nobody_is_thanked_for_what_was_called_off_or_is_long_ago(
    booked, says_yes, run_job, told, rows, meeting, clock
):
    clock.set(at_noon(meeting, 1))
    rows("update cohort_session set state = 'cancelled' where id = :id", id=meeting.id)
    assert run_job(tell_of_bookings) == 0
    rows("update cohort_session set state = 'closed' where id = :id", id=meeting.id)
    clock.set(at_noon(meeting, 8))
    assert run_job(tell_of_bookings) == 0


def test_four_weeks_after_the_session_they_are_forgotten(
    booked, address, stranger, run_job, rows, meeting, clock
):
    clock.set(at_noon(meeting, 27))
    run_job(erase_old)
    assert rows("select 1 from presenter")
    clock.set(at_noon(meeting, 28))
    run_job(erase_old)
    assert rows("select 1 from presenter") == []
    assert stranger.get(address).status_code == 404


def test_no_email_says_anything_of_a_parent_or_how_many_come():
    fields = dict.fromkeys([*FIELDS, "sender"], "x") | {
        "talk": "Sleep",
        "link": "https://we.example/presenting/1",
    }
    for kind in KINDS:
        email = render(kind, Channel.EMAIL, fields)
        assert "Sleep" not in (email.subject or "")
        assert not kind.sms
