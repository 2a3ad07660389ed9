"""A council's messages go by its own key: once, whatever is changed meanwhile, and at nobody else's cost."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from app.messages import timeline
from infra.clock import now
from infra.database import make_engine
from infra.notify import midnight_after
from tenants.session import ScopedSession
from workers.deliveries import check_deliveries

from .conftest import API_KEY, COUNCIL_KEY, NEXT_KEY, OTHER_KEY, elsewhere, make_dispatcher, service_of


@pytest.fixture(autouse=True)
def by_day(place, monkeypatch):
    monkeypatch.setattr("workers.dispatch.next_allowed", lambda _kind, _channel, moment: moment)
    yield
    place.sql("truncate notify_key, channel_hold, stopped_number")
    place.sql("update heard_text set answer = 'none' where answer = 'due'")
    place.sql("update heard_text set at = at - interval '2 days' where at > now() - interval '1 day'")


def _went_by(mailbox, message_id):
    return [one["service_id"] for one in mailbox.of(message_id)]


def _due(place):
    place.sql("update outbox set next_at = now() where state = 'queued'")


def test_messages_go_by_the_councils_own_service_and_others_by_ours(place, dispatcher, mailbox, enter):
    key_id = enter(COUNCIL_KEY, proven=False)
    (message_id,) = place.enqueue()
    other = elsewhere(place)
    dispatcher.drain()

    assert _went_by(mailbox, message_id) == [service_of(COUNCIL_KEY)]
    assert _went_by(mailbox, other) == [service_of(API_KEY)]
    assert (place.row(message_id)["notify_key_id"], place.row(other)["notify_key_id"]) == (key_id, None)
    (row,) = place.sql("select proven_at from notify_key")
    assert row["proven_at"] is not None


def test_what_became_of_it_is_asked_with_the_key_that_carried_it(place, dispatcher, mailbox, enter):
    """Also after another service's key took its place, and of a newer key of the same service."""
    enter(COUNCIL_KEY)
    (message_id,) = place.enqueue()
    dispatcher.drain()
    enter(OTHER_KEY)
    place.end_leases()

    assert check_deliveries(dispatcher) == 1
    assert place.row(message_id)["state"] == "delivered"


@pytest.mark.parametrize("trouble", [{"key_refused": 1}, {"daily_email": 1}, {"rate_limit": 1}])
def test_a_councils_trouble_stops_nobody_else(place, dispatcher, mailbox, enter, trouble):
    enter(COUNCIL_KEY)
    (message_id,) = place.enqueue()
    mailbox.bad_day(service=service_of(COUNCIL_KEY), **trouble)
    dispatcher.drain()
    other = elsewhere(place)
    dispatcher.drain()

    assert place.row(message_id)["state"] == "queued"
    assert _went_by(mailbox, other) == [service_of(API_KEY)]


@pytest.mark.parametrize("trouble", [{"key_refused": 1}, {"daily_email": 1}])
def test_our_own_trouble_stops_no_council_with_a_key(place, dispatcher, mailbox, enter, trouble):
    enter(COUNCIL_KEY)
    other = elsewhere(place)
    mailbox.bad_day(service=service_of(API_KEY), **trouble)
    dispatcher.drain()
    (message_id,) = place.enqueue()
    dispatcher.drain()

    assert place.row(other)["state"] == "queued"
    assert _went_by(mailbox, message_id) == [service_of(COUNCIL_KEY)]


def test_a_used_up_day_is_the_keys_own_and_the_page_says_so(place, dispatcher, mailbox, enter):
    enter(COUNCIL_KEY)
    (message_id,) = place.enqueue(channels=["sms"])
    _due(place)
    mailbox.bad_day(service=service_of(COUNCIL_KEY), daily_sms=1)
    dispatcher.drain()

    (row,) = place.sql("select sms_until, email_until from notify_key")
    assert row["sms_until"].astimezone(UTC) == midnight_after(now())
    assert row["email_until"] is None
    assert place.sql("select 1 from channel_hold") == []
    _due(place)
    fresh = make_dispatcher(place.stack, mailbox.url)
    assert fresh.send_batch() == (0, 0)
    fresh.engine.dispose()
    engine = make_engine(place.stack.url("wb_web"))
    with ScopedSession(engine, scope=place.world.school.lead.scope) as session:
        (line,) = timeline.list_for_recipient(
            session, place.world.school.school_id, "parent", place.parent_id
        )
    engine.dispose()
    assert "no more texts can go today" in str(line.words)
    # With another key they may go.
    mailbox.bad_day()
    enter(OTHER_KEY)
    dispatcher.drain()
    assert _went_by(mailbox, message_id) == [service_of(OTHER_KEY)]


def test_a_refused_key_is_marked_until_it_is_taken_again(place, dispatcher, mailbox, enter):
    enter(COUNCIL_KEY)
    (message_id,) = place.enqueue()
    mailbox.bad_day(key_refused=1)
    dispatcher.drain()
    (row,) = place.sql("select refused_since from notify_key")
    assert row["refused_since"] is not None

    mailbox.bad_day()
    _due(place)
    assert dispatcher.send_batch() == (0, 0)  # left alone for a while
    place.sql("update notify_key set refused_at = now() - interval '3 minutes'")
    dispatcher.rests.until.clear()
    dispatcher.drain()

    assert len(mailbox.of(message_id)) == 1
    (row,) = place.sql("select refused_since, refused_at from notify_key")
    assert row == {"refused_since": None, "refused_at": None}


