"""A council's own service speaks and is spoken to: what it says counts for that council alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests

from app.messages.callbacks import digest_of
from infra.ids import new_id
from workers.deliveries import take_in_said

from .conftest import API_KEY, COUNCIL_KEY, elsewhere, service_of
from .test_callbacks import DELIVERY, TEXT, delivery
from .test_callbacks import text as said_text
from .test_replies import make_reader


@pytest.fixture(autouse=True)
def by_day(place, monkeypatch):
    monkeypatch.setattr("workers.dispatch.next_allowed", lambda _kind, _channel, moment: moment)
    yield
    place.sql("truncate notify_key, channel_hold, stopped_number")
    place.sql("update heard_text set answer = 'none' where answer = 'due'")
    place.sql("update heard_text set at = at - interval '2 days' where at > now() - interval '1 day'")


def _due(place):
    place.sql("update outbox set next_at = now() where state = 'queued'")


@pytest.fixture
def reader(place, mailbox):
    made = make_reader(place, mailbox.url)
    yield made
    made.finder.dispose()
    made.web.dispose()


def _write(mailbox, sender, words, key):
    body = {"from": sender, "words": words, "service": service_of(key)}
    requests.post(f"{mailbox.url}/replies", json=body, timeout=10).raise_for_status()


def _stopped(place):
    rows = place.sql("select parent_id from parent_contact where texts_stopped_at is not null")
    return {row["parent_id"] for row in rows}


def test_a_stop_to_a_councils_own_number_stops_its_texts_and_nobody_elses(place, mailbox, reader, enter):
    enter(COUNCIL_KEY)
    school, other = place.world.school, place.world.other_school
    _write(mailbox, other.parent.phone, "STOP", COUNCIL_KEY)
    _write(mailbox, school.parent.phone, "STOP", COUNCIL_KEY)
    reader.read()

    assert place.parent_id in _stopped(place)
    assert other.parent.person_id not in _stopped(place)
    answers = [one for one in mailbox.messages() if (one["reference"] or "").startswith("answer-")]
    assert {one["service_id"] for one in answers[:2]} == {service_of(COUNCIL_KEY)}


def test_a_number_stopped_at_one_council_is_texted_by_another(place, dispatcher, mailbox, reader, enter):
    enter(COUNCIL_KEY)
    other = place.world.other_school
    _write(mailbox, other.parent.phone, "STOP", COUNCIL_KEY)
    reader.read()
    place.sql("update consent set changed_at = least(changed_at, now() - interval '1 hour')")
    theirs = elsewhere(place, channels=["sms"])
    _due(place)
    dispatcher.drain()

    assert place.row(theirs)["state"] == "sent"


def test_words_to_a_councils_number_reach_its_school_alone(place, dispatcher, mailbox, reader, enter):
    place.sql("truncate text_reply")
    other = place.world.other_school
    theirs = elsewhere(place, channels=["sms"])
    _due(place)
    dispatcher.drain()
    assert place.row(theirs)["state"] == "sent"
    enter(COUNCIL_KEY)
    _write(mailbox, other.parent.phone, "Can somebody call me?", COUNCIL_KEY)
    reader.read()

    assert place.sql("select 1 from text_reply") == []
    # To our own number they reach it.
    _write(mailbox, other.parent.phone, "Can somebody call me today?", API_KEY)
    reader.read()
    (row,) = place.sql("select school_id from text_reply")
    assert row["school_id"] == other.school_id


@pytest.fixture
def token(place):
    """`token(council)`: what that council's service bears."""

    def make(authority_id=None, name="token"):
        digest = digest_of(name.ljust(64, "x"))
        place.sql(
            "insert into notify_callback values (%s, %s, %s, null, 'Somebody', now(), null)"
            " on conflict (authority_id) do update set before_hash = notify_callback.token_hash,"
            " token_hash = excluded.token_hash, heard_at = null",
            authority_id or place.world.school.authority_id,
            new_id(),
            digest,
        )
        return name.ljust(64, "x")

    yield make
    place.sql("truncate notify_callback, delivery_said, text_said, text_reply")


def test_a_councils_service_says_what_became_of_its_own_messages(place, dispatcher, tell, enter, token):
    enter(COUNCIL_KEY)
    (message_id,) = place.enqueue()
    dispatcher.drain()
    own = token()

    assert tell(DELIVERY, delivery(place.row(message_id)["provider_id"]), own).status_code == 200
    assert take_in_said(dispatcher) == 1
    assert place.row(message_id)["state"] == "delivered"
    # From now on it is told, and asks later.
    (later,) = place.enqueue()
    dispatcher.drain()
    row = place.row(later)
    assert row["next_at"] - row["sent_at"] > timedelta(minutes=50)


def test_nobody_settles_what_another_carried(place, dispatcher, tell, enter, token):
    """Neither a council another's or ours, nor whoever bears our token a council's."""
    enter(COUNCIL_KEY)
    (mine,) = place.enqueue()
    theirs = elsewhere(place)
    dispatcher.drain()
    other, own = token(place.world.other_authority.authority_id, "other"), token()
    tell(DELIVERY, delivery(place.row(mine)["provider_id"], "permanent-failure"), other)
    tell(DELIVERY, delivery(place.row(theirs)["provider_id"], "permanent-failure"), own)
    assert take_in_said(dispatcher) == 0
    place.sql("truncate delivery_said")
    tell(DELIVERY, delivery(place.row(mine)["provider_id"], "permanent-failure"))
    tell(DELIVERY, delivery(place.row(theirs)["provider_id"], "permanent-failure"), other)

    assert take_in_said(dispatcher) == 0
    assert {place.row(one)["state"] for one in (mine, theirs)} == {"sent"}


def test_a_text_that_a_councils_service_brings_reaches_its_school_alone(place, tell, reader, enter, token):
    place.sql("truncate text_reply")
    enter(COUNCIL_KEY)
    own = token()
    phone = place.world.other_school.parent.phone
    tell(TEXT, said_text(place, "STOP", source_number=phone.replace("07", "447", 1)), own)
    tell(TEXT, said_text(place, "STOP"), own)
    reader.read()

    assert _stopped(place) == {place.parent_id}


def test_the_token_of_before_is_taken_until_the_new_one_was_heard(place, tell, token):
    before = token(name="before")
    after = token(name="after")
    said = delivery(new_id())

    assert tell(DELIVERY, said, before).status_code == 200
    assert tell(DELIVERY, said, after).status_code == 200
    assert tell(DELIVERY, said, before).status_code == 401
    assert tell(DELIVERY, said, "").status_code == 401
