"""Whoever was here first reads that somebody else has their address: from their own school, nameless, and true."""

from __future__ import annotations

import pytest


@pytest.fixture
def shared(place):
    """A parent of another school has the email of one of this school from now on; the messages that follow."""
    first, second = place.world.school.parent, place.world.other_school.parent
    before = "select email from parent_contact where parent_id = %s"
    (kept,) = place.sql(before, second.person_id)
    place.sql(
        "update parent_contact set email = (select email from identity.account where id = %s) where parent_id = %s",
        first.account_id,
        second.person_id,
    )
    yield place.sql("select id, school_id from outbox where kind = 'address_shared' order by channel")
    place.sql("update parent_contact set email = %s where parent_id = %s", kept["email"], second.person_id)
    place.sql("update identity.account set pin_hash = null where id = %s", first.account_id)


def test_it_names_nobody_and_says_where_to_choose(place, dispatcher, mailbox, shared):
    # By email and by text, both from their own school.
    assert [row["school_id"] for row in shared] == [place.world.school.school_id] * 2
    dispatcher.drain()

    (message,) = mailbox.of(shared[0]["id"])
    assert (
        "Please choose a PIN now, in a browser where you are signed in: http://127.0.0.1:5000/go/"
        in message["body"]
    )
    assert place.world.other_school.name not in message["body"]
    assert place.world.other_school.family_canary not in message["body"]


@pytest.mark.parametrize("meanwhile", ["a PIN was chosen", "the address was put right"])
def test_it_does_not_go_once_it_is_no_longer_so(place, dispatcher, mailbox, shared, meanwhile):
    if meanwhile == "a PIN was chosen":
        place.sql(
            "update identity.account set pin_hash = 'x' where id = %s", place.world.school.parent.account_id
        )
    else:
        other = place.world.other_school.parent.person_id
        place.sql("update parent_contact set email = 'other@example.org' where parent_id = %s", other)
    dispatcher.drain()

    assert mailbox.of(shared[0]["id"]) == []
    assert place.row(shared[0]["id"])["problem"] == "superseded"
