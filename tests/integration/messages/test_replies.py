"""A STOP by text stops texts in every school with that number, until the parent agrees again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import create_engine

from infra.clock import now
from infra.database import sqlalchemy_url
from infra.notify import Reply, Unknown
from workers.replies import ReplyReader


class FakeReplies:
    def __init__(self):
        self.replies = []

    def list_replies(self):
        if isinstance(self.replies, Exception):
            raise self.replies
        return self.replies


@pytest.fixture
def notify():
    return FakeReplies()


@pytest.fixture
def reader(place, notify):
    engines = [create_engine(sqlalchemy_url(place.stack.url(role))) for role in ("wb_documents", "wb_web")]
    yield ReplyReader(*engines, notify)
    for engine in engines:
        engine.dispose()


@pytest.fixture
def reply(place, notify):
    def write(words="STOP", phone=None, after=timedelta(minutes=1)):
        notify.replies = [
            Reply(
                f"reply-{words}", (phone or place.world.school.parent.phone).lstrip("+"), words, now() + after
            )
        ]

    return write


def _stopped(place):
    rows = place.sql("select parent_id from parent_contact where texts_stopped_at is not null")
    return {row["parent_id"] for row in rows}


def test_stop_stops_texts_and_withdraws_the_consent(place, reader, reply):
    reply("Stop please")

    assert reader.read() == 1
    assert _stopped(place) == {place.parent_id}
    consents = place.sql("select kind from consent where given and parent_id = %s", place.parent_id)
    assert {"kind": "text"} not in consents
    assert {"kind": "email"} in consents


def test_other_words_stop_nothing(place, reader, reply):
    reply("Can't stop by on Tuesday")

    assert reader.read() == 0
    assert _stopped(place) == set()


def test_a_number_that_nobody_has_stops_nobody(place, reader, reply):
    reply(phone="+447700900999")

    assert reader.read() == 0


def test_an_old_stop_read_again_does_not_undo_a_new_yes(place, reader, reply):
    place.sql("update consent set changed_at = now() where parent_id = %s", place.parent_id)
    reply(after=-timedelta(minutes=1))

    assert reader.read() == 0
    assert _stopped(place) == set()


def test_the_number_is_stopped_in_every_school(place, reader, reply):
    sibling = place.world.sibling_school.parent
    before = sibling.phone
    place.sql(
        "update parent_contact set phone = %s where parent_id = %s",
        place.world.school.parent.phone,
        sibling.person_id,
    )
    reply()

    reader.read()
    place.sql("update parent_contact set phone = %s where parent_id = %s", before, sibling.person_id)

    assert _stopped(place) == {place.parent_id, sibling.person_id}


def test_a_provider_that_does_not_answer_changes_nothing(reader, notify):
    notify.replies = Unknown()

    assert reader.read() == 0
