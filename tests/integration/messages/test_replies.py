"""What people answer: a stop stops the number, other words reach one school or nobody, an answer goes once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests
from sqlalchemy import create_engine

from app.messages.links import address_mark, read_stop_token
from app.messages.numbers import number_key
from infra.clock import now
from infra.database import sqlalchemy_url
from infra.ids import new_id
from infra.notify import Notify
from workers.replies import ReplyReader

from .conftest import API_KEY, make_dispatcher


@pytest.fixture
def phone(place):
    return place.world.school.parent.phone


@pytest.fixture
def reader(place, mailbox):
    made = make_reader(place, mailbox.url)
    yield made
    made.finder.dispose()
    made.web.dispose()
    place.sql("truncate stopped_number")
    # What this test heard stays heard, and is so old that it spends nobody's answer.
    place.sql("update heard_text set answer = 'none' where answer = 'due'")
    # Once: what is heard of more than a month ago is forgotten, and would be heard again.
    place.sql("update heard_text set at = at - interval '2 days' where at > now() - interval '1 day'")


def make_reader(place, url):
    settings = place.stack.settings()
    documents, web = (
        create_engine(sqlalchemy_url(place.stack.url(role))) for role in ("wb_documents", "wb_web")
    )
    notify = Notify(
        base_url=url,
        api_key=API_KEY,
        email_template_id=settings.notify_email_template_id,
        sms_template_id=settings.notify_sms_template_id,
        timeout=5,
    )
    return ReplyReader(documents, web, notify, settings.secret("secret_key"), settings.base_url)


@pytest.fixture
def reply(reader, mailbox, phone):
    """Somebody writes back; the answers that they got since."""

    def write(words, sender=phone):
        requests.post(
            f"{mailbox.url}/replies", json={"from": sender, "words": words}, timeout=10
        ).raise_for_status()

    return write


def _answers(mailbox):
    return [one for one in mailbox.messages() if (one["reference"] or "").startswith("answer-")]


def _new_answers(mailbox, before):
    return [one["body"] for one in _answers(mailbox)[: len(_answers(mailbox)) - len(before)]]


def _stopped(place):
    rows = place.sql("select parent_id from parent_contact where texts_stopped_at is not null")
    return {row["parent_id"] for row in rows}


def _texted(place, school, parent, **values):
    """As if this school had texted this parent, so long ago."""
    key = number_key(place.stack.settings().secret("secret_key"), values.get("phone") or parent.phone)
    (message_id,) = place.enqueue(
        school_id=school.school_id,
        scope=school.lead.scope,
        recipient_id=parent.person_id,
        subject_id=school.ids["cohort_id"],
        channels=["sms"],
    )
    place.sql(
        "update outbox set state = 'delivered', number_hash = %s, sent_at = now() - %s where id = %s",
        key,
        values.get("ago", timedelta(days=1)),
        message_id,
    )


def test_stop_stops_texts_and_withdraws_the_consent(place, reader, reply):
    reply("Please stop")

    assert reader.read() == 1
    assert _stopped(place) == {place.parent_id}
    consents = place.sql("select kind from consent where given and parent_id = %s", place.parent_id)
    assert {"kind": "text"} not in consents
    assert {"kind": "email"} in consents


def test_the_number_is_stopped_in_every_school_of_every_authority(place, reader, reply, phone):
    sharing = [place.world.sibling_school.parent, place.world.other_authority.schools[0].parent]
    for one in sharing:
        place.sql("update parent_contact set phone = %s where parent_id = %s", phone, one.person_id)
        place.sql(
            "update consent set changed_at = now() - interval '1 day' where parent_id = %s", one.person_id
        )
    reply("STOP ALL")

    reader.read()
    for one in sharing:
        place.sql("update parent_contact set phone = %s where parent_id = %s", one.phone, one.person_id)

    assert _stopped(place) == {place.parent_id, *(one.person_id for one in sharing)}


def test_a_stopped_number_takes_no_text_of_a_school_that_adds_it_later(
    place, dispatcher, mailbox, reader, reply, phone
):
    other = place.world.sibling_school
    reply("stop texting me")
    reader.read()
    place.sql("update parent_contact set phone = %s where parent_id = %s", phone, other.parent.person_id)
    place.sql(
        "update consent set changed_at = now() - interval '1 day' where parent_id = %s",
        other.parent.person_id,
    )
    (message_id,) = place.enqueue(
        scope=other.lead.scope,
        school_id=other.school_id,
        recipient_id=other.parent.person_id,
        subject_id=other.ids["cohort_id"],
        channels=["sms"],
    )
    place.sql("update outbox set next_at = now()")
    dispatcher.drain()

    place.sql(
        "update parent_contact set phone = %s where parent_id = %s",
        other.parent.phone,
        other.parent.person_id,
    )
    assert mailbox.of(message_id) == []
    # Nothing of another school or of a reply is said.
    assert place.row(message_id)["problem"] == "number_stopped"


def test_who_agrees_to_texts_again_gets_them(place, dispatcher, mailbox, reader, reply, monkeypatch):
    monkeypatch.setattr("workers.dispatch.next_allowed", lambda _kind, _channel, moment: moment)
    reply("STOP")
    reader.read()
    place.sql("update parent_contact set texts_stopped_at = null where parent_id = %s", place.parent_id)
    place.sql(
        "update consent set given = true, changed_at = now() + interval '1 second' where kind = 'text'"
        " and parent_id = %s",
        place.parent_id,
    )
    (message_id,) = place.enqueue(channels=["sms"])
    place.sql("update outbox set next_at = now()")

    dispatcher.drain()

    assert len(mailbox.of(message_id)) == 1


def test_words_reach_the_one_school_that_texted_lately(place, reader, reply, mailbox):
    before = _answers(mailbox)
    _texted(place, place.world.school, place.world.school.parent)
    reply("Running late, sorry. আমি আসছি")

    reader.read()

    (kept,) = place.sql("select * from text_reply where words like 'Running late, sorry%%'")
    assert (kept["school_id"], kept["recipient_id"]) == (place.world.school.school_id, place.parent_id)
    assert kept["words"] == "Running late, sorry. আমি আসছি"
    (answer,) = _new_answers(mailbox, before)
    assert "999" in answer
    assert _stopped(place) == set()


@pytest.mark.parametrize("case", ["nobody", "too long ago", "two schools"])
def test_words_that_could_be_for_several_or_none_reach_nobody(place, reader, reply, mailbox, phone, case):
    before = _answers(mailbox)
    school, sibling = place.world.school, place.world.sibling_school
    if case != "nobody":
        _texted(place, school, school.parent, ago=timedelta(days=15 if case == "too long ago" else 2))
    if case == "two schools":
        _texted(place, sibling, sibling.parent, phone=phone)
    reply("my own words are secret")

    reader.read()

    assert place.sql("select 1 from text_reply where words like 'my own%%'") == []
    assert "secret" not in str(place.sql("select * from heard_text"))
    (answer,) = _new_answers(mailbox, before)
    assert "999" in answer
    assert "/go/home" in answer


def test_two_robots_do_not_talk(place, reader, reply, mailbox):
    before = _answers(mailbox)
    for number in range(5):
        reply(f"I am out of office, message {number}")
        reader.read()
    for _ in range(3):
        reply("STOP")
        reader.read()

    assert len(_new_answers(mailbox, before)) == 2


@pytest.mark.parametrize("sender", ["60006", "AMAZON", "+33612345678"])
def test_does_not_answer_a_number_that_is_not_a_british_mobile(reader, reply, mailbox, sender):
    before = _answers(mailbox)
    reply("hello", sender=sender)

    reader.read()

    assert _new_answers(mailbox, before) == []


def test_an_answer_whose_fate_is_unknown_is_looked_up_and_goes_once(place, reader, reply, mailbox):
    before = _answers(mailbox)
    reply("hello?")
    mailbox.bad_day(drop_reply=1)
    reader.read()
    assert place.sql("select 1 from heard_text where answer = 'due'")
    mailbox.bad_day()
    place.sql("update heard_text set lease_until = now() - interval '1 second' where answer = 'due'")

    reader.read()
    reader.read()

    assert len(_new_answers(mailbox, before)) == 1
    assert place.sql("select 1 from heard_text where answer = 'due'") == []


def test_two_readers_hear_a_reply_once(place, reader, reply, mailbox):
    before = _answers(mailbox)
    _texted(place, place.world.school, place.world.school.parent)
    reply("only once")
    second = make_reader(place, mailbox.url)

    reader.read()
    second.read()
    second.finder.dispose()
    second.web.dispose()

    assert len(place.sql("select 1 from text_reply where words = 'only once'")) == 1
    assert len(_new_answers(mailbox, before)) == 1


def test_an_old_stop_read_again_does_not_undo_a_new_yes(place, reader, reply):
    reply("STOP")
    reader.read()
    place.sql("update parent_contact set texts_stopped_at = null")
    place.sql("update consent set given = true, changed_at = now() where kind = 'text'")

    assert reader.read() == 0
    assert _stopped(place) == set()


def test_letters_that_nothing_can_hold_are_left_out_and_keep_no_other_reply(place, reader, reply):
    _texted(place, place.world.school, place.world.school.parent)
    reply("see you \x00 tomorrow")
    reply("Please stop")

    assert reader.read() == 1
    assert [row["words"] for row in place.sql("select words from text_reply")][-1:] == ["see you  tomorrow"]


class Page:
    """What Notify may hand on: half a pair, and what is no reply at all, before a STOP."""

    def __init__(self, phone, *words):
        self.items = [
            {"id": str(new_id()), "user_number": phone, "content": said, "created_at": when}
            for said, when in words
        ]

    def get_received_texts(self):
        return {"received_text_messages": [{}, {"id": "x"}, None, *self.items]}


def test_half_a_pair_and_a_broken_reply_keep_no_other_reply(place, reader, phone, monkeypatch):
    _texted(place, place.world.school, place.world.school.parent)
    earlier, later = (f"{now() - timedelta(minutes=ago):%Y-%m-%dT%H:%M:%S}" for ago in (3, 2))
    page = Page(phone, ("see you \ud83d there", earlier), ("STOP", f"{later}Z"))
    monkeypatch.setattr(Notify, "_client", page)

    assert reader.read() == 1
    assert {"words": "see you  there"} in place.sql("select words from text_reply")
    assert _stopped(place) == {place.parent_id}


def test_the_trouble_of_one_reply_is_not_anothers(place, reader, reply, monkeypatch):
    reply("this one is trouble")
    reply("STOP")

    def says(words):
        if "trouble" in words:
            raise ValueError("nobody foresaw this")
        return "STOP" in words

    with monkeypatch.context() as troubled:
        troubled.setattr("workers.replies.says_stop", says)
        assert reader.read() == 1
    # It waited, and is heard once nothing is in its way any more.
    assert reader.read() == 0


def test_a_provider_that_does_not_answer_changes_nothing(place):
    nowhere = make_reader(place, "http://127.0.0.1:9")

    assert nowhere.read() == 0
    nowhere.finder.dispose()
    nowhere.web.dispose()


def test_the_first_text_to_a_number_says_so_and_the_second_does_not(place, dispatcher, mailbox, monkeypatch):
    monkeypatch.setattr("workers.dispatch.next_allowed", lambda _kind, _channel, moment: moment)
    place.sql("update outbox set number_hash = null")
    (first,) = place.enqueue(channels=["sms"])
    place.sql("update outbox set next_at = now()")
    dispatcher.drain()
    (second,) = place.enqueue(channels=["sms"])
    place.sql("update outbox set next_at = now() where state = 'queued'")
    dispatcher.drain()

    assert "Not you?" in mailbox.of(first)[0]["body"]
    assert "Reply STOP to end texts." in mailbox.of(first)[0]["body"]
    assert "Not you?" not in mailbox.of(second)[0]["body"]


def test_an_email_to_a_parent_can_be_stopped_by_one_click(place, mailbox):
    dispatcher = make_dispatcher(place.stack, mailbox.url, base_url="https://wb.example.gov.uk")
    (message_id,) = place.enqueue()

    dispatcher.drain()
    dispatcher.engine.dispose()

    headers = mailbox.of(message_id)[0]["headers"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<https://wb.example.gov.uk/stop/")
    assert headers["List-Unsubscribe"].endswith("/at-once>")
    key, token = place.stack.settings().secret("secret_key"), headers["List-Unsubscribe"].split("/")[-2]
    assert read_stop_token(key, token).sent_to == address_mark(key, place.world.school.parent.email)
