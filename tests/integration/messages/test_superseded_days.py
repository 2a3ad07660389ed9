"""A session that moved, once and again: each reader hears of it once, from the day that they knew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.integration.messages.test_superseded import by_day, morning


@pytest.fixture
def meeting(place):
    """A session, and a function that moves it and tells a parent."""
    session_id = place.world.school.ids["next_session_id"]
    (before,) = place.sql("select * from cohort_session where id = %s", session_id)

    def move(days=None, state="planned", **values):
        (now,) = place.sql("select on_date from cohort_session where id = %s", session_id)
        on = before["on_date"] + timedelta(days=days) if days is not None else now["on_date"]
        if days is None and state == "planned":  # told to one more
            return place.enqueue("session_moved", subject_id=session_id, **values)
        place.sql(
            "update cohort_session set moved_from = %s, moved_from_starts_at = starts_at, on_date = %s, state = %s"
            " where id = %s",
            now["on_date"] if state == "planned" else None,
            on,
            state,
            session_id,
        )
        kind = "session_moved" if state == "planned" else "session_cancelled"
        return place.enqueue(kind, subject_id=session_id, **values)

    vars(move).update(first=before)
    yield move
    place.sql(
        "update cohort_session set moved_from = %s, moved_from_starts_at = %s, on_date = %s, state = %s where id = %s",
        before["moved_from"],
        before["moved_from_starts_at"],
        before["on_date"],
        before["state"],
        session_id,
    )


def _long(day):
    return f"{day:%A} {day.day} {day:%B}"


def test_another_hour_of_the_same_day_is_told_with_both_hours(place, dispatcher, mailbox, meeting):
    """Given a session that begins at another hour of its day
    Then its message names the new hour and the old, and does not say that the day has changed."""
    session_id, first = place.world.school.ids["next_session_id"], meeting.first
    place.sql(
        "update cohort_session set moved_from = on_date, moved_from_starts_at = starts_at,"
        " starts_at = '16:00', ends_at = '17:30' where id = %s",
        session_id,
    )
    (message_id,) = meeting()
    dispatcher.drain()
    (message,) = mailbox.of(message_id)
    place.sql(
        "update cohort_session set starts_at = %s, ends_at = %s where id = %s",
        first["starts_at"],
        first["ends_at"],
        session_id,
    )

    assert f"on {_long(first['on_date'])} we begin at 4:00pm, not at 5:45pm" in message["body"]
    assert "has changed" not in message["body"]


def test_a_session_that_moved_twice_is_told_once_from_the_day_that_was_known(
    place, dispatcher, mailbox, meeting
):
    (first,), (second,) = meeting(1), meeting(3)

    dispatcher.drain()

    assert mailbox.of(first) == []
    (message,) = mailbox.of(second)
    known = meeting.first["on_date"]
    assert f"{_long(known)} has changed. It is now on {_long(known + timedelta(days=3))}" in message["body"]
    assert _long(known + timedelta(days=1)) not in message["body"]


def test_a_session_that_moved_and_was_cancelled_is_cancelled_on_the_day_that_was_known(
    place, dispatcher, mailbox, meeting
):
    meeting(1)
    (cancelled,) = meeting(state="cancelled")

    dispatcher.drain()

    (message,) = mailbox.of(cancelled)
    assert _long(meeting.first["on_date"]) in message["subject"]


def test_of_a_session_that_was_called_off_and_is_on_again_nothing_is_told(
    place, dispatcher, mailbox, meeting
):
    (cancelled,), (again,) = meeting(state="cancelled"), meeting(0)

    dispatcher.drain()

    assert (mailbox.of(cancelled), mailbox.of(again)) == ([], [])
    assert place.row(again)["problem"] == "superseded"


def test_whoever_had_an_email_of_the_first_move_reads_the_same_in_the_text_of_the_second(
    place, dispatcher, mailbox, meeting, monkeypatch
):
    """The text of the first waited for the morning and gave way; its reader knew the day all the same."""
    by_day(monkeypatch)
    place.sql("update parent_contact set phone = '+447700900161' where parent_id = %s", place.parent_id)
    meeting(1, channels=["email", "sms"])
    place.sql("update outbox set next_at = now() + interval '1 hour' where channel = 'sms'")
    dispatcher.drain()
    email, text = meeting(3, channels=["email", "sms"])
    morning(place, dispatcher)

    told = meeting.first["on_date"] + timedelta(days=1)
    assert _long(told) in mailbox.of(email)[0]["body"]
    assert f"{told:%a} {told.day} {told:%b} has changed" in mailbox.of(text)[0]["body"]


def test_what_others_were_told_is_not_what_this_person_was_told(place, dispatcher, mailbox, meeting):
    """The email of the first move went to somebody else, so that the session itself says that it moved from there."""
    first = meeting(1)[0]
    place.sql("update outbox set next_at = now() + interval '1 hour' where id = %s", first)
    other = place.world.school.people["other_parent"].person_id
    meeting(None, recipient_id=other)
    dispatcher.drain()
    (second,) = meeting(3)
    dispatcher.drain()

    assert place.row(first)["problem"] == "superseded"
    known = meeting.first["on_date"]
    assert f"{_long(known)} has changed" in mailbox.of(second)[0]["body"]


def test_of_a_session_that_moved_and_moved_back_nothing_is_told(place, dispatcher, mailbox, meeting):
    moved, back = meeting(1)[0], meeting(0)[0]

    dispatcher.drain()

    assert (mailbox.of(moved), mailbox.of(back)) == ([], [])
    assert place.row(back)["problem"] == "superseded"
