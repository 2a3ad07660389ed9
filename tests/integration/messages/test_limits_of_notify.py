"""Too many in a minute, too many today, a key that is not taken: nothing is lost, nothing offered again and again."""

from __future__ import annotations

from datetime import UTC

import pytest
import requests

from app.messages import timeline
from app.states.messages import Channel
from infra.clock import now
from infra.database import make_engine
from infra.notify import midnight_after
from tenants.session import ScopedSession

from .conftest import make_dispatcher
from .test_replies import make_reader


@pytest.fixture(autouse=True)
def by_day(place, monkeypatch):
    monkeypatch.setattr("workers.dispatch.next_allowed", lambda _kind, _channel, moment: moment)
    yield
    place.sql("truncate channel_hold")
    place.sql("update heard_text set answer = 'none' where answer = 'due'")


@pytest.fixture
def calls(dispatcher, monkeypatch):
    """What was handed to Notify."""
    made = []
    send = type(dispatcher)._hand_over

    def hand_over(self, message, facts, line, words):
        made.append(message.channel)
        return send(self, message, facts, line, words)

    monkeypatch.setattr(type(dispatcher), "_hand_over", hand_over)
    return made


def _due(place):
    place.sql("update outbox set next_at = now() where state = 'queued'")


def test_a_minute_that_is_full_is_left_alone(place, mailbox, dispatcher, calls):
    """Given a full minute, when many messages are due, then no call follows the first refusals, and all go later."""
    ids = [one for _ in range(60) for one in place.enqueue()]
    mailbox.bad_day(rate_limit=1)
    dispatcher.drain()
    mailbox.bad_day()

    assert len(calls) <= 10  # as many as are in flight at once
    assert {place.row(one)["state"] for one in ids} == {"queued"}
    dispatcher.rests.until.clear()
    _due(place)
    dispatcher.drain()
    assert all(len(mailbox.of(one)) == 1 for one in ids)


def test_no_more_texts_today_hold_texts_until_midnight_utc_and_nothing_else(
    place, mailbox, dispatcher, calls
):
    texts = [one for _ in range(3) for one in place.enqueue(channels=["sms"])]
    (email,) = place.enqueue()
    _due(place)
    mailbox.bad_day(daily_sms=1)
    dispatcher.drain()

    assert len(mailbox.of(email)) == 1
    (held,) = place.sql("select channel, until from channel_hold")
    assert held["channel"] == "sms"
    assert held["until"].astimezone(UTC) == midnight_after(now())

    # Another worker, which has asked nobody yet, claims none of them.
    calls.clear()
    _due(place)
    other = make_dispatcher(place.stack, mailbox.url)
    assert other.send_batch() == (0, 0)
    other.engine.dispose()
    assert calls == []

    mailbox.bad_day()
    dispatcher.rests.until.clear()
    place.sql("update channel_hold set until = now() - interval '1 second'")
    dispatcher.drain()
    assert all(len(mailbox.of(one)) == 1 for one in texts)


def test_the_page_of_a_parent_says_what_waits_and_why(place, mailbox, dispatcher):
    place.enqueue(channels=["sms"])
    _due(place)
    mailbox.bad_day(daily_sms=1)
    dispatcher.drain()

    engine = make_engine(place.stack.url("wb_web"))
    with ScopedSession(engine, scope=place.world.school.lead.scope) as session:
        lines = timeline.list_for_recipient(session, place.world.school.school_id, "parent", place.parent_id)
    engine.dispose()

    assert [(line.channel, str(line.words)) for line in lines] == [
        (Channel.SMS, "waits until tomorrow: no more texts can go today")
    ]


def test_a_key_that_is_not_taken_costs_no_message_and_is_not_tried_on_each(place, mailbox, dispatcher, calls):
    ids = [one for _ in range(40) for one in place.enqueue()]
    mailbox.bad_day(key_refused=1)
    dispatcher.drain()
    mailbox.bad_day()

    assert len(calls) <= 10
    assert {place.row(one)["state"] for one in ids} == {"queued"}


def test_an_answer_waits_for_the_new_day_and_goes_once(place, mailbox):
    # What tests before left waiting is not of this day.
    place.sql("update heard_text set answer = 'none' where answer = 'due'")
    reader = make_reader(place, mailbox.url)
    sender = "07700 900555"
    requests.post(f"{mailbox.url}/replies", json={"from": sender, "words": "STOP"}, timeout=10)
    mailbox.bad_day(daily_sms=1)
    reader.read()
    (heard,) = place.sql("select lease_until from heard_text where answer = 'due'")
    assert heard["lease_until"].astimezone(UTC) == midnight_after(now())

    mailbox.bad_day()
    reader.read()
    assert place.sql("select 1 from heard_text where answer = 'due'")
    place.sql("update heard_text set lease_until = now() - interval '1 second' where answer = 'due'")
    reader.read()
    assert place.sql("select 1 from heard_text where answer = 'due'") == []
    reader.finder.dispose()
    reader.web.dispose()
    place.sql("truncate stopped_number")
    place.sql("update heard_text set at = at - interval '2 days' where at > now() - interval '1 day'")