def test_a_new_key_that_is_refused_at_once_gives_way_to_the_one_of_before(place, dispatcher, mailbox, enter):
    enter(COUNCIL_KEY)
    enter(OTHER_KEY, proven=False)
    (message_id,) = place.enqueue()
    mailbox.bad_day(service=service_of(OTHER_KEY), key_refused=1)
    dispatcher.drain()
    dispatcher.rests.until.clear()
    _due(place)
    dispatcher.drain()

    assert _went_by(mailbox, message_id) == [service_of(COUNCIL_KEY)]


def test_taken_back_the_services_own_key_is_used(place, dispatcher, mailbox, enter, take_back):
    enter(COUNCIL_KEY)
    take_back()
    (message_id,) = place.enqueue()
    dispatcher.drain()

    assert _went_by(mailbox, message_id) == [service_of(API_KEY)]


def _die_after_handing_over(place, mailbox):
    """A worker that dies between Notify's yes and its own record."""
    dying = make_dispatcher(place.stack, mailbox.url)
    chunk = dying.claim()
    line = dying.lines.of(chunk[0].authority_id)
    facts = dying._gather(chunk, line)
    assert all(dying.send(message, facts[message.id], line) for message in chunk)
    dying.engine.dispose()
    place.end_leases()


@pytest.mark.parametrize(("before", "after"), [
    (COUNCIL_KEY, OTHER_KEY),
    (COUNCIL_KEY, NEXT_KEY),
    (COUNCIL_KEY, None),
    (None, COUNCIL_KEY),
])  # fmt: skip
def test_a_worker_that_dies_while_the_key_is_changed_sends_nothing_twice(
    place, dispatcher, mailbox, enter, take_back, before, after
):
    if before:
        enter(before)
    (message_id,) = place.enqueue()
    _die_after_handing_over(place, mailbox)
    enter(after) if after else take_back()
    # The next dies before it looked anything up.
    dying = make_dispatcher(place.stack, mailbox.url)
    chunk = dying.claim()
    dying._gather(chunk, dying.lines.of(chunk[0].authority_id))
    dying.engine.dispose()
    place.end_leases()
    dispatcher.drain()

    assert len(mailbox.of(message_id)) == 1
    assert place.row(message_id)["state"] == "sent"
    place.end_leases()
    check_deliveries(dispatcher)
    assert place.row(message_id)["state"] == "delivered"


def test_a_worker_that_had_not_read_a_new_key_yet_sends_nothing_twice(place, dispatcher, mailbox, enter):
    """It hands a message over by the service's own key, though the message was written after the council's came."""
    enter(COUNCIL_KEY)
    (message_id,) = place.enqueue()
    dying = make_dispatcher(place.stack, mailbox.url)
    chunk = dying.claim()
    facts = dying._gather(chunk, dying.lines.own_line)
    assert all(dying.send(message, facts[message.id], dying.lines.own_line) for message in chunk)
    dying.engine.dispose()
    place.end_leases()
    dispatcher.drain()

    assert _went_by(mailbox, message_id) == [service_of(API_KEY)]
    assert place.row(message_id)["state"] == "sent"


def test_what_a_refused_key_left_goes_by_the_next(place, dispatcher, mailbox, enter):
    enter(COUNCIL_KEY)
    (message_id,) = place.enqueue()
    mailbox.bad_day(key_refused=1)
    dispatcher.drain()
    mailbox.bad_day()
    enter(OTHER_KEY)
    _due(place)
    dispatcher.rests.until.clear()
    dispatcher.drain()

    assert _went_by(mailbox, message_id) == [service_of(OTHER_KEY)]


def test_where_nobody_is_left_to_ask_it_is_not_sent_again(place, dispatcher, mailbox, enter):
    enter(COUNCIL_KEY)
    (message_id,) = place.enqueue()
    _die_after_handing_over(place, mailbox)
    enter(OTHER_KEY)
    place.sql("update notify_key set sealed = '' where ended_at is not null")
    dispatcher.drain()

    assert len(mailbox.of(message_id)) == 1
    assert (place.row(message_id)["state"], place.row(message_id)["problem"]) == ("failed", "no_answer")


def test_the_secret_of_an_ended_key_is_forgotten_after_a_while(place, dispatcher, enter, take_back):
    enter(COUNCIL_KEY)
    take_back()
    check_deliveries(dispatcher)
    assert place.sql("select 1 from notify_key where sealed <> ''")
    place.sql("update notify_key set ended_at = now() - interval '9 days'")
    check_deliveries(dispatcher)

    assert place.sql("select 1 from notify_key where sealed <> ''") == []


def test_no_key_stands_in_a_row_or_a_log(place, dispatcher, mailbox, enter, caplog, capsys):
    enter(COUNCIL_KEY)
    place.enqueue()
    mailbox.bad_day(key_refused=1)
    dispatcher.drain()

    said = caplog.text + "".join(capsys.readouterr()) + repr(dispatcher.lines)
    assert COUNCIL_KEY[-36:] not in said
    assert COUNCIL_KEY[-36:] not in str(place.sql("select * from notify_key"))
    assert timedelta(0) < now() - place.sql("select min(set_at) at from notify_key")[0]["at"]
