"""The digits that show once more who sits at a browser: in the message, to the account's own address, in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.messages.links import confirm_code
from infra.clock import now
from infra.ids import new_id


@pytest.fixture
def ask_for_code(place):
    """A signed-in parent asks for digits by this channel: the id of the message, and whether there was one."""

    def ask(channel: str, person, life: timedelta = timedelta(minutes=10)):
        outbox_id, browser = new_id(), new_id().bytes
        place.sql(
            "insert into identity.browser_session (token_hash, id, account_id, membership_id, expires_at, idle)"
            " values (%s, %s, %s, %s, now() + interval '1 hour', '1 hour')",
            browser,
            new_id(),
            person.account_id,
            person.membership_id,
        )
        sent = place.sql(
            "select identity.request_confirm_code(%s, %s, %s, %s, %s, %s) as sent",
            browser,
            channel,
            outbox_id,
            new_id().bytes,
            b"x",
            now() + life,
        )[0]["sent"]
        return outbox_id, sent

    return ask


def test_the_message_holds_the_digits_and_no_link(place, dispatcher, mailbox, ask_for_code):
    parent = place.world.school.parent
    outbox_id, sent = ask_for_code("email", parent)

    dispatcher.drain()

    (message,) = mailbox.of(outbox_id)
    assert sent
    assert message["to"] == parent.email
    assert confirm_code(place.stack.settings().secret("secret_key"), outbox_id) in message["body"]
    assert "/l/" not in message["body"]


def test_digits_that_ran_out_on_the_way_are_held_back(place, dispatcher, mailbox, ask_for_code):
    outbox_id, _sent = ask_for_code("email", place.world.school.parent, timedelta(hours=-1))

    dispatcher.drain()

    assert mailbox.of(outbox_id) == []


def test_people_at_work_and_missing_addresses_get_none(place, dispatcher, mailbox, ask_for_code):
    for channel, person in (("email", place.world.school.dsl), ("post", place.world.school.parent)):
        outbox_id, sent = ask_for_code(channel, person)
        dispatcher.drain()
        assert not sent
        assert mailbox.of(outbox_id) == []
