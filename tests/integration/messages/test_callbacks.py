"""What Notify says by itself: taken in once, in any order, and by nobody who bears no token."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
import requests
from werkzeug.serving import make_server

from app.extensions import limiter
from app.messages.callbacks import LONGEST
from demo.mailbox.callbacks import Where
from demo.mailbox.web import create_mailbox
from workers.deliveries import check_deliveries, take_in_said
from workers.dispatch import FIRST_LOOK_AFTER_CALLBACKS

from .conftest import API_KEY, NEW, OLD, make_dispatcher
from .test_replies import make_reader

DELIVERY, TEXT = "/notify/delivery", "/notify/text"


def delivery(provider_id, status="delivered"):
    return {"id": str(provider_id), "reference": None, "to": "ada@example.org", "status": status}


def text(place, words="Can somebody call me?", **changes):
    return {
        "id": str(uuid4()),
        "source_number": place.world.school.parent.phone.replace("07", "447", 1),
        "destination_number": "447700900000",
        "message": words,
        "date_received": place.sql(
            "select to_char(now() at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') at"
        )[0]["at"],
    } | changes


@pytest.fixture
def sent(place, dispatcher):
    """A message that has gone, and Notify's id of it."""

    def send(**values):
        (message_id,) = place.enqueue(**values)
        dispatcher.drain()
        return message_id, place.row(message_id)["provider_id"]

    return send


@pytest.mark.parametrize(
    ("status", "state", "problem"),
    [
        ("delivered", "delivered", ""),
        ("permanent-failure", "failed", "not_delivered"),
        ("temporary-failure", "failed", "not_now"),
        ("technical-failure", "failed", "refused"),
    ],
)
def test_a_callback_settles_its_message_without_a_question(
    place, sent, dispatcher, tell, status, state, problem
):
    message_id, provider_id = sent()

    assert tell(DELIVERY, delivery(provider_id, status)).status_code == 200
    assert take_in_said(dispatcher) == 1

    row = place.row(message_id)
    assert (row["state"], row["problem"]) == (state, problem)
    assert place.sql("select 1 from delivery_said") == []


def test_twice_late_and_in_the_wrong_order_is_harmless(place, sent, dispatcher, tell):
    message_id, provider_id = sent()
    tell(DELIVERY, delivery(provider_id))
    take_in_said(dispatcher)

    for late in ("sent", "permanent-failure", "delivered"):
        assert tell(DELIVERY, delivery(provider_id, late)).status_code == 200
        assert take_in_said(dispatcher) == 0

    assert place.row(message_id)["state"] == "delivered"


def test_the_first_end_counts_of_two_that_wait(place, sent, dispatcher, tell):
    message_id, provider_id = sent()
    tell(DELIVERY, delivery(provider_id, "permanent-failure"))
    tell(DELIVERY, delivery(provider_id))
    take_in_said(dispatcher)

    assert place.row(message_id)["state"] == "failed"


def test_a_callback_that_overtakes_our_own_record_waits_for_it(place, dispatcher, mailbox, tell):
    """Given a worker that has handed a message over and not yet written that down, when the callback comes, then it
    settles the message once that is written."""
    (message_id,) = place.enqueue()
    (message,) = dispatcher.claim()
    line = dispatcher.lines.own_line
    facts = dispatcher._gather([message], line)[message.id]
    outcome = dispatcher.send(message, facts, line)
    tell(DELIVERY, delivery(outcome.provider_id))

    assert take_in_said(dispatcher) == 0
    assert place.row(message_id)["state"] == "sending"
    dispatcher.record([outcome])
    assert take_in_said(dispatcher) == 1

    assert place.row(message_id)["state"] == "delivered"


def test_a_message_of_a_council_is_settled_too(place, dispatcher, tell):
    (message_id,) = place.sql(
        "insert into authority_outbox (authority_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key,"
        " state, next_at, provider_id, created_at, sent_at)"
        " values (%s, gen_random_uuid(), 'x', 'email', 'member', %s, 'x', 'sent', now(), %s, now(), now())"
        " returning id",
        place.world.authority.authority_id,
        place.world.authority.admin.person_id,
        provider_id := str(uuid4()),
    )
    tell(DELIVERY, delivery(provider_id))

    assert take_in_said(dispatcher) == 1
    assert place.row(message_id["id"])["state"] == "delivered"


