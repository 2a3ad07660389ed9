"""Messages of a group are true when they are read: what was closed, who was there, when it meets."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from app.cohorts.messages.days import moment_word
from app.messages.catalogue import KINDS
from infra.clock import now


def test_a_message_about_a_closing_that_was_taken_back_is_not_sent(place, dispatcher):
    session_id = place.world.school.ids["session_id"]
    (first,) = place.enqueue("notes_ready", subject_id=session_id)
    place.sql("update cohort_session set closed_at = clock_timestamp() where id = %s", session_id)
    (again,) = place.enqueue("notes_ready", subject_id=session_id)

    dispatcher.drain()

    place.sql("update cohort_session set closed_at = null where id = %s", session_id)
    assert (place.row(first)["state"], place.row(first)["problem"]) == ("held_back", "plan_changed")
    assert place.row(again)["state"] == "sent"


def test_a_message_waits_for_its_moment_and_its_usefulness_counts_from_there(place):
    later = now() + timedelta(days=2)
    (waiting,) = place.enqueue("joined", not_before=later)

    row = place.row(waiting)
    assert row["next_at"] == later
    assert row["not_after"] > later


@pytest.mark.parametrize(("mark", "is_thanked"), [("left_early", True), ("apology", False)])
def test_at_the_end_only_who_was_there_is_thanked_for_coming(place, dispatcher, mailbox, mark, is_thanked):
    cohort_id = place.world.school.ids["cohort_id"]
    place.sql("update attendance set mark = %s where parent_id = %s", mark, place.parent_id)
    (message_id,) = place.enqueue("graduation", subject_id=cohort_id)

    dispatcher.drain()

    place.sql("update attendance set mark = 'present' where parent_id = %s", place.parent_id)
    body = mailbox.of(message_id)[0]["body"]
    assert ("Well done" in body) is is_thanked
    assert "Your certificate will be on your page" in body


PLACES = {
    "before it begins": ("on_date + 60", ["Your first day is", "Sessions to come: 8."], ["already"]),
    "while it meets": ("on_date + 1", ["Your first day is", "has met 3 times already", "to come: 5."], []),
    "when it is over": ("on_date - 400", ["See all dates"], ["Your first day", "Sessions to come"]),
}


@pytest.mark.parametrize("when", PLACES)
def test_a_place_is_told_as_the_group_stands_now(place, dispatcher, mailbox, when):
    """Whoever joins late reads no day that has passed."""
    shifted, there, missing = PLACES[when]
    cohort_id = place.world.school.ids["cohort_id"]
    place.sql(
        "create table as_it_was as select id, on_date, state from cohort_session where cohort_id = %s",
        cohort_id,
    )
    state = "state" if when == "while it meets" else "'planned'"
    place.sql(
        f"update cohort_session set on_date = {shifted}, state = {state} where cohort_id = %s", cohort_id
    )
    (message_id,) = place.enqueue("place_offered", subject_id=cohort_id)

    dispatcher.drain()

    place.sql(
        "update cohort_session s set on_date = w.on_date, state = w.state from as_it_was w where w.id = s.id"
    )
    place.sql("drop table as_it_was")
    body = mailbox.of(message_id)[0]["body"]
    assert [words for words in there if words not in body] == []
    assert [words for words in missing if words in body] == []


@pytest.mark.parametrize(
    ("earlier", "said"),
    [("number >= 4", True), ("number = 4", False), ("false", False)],
)
def test_whoever_meets_at_another_time_from_some_day_on_reads_it(place, dispatcher, mailbox, earlier, said):
    """The days alone would bring people half an hour late; where times go to and fro, each day has its own."""
    cohort_id = place.world.school.ids["cohort_id"]
    place.sql(
        "create table as_it_was as select id, on_date, state, starts_at, ends_at from cohort_session"
        " where cohort_id = %s",
        cohort_id,
    )
    place.sql(
        "update cohort_session set on_date = on_date + 60, state = 'planned',"
        f" starts_at = case when {earlier} then time '09:05' else starts_at end,"
        f" ends_at = case when {earlier} then time '10:35' else ends_at end where cohort_id = %s",
        cohort_id,
    )
    sent = place.enqueue("dates_moved", subject_id=cohort_id)

    dispatcher.drain()

    place.sql(
        "update cohort_session s set on_date = w.on_date, state = w.state, starts_at = w.starts_at,"
        " ends_at = w.ends_at from as_it_was w where w.id = s.id"
    )
    place.sql("drop table as_it_was")
    bodies = [mailbox.of(one)[0]["body"] for one in sent]
    assert bodies
    assert [("we begin at 9:05am" in body) for body in bodies] == [said] * len(bodies)
    assert any(" at 9:05am" in body for body in bodies) is (earlier != "false")


WHO_CAME = {"halfway": "closed", "choose_topics": "closed", "we_missed_you": "planned"}


@pytest.fixture
def redirected(place):
    """Somebody at school wrote an address of their own where this parent's messages go."""
    (before,) = place.sql("select email, phone from parent_contact where parent_id = %s", place.parent_id)
    change = "update parent_contact set email = %s, phone = %s where parent_id = %s"
    place.sql(change, "rosie@example.org", "", place.parent_id)
    yield
    place.sql(change, before["email"], before["phone"], place.parent_id)


