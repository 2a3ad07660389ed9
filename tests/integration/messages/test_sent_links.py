"""Messages that open something: the secret is made where they are sent, and goes to one address only."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.messages.links import link_token, token_hash
from infra.clock import now
from infra.ids import new_id


def test_a_one_time_link_goes_only_to_the_address_it_is_for(place, dispatcher, mailbox):
    (message_id,) = place.enqueue("parent_invitation")
    place.sql("update parent set stage = 'invited' where id = %s", place.parent_id)
    token = _issue(place, message_id, place.world.school.parent.email)

    dispatcher.drain()

    (message,) = mailbox.of(message_id)
    assert f"http://127.0.0.1:5000/l/{token}" in message["body"]


def test_a_one_time_link_for_another_address_is_held_back(place, dispatcher, mailbox):
    (message_id,) = place.enqueue("parent_invitation")
    _issue(place, message_id, "before@example.org")

    dispatcher.drain()

    assert mailbox.of(message_id) == []
    assert place.row(message_id)["problem"] == "address_changed"


def test_what_opens_an_invitation_is_made_where_it_is_sent(place, dispatcher, mailbox):
    """The row is of nothing that anybody knows; the link in the message opens it, also when it is sent once more."""
    (message_id,) = place.enqueue("parent_invitation")
    place.sql("update parent set stage = 'invited' where id = %s", place.parent_id)
    _issue(place, message_id, place.world.school.parent.email)
    asked = "update identity.token set token_hash = %s, salt = %s where outbox_id = %s"
    place.sql(asked, b"\x01" * 32, b"\x02" * 32, message_id)

    dispatcher.drain()

    (message,) = mailbox.of(message_id)
    (secret,) = re.findall(r"/l/([\w-]{22})", message["body"])
    kept = "select token_hash from identity.token where outbox_id = %s"
    assert place.sql(kept, message_id) == [{"token_hash": token_hash(secret)}]
    place.sql("update outbox set state = 'queued', next_at = now() where id = %s", message_id)
    dispatcher.drain()
    assert place.sql(kept, message_id) == [{"token_hash": token_hash(secret)}]


def _issue(place, message_id, address) -> str:
    """A link for the message, as an invitation makes it."""
    token = link_token(place.stack.settings().secret("secret_key"), message_id)
    place.sql(
        "insert into identity.token (token_hash, purpose, role, in_authority, in_school, person_id, channel, address,"
        " name, outbox_id, expires_at) values (%s, 'parent_invitation', 'parent', %s, %s, %s, 'email', %s, '', %s,"
        " now() + interval '7 days')",
        token_hash(token),
        place.world.authority.authority_id,
        place.world.school.school_id,
        place.parent_id,
        address,
        message_id,
    )
    return token


@pytest.mark.parametrize("who", ["lead", "admin"])
def test_a_new_password_is_asked_for_and_told_at_the_address_itself(place, dispatcher, mailbox, who):
    person = place.world.school.lead if who == "lead" else place.world.authority.admin
    asked, told = new_id(), new_id()
    token = link_token(place.stack.settings().secret("secret_key"), asked)
    place.sql("update identity.account set password_hash = 'x' where email = %s", person.email)
    later = now() + timedelta(minutes=30)
    place.sql(
        "select identity.request_password_reset(%s, %s, %s, %s)",
        person.email,
        [asked],
        [token_hash(token)],
        later,
    )
    dispatcher.drain()
    place.sql("select identity.use_password_reset(%s, 'y', %s, %s)", token_hash(token), told, later)
    dispatcher.drain()

    ((link,), (notice,)) = mailbox.of(asked), mailbox.of(told)
    assert {link["to"], notice["to"]} == {person.email}
    assert f"http://127.0.0.1:5000/l/{token}" in link["body"]
    assert "was changed" in notice["subject"]
    assert "/l/" not in notice["body"]
    assert notice["body"].endswith(
        "We Belong, "
        + place.sql("select short_name from authority where authority_id = %s", person.authority_id)[0][
            "short_name"
        ]
    )