def test_a_message_of_nobody_is_answered_well_and_forgotten_within_the_hour(place, dispatcher, tell):
    assert tell(DELIVERY, delivery(uuid4())).status_code == 200
    assert take_in_said(dispatcher) == 0
    assert len(place.sql("select 1 from delivery_said")) == 1

    place.sql("update delivery_said set at = at - interval '61 minutes'")
    take_in_said(dispatcher)

    assert place.sql("select 1 from delivery_said") == []


def test_what_no_callback_settled_is_asked_about_after_an_hour(place, mailbox):
    told = make_dispatcher(place.stack, mailbox.url, is_told=True)
    (message_id,) = place.enqueue()
    told.drain()
    row = place.row(message_id)
    assert abs(row["next_at"] - row["sent_at"] - FIRST_LOOK_AFTER_CALLBACKS) < timedelta(minutes=1)
    assert check_deliveries(told) == 0

    place.sql("update outbox set next_at = now() where id = %s", message_id)
    assert check_deliveries(told) == 1
    told.engine.dispose()

    assert place.row(message_id)["state"] == "delivered"


@pytest.fixture
def reader(place, mailbox):
    made = make_reader(place, mailbox.url)
    yield made
    made.finder.dispose()
    made.web.dispose()
    _forget_texts(place)


def _forget_texts(place):
    place.sql("truncate stopped_number, text_reply, text_said")
    place.sql("update heard_text set answer = 'none' where answer = 'due'")
    # Once: what is heard of more than a month ago is forgotten, and would be heard again.
    place.sql("update heard_text set at = at - interval '2 days' where at > now() - interval '1 day'")


def test_a_text_that_is_brought_stops_as_one_that_is_asked_for(place, reader, tell):
    said = text(place, "STOP")
    for _ in range(2):
        assert tell(TEXT, said).status_code == 200

    assert reader.read() == 1
    assert reader.read() == 0
    (heard,) = place.sql("select heard from heard_text where reply_id = %s", said["id"])
    assert heard["heard"] == "stop"
    # Answered: the words are kept nowhere any more, and brought again it is not heard again.
    assert place.sql("select 1 from text_said") == []
    tell(TEXT, said)
    assert place.sql("select 1 from text_said") == []


def test_a_text_that_is_brought_and_asked_for_is_heard_once(place, reader, mailbox, tell):
    received = requests.post(
        f"{mailbox.url}/replies", json={"from": place.world.school.parent.phone, "words": "STOP"}, timeout=10
    ).json()
    tell(TEXT, text(place, "STOP", id=received["id"]))

    assert reader.read() == 1
    assert len(place.sql("select 1 from heard_text where reply_id = %s", received["id"])) == 1


def test_a_text_is_heard_while_notify_itself_is_away(place, tell):
    nowhere = make_reader(place, "http://127.0.0.1:9")
    tell(TEXT, text(place, "stop \x00 \ud83d please"))

    assert nowhere.read() == 1
    nowhere.finder.dispose()
    nowhere.web.dispose()
    # Its answer waits, and would be sent by whichever reader comes next.
    _forget_texts(place)


@pytest.mark.parametrize("address", [DELIVERY, TEXT])
@pytest.mark.parametrize("token", ["", "x", OLD + "x", NEW.upper()])
def test_without_a_token_nothing_is_taken_and_nothing_is_told(place, tell, address, token):
    body = delivery(uuid4()) if address == DELIVERY else text(place)
    answer = tell(address, body, token)

    assert answer.status_code == 401
    assert answer.get_json() == {"error": "A bearer token of this service is needed."}
    assert place.sql("select 1 from delivery_said union all select 1 from text_said") == []


def test_the_token_of_before_opens_until_it_is_taken_out(tell):
    assert tell(DELIVERY, delivery(uuid4()), OLD).status_code == 200