def _enqueue(place, kind):
    ids = place.world.school.ids
    session_id = ids["session_id"] if WHO_CAME[kind] == "closed" else ids["next_session_id"]
    return place.enqueue(kind, subject_id=session_id, channels=["email"])[0]


@pytest.mark.parametrize("kind", WHO_CAME)
def test_what_says_who_came_goes_where_the_parent_proved_to_be_themselves(place, dispatcher, kind):
    message_id = _enqueue(place, kind)

    dispatcher.drain()

    assert place.row(message_id)["state"] == "sent"


@pytest.mark.parametrize("kind", WHO_CAME)
def test_whoever_writes_where_messages_go_does_not_read_the_register_by_them(
    place, dispatcher, redirected, kind
):
    message_id = _enqueue(place, kind)

    dispatcher.drain()

    row = place.row(message_id)
    assert (row["state"], row["problem"]) == ("held_back", "not_confirmed")


def test_thanks_are_left_out_where_the_address_is_not_their_own(place, dispatcher, mailbox, redirected):
    cohort_id = place.world.school.ids["cohort_id"]
    (message_id,) = place.enqueue("graduation", subject_id=cohort_id, channels=["email"])

    dispatcher.drain()

    assert "Well done" not in mailbox.of(message_id)[0]["body"]


def test_every_message_that_hangs_on_the_register_is_one_of_these():
    """Who writes them reads attendance: `app/cohorts/early.py`, `ending.py` and `app/meetings/missed.py`."""
    told = {kind.name for kind in KINDS.values() if kind.is_for_their_eyes}
    # And those that tell a choice which staff do not see, or that somebody asked to be called.
    asked = {"call_asked_for", "call_news", "call_late"}
    assert told == {*WHO_CAME, "graduation", "invite_to_lead"} | asked


@pytest.fixture
def left(place):
    """The facilitator of the world was taken off its group, and the message was written; the group's and its id."""
    ids = place.world.school.ids
    facilitator_id, cohort_id = ids["facilitator_id"], ids["cohort_id"]
    (row,) = place.sql(
        "delete from cohort_facilitator where cohort_id = %s and facilitator_id = %s returning *",
        cohort_id,
        facilitator_id,
    )

    def put_back():
        place.sql(
            "insert into cohort_facilitator (school_id, cohort_id, facilitator_id, assigned_at)"
            " values (%s, %s, %s, %s) on conflict do nothing",
            row["school_id"],
            cohort_id,
            facilitator_id,
            row["assigned_at"],
        )

    def write(kind):
        return place.enqueue(
            kind,
            recipient_kind="facilitator",
            recipient_id=facilitator_id,
            subject_id=cohort_id,
            channels=["email"],
        )[0]

    vars(write).update(put_back=put_back)
    yield write
    put_back()


def test_who_was_taken_off_a_group_reads_which_and_is_thanked(place, dispatcher, mailbox, left):
    message_id = left("facilitator_unassigned")

    dispatcher.drain()

    body = mailbox.of(message_id)[0]["body"]
    (group,) = place.sql("select name from cohort where id = %s", place.world.school.ids["cohort_id"])
    assert f"It is “{group['name']}”. You do not need to come to its sessions." in body
    assert "Thank you for all you gave." in body


def test_who_is_not_ready_any_more_reads_that_and_is_sent_to_no_page(place, dispatcher, mailbox, left):
    """Given somebody whose pages are shut because something is missing
    Then they read that they lead nobody for now and whom to call, and no address."""
    message_id = left("not_leading_now")

    dispatcher.drain()

    body = mailbox.of(message_id)[0]["body"]
    assert "You are not leading a group" in body
    assert "Nobody blames you." in body
    assert "nothing changes there" not in body
    assert "/go/" not in body


def test_who_was_put_back_before_it_went_is_not_told_that_they_left(place, dispatcher, left):
    message_id = left("facilitator_unassigned")
    left.put_back()

    dispatcher.drain()

    assert (place.row(message_id)["state"], place.row(message_id)["problem"]) == (
        "held_back",
        "plan_changed",
    )


