"""A preview is the message: the same words, from the same facts, by the channels that reach this person."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from app.messages.previews import previews
from infra.database import sqlalchemy_url
from tenants.session import ScopedSession


@pytest.fixture
def look(app, place):
    """What staff are shown before they press."""
    engine = create_engine(sqlalchemy_url(place.stack.url("wb_web")))

    def make(kind, recipient_kind, recipient_id):
        lead = place.world.school.lead
        with app.app_context(), ScopedSession(engine, scope=lead.scope) as session:
            return previews(
                session,
                kind,
                school_id=lead.school_id,
                authority_id=lead.authority_id,
                recipient_kind=recipient_kind,
                recipient_id=recipient_id,
            )

    yield make
    engine.dispose()


@pytest.fixture
def facilitator(place):
    """The applicant, reached by what `address` says; as before afterwards."""
    person_id = place.world.school.ids["applicant_id"]
    (before,) = place.sql("select email, phone, stage from facilitator where id = %s", person_id)

    def reached_by(**values):
        for name, value in {"stage": "shortlisted", **values}.items():
            place.sql(f"update facilitator set {name} = %s where id = %s", value, person_id)
        return person_id

    yield reached_by
    for name, value in before.items():
        place.sql(f"update facilitator set {name} = %s where id = %s", value, person_id)


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_staff_see_the_very_words_that_go(
    place, dispatcher, mailbox, look, facilitator, monkeypatch, channel
):
    monkeypatch.setattr("workers.dispatch.next_allowed", lambda _kind, _channel, moment: moment)
    person_id = facilitator(email="ada@example.org" if channel == "email" else "", phone="+447700900161")
    shown = look("application_conversation", "facilitator", person_id)
    ids = place.enqueue(
        "application_conversation",
        recipient_kind="facilitator",
        recipient_id=person_id,
        channels=["email", "sms"],
    )
    place.sql("update outbox set next_at = now()")
    dispatcher.drain()

    (sent,) = [message for one in ids for message in mailbox.of(one)]
    (words,) = [one.words for one in shown if one.words]
    assert (words.subject or None, words.body) == (sent["subject"], sent["body"])
    assert [str(one.channel) for one in shown if one.words] == [channel] == [sent["type"]]


def test_who_is_reached_by_nothing_is_shown_why(look, facilitator):
    shown = look("application_conversation", "facilitator", facilitator(email="", phone=""))

    assert [one.words for one in shown] == [None, None]
    assert all(one.why_not.why for one in shown)


def test_an_invitation_shows_words_where_the_link_will_be(place, look):
    place.sql("update parent set stage = 'invited' where id = %s", place.parent_id)

    shown = look("parent_invitation", "parent", place.parent_id)

    assert len(shown) == 2
    for one in shown:
        assert "[their own link]" in one.words.body
        assert "/l/" not in one.words.body


def test_the_offer_of_a_facilitators_pages_is_shown_before_it_has_an_address_of_its_own(look, facilitator):
    shown = look("role_offered", "facilitator", facilitator(email="ada@example.org", phone=""))

    (words,) = [one.words for one in shown if one.words]
    assert "Open your facilitator pages here: [their own link]" in words.body