@pytest.mark.parametrize("address", [DELIVERY, TEXT])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{broken", 400),
        (b"\xff\xfe", 400),
        (b"[" * 50_000, 400),
        ([1], 400),
        ({}, 400),
        ({"id": "7", "status": "delivered"}, 400),
        (b"{" + b" " * LONGEST, 413),
    ],
)
def test_what_is_not_understood_is_answered_in_words(place, tell, address, body, status):
    answer = tell(address, body)

    assert answer.status_code == status
    assert answer.get_json()["error"]
    assert place.sql("select 1 from delivery_said union all select 1 from text_said") == []


@pytest.mark.parametrize(
    "at",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2020-02-29T00:00:00Z",
        "2400-01-01T00:00:00Z",
    ],
)
def test_a_text_of_another_time_is_not_taken(place, tell, at):
    answer = tell(TEXT, text(place, date_received=at))

    assert answer.status_code == 400
    assert "last seven days" in answer.get_json()["error"]
    assert place.sql("select 1 from text_said") == []


def test_one_text_that_cannot_be_read_keeps_no_other_back(place, reader, tell):
    place.sql(
        "insert into text_said (reply_id, number, words, at, said_at)"
        " values (gen_random_uuid(), '447700900999', 'x', '0001-12-31 BC', app.now())"
    )
    tell(TEXT, text(place, "STOP x"))

    assert reader.read() == 1


def test_a_text_without_end_is_kept_as_far_as_anybody_reads(place, tell):
    tell(TEXT, text(place, "a" * 60_000))

    assert place.sql("select length(words) as letters from text_said")[0]["letters"] == 2_000


def test_nothing_of_a_person_is_in_the_log(place, tell, capfd):
    tell(DELIVERY, delivery(uuid4(), "permanent-failure"))
    tell(TEXT, text(place, "my secret words"))
    tell(TEXT, text(place, "my secret words", date_received="no day"))
    logging.getLogger().handlers[0].flush()

    said = capfd.readouterr()
    for private in ("ada@", "secret", place.world.school.parent.phone[-6:], NEW):
        assert private not in said.out + said.err


def test_whoever_guesses_tokens_is_slowed_and_notify_is_not(service, place, tell):
    limiter.enabled = True
    try:
        limiter.reset()
        answers: list[int] = []
        # Wherever a minute begins, and however slowly they come.
        while 429 not in answers and len(answers) < 300:
            answers.append(tell(DELIVERY, delivery(uuid4()), "wrong").status_code)
        assert answers[-1] == 429
        assert answers[:-1] == [401] * (len(answers) - 1)
        assert len(answers) > 30
        # A 429 is not sent again, and would lose a STOP: who bears the token is never slowed.
        assert tell(DELIVERY, delivery(uuid4())).status_code == 200
    finally:
        limiter.enabled = False
        limiter.reset()


@contextmanager
def _serving(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def test_from_the_sending_to_arrived_with_bad_days_between(service, place, tmp_path):
    """Given callbacks that are dropped, doubled and overtaken, when messages go, then each ends as it should: some by a
    callback, the rest by the sweep, and none twice."""
    with _serving(service) as address:
        mailbox = create_mailbox(
            tmp_path, api_key=API_KEY, callbacks=Where.at(address, OLD, retry_seconds=0.2)
        )
        mailbox.extensions["mailbox_faults"].set(
            {"callback_drop": 0.3, "callback_repeat": 0.3, "callback_reorder": 0.3}
        )
        with _serving(mailbox) as notify:
            told = make_dispatcher(place.stack, notify, is_told=True)
            ids = [one for _ in range(12) for one in place.enqueue()]
            told.drain()
            made = mailbox.extensions["mailbox_callbacks"]
            while made._calls:
                threading.Event().wait(0.2)
            made.close()
            by_callback = take_in_said(told)
            place.sql("update outbox set next_at = now() where state = 'sent'")
            by_sweep = check_deliveries(told)
            told.engine.dispose()
        mailbox.extensions["mailbox_store"].close()

    assert by_callback + by_sweep == 12
    assert by_callback > 0
    assert {place.row(one)["state"] for one in ids} == {"delivered"}
    place.sql("truncate delivery_said")