@pytest.mark.parametrize("kind", ["facilitator_assigned", "leaders_changed", "led_dates_moved"])
def test_what_waits_of_a_group_does_not_go_to_who_was_taken_off(place, dispatcher, left, kind):
    message_id = left(kind)

    dispatcher.drain()

    assert place.row(message_id)["problem"] == "not_in_group"


@pytest.fixture
def by_phone(place):
    """A parent whom texts reach, and no email."""
    (before,) = place.sql("select email, phone from parent_contact where parent_id = %s", place.parent_id)
    change = "update parent_contact set email = %s, phone = %s where parent_id = %s"
    place.sql(change, "", "+447700900163", place.parent_id)
    yield
    place.sql(change, before["email"], before["phone"], place.parent_id)


@pytest.fixture
def all_moved(place):
    """Writes a text about all dates, of which the next session moved from the day before; the day that it was."""
    ids = place.world.school.ids
    (one,) = place.sql("select * from cohort_session where id = %s", ids["next_session_id"])
    was = one["on_date"] - timedelta(days=1)
    moved = f"{moment_word(was, one['starts_at'])}>{moment_word(one['on_date'], one['starts_at'])}"

    def write(step=moved):
        (written,) = place.enqueue("dates_moved", subject_id=ids["cohort_id"], channels=["sms"])
        place.sql("update outbox set step = %s where id = %s", step, written)
        return written

    vars(write).update(was=was, one=one, moved=moved)
    return write


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_all_sessions_at_another_hour_are_told_with_both_hours_and_no_day_has_moved(
    place, dispatcher, mailbox, all_moved, channel, monkeypatch
):
    """Given every session to come at another hour of its day, parents read from when, and which hour is no more."""
    monkeypatch.setattr("workers.dispatch.next_allowed", lambda _kind, _channel, moment: moment)
    one = all_moved.one
    was = moment_word(one["on_date"], time(9, 15))
    (message_id,) = place.enqueue(
        "dates_moved", subject_id=place.world.school.ids["cohort_id"], channels=[channel]
    )
    step = f"{was}>{moment_word(one['on_date'], one['starts_at'])}"
    place.sql("update outbox set step = %s, next_at = now() where id = %s", step, message_id)
    dispatcher.drain()

    (message,) = mailbox.of(message_id)
    body, on = message["body"], one["on_date"]
    if channel == "sms":
        assert f"From {on:%a} {on.day} {on:%b} at 5:45pm, not 9:15am." in body
    else:
        assert f"another time: from {on:%A} {on.day} {on:%B} we begin at 5:45pm, not at 9:15am" in body
    for untrue in ("have moved", "9:15am has changed", "9:15am is now"):
        assert untrue not in body


def test_a_text_about_all_dates_says_first_which_day_is_no_more(
    place, dispatcher, mailbox, by_phone, all_moved, monkeypatch
):
    """It named the next date, which had not moved: nobody read that the one after it had."""
    monkeypatch.setattr("workers.dispatch.next_allowed", lambda _kind, _channel, moment: moment)
    # The first text to a number says who to call if it reached somebody else.
    for _text in range(2):
        message_id = all_moved()
        place.sql("update outbox set next_at = now() where id = %s", message_id)
        dispatcher.drain()

    was, to = all_moved.was, all_moved.one["on_date"]
    body = mailbox.of(message_id)[0]["body"]
    assert f"{was:%a} {was.day} {was:%b} is now {to:%a} {to.day} {to:%b}, 5:45pm." in body
    assert "/go/group" in body


def test_what_told_of_days_that_have_all_moved_on_is_not_sent(
    place, dispatcher, by_phone, all_moved, monkeypatch
):
    monkeypatch.setattr("workers.dispatch.next_allowed", lambda _kind, _channel, moment: moment)
    message_id = all_moved(f"{moment_word(all_moved.was, all_moved.one['starts_at'])}>2020-01-01T18:00:00")
    place.sql("update outbox set next_at = now() where id = %s", message_id)

    dispatcher.drain()

    assert place.row(message_id)["problem"] == "superseded"


def test_a_message_about_another_room_names_it_and_the_next_time(place, dispatcher, mailbox):
    cohort_id = place.world.school.ids["cohort_id"]
    place.sql("update cohort set room = 'Hall 2' where id = %s", cohort_id)
    place.sql("update cohort_session set room = 'Hall 2' where cohort_id = %s", cohort_id)
    (message_id,) = place.enqueue("room_changed", subject_id=cohort_id, channels=["email"])

    dispatcher.drain()

    body = mailbox.of(message_id)[0]["body"]
    assert "From now on we meet in another room: Hall 2." in body
    assert "The next time is" in body
