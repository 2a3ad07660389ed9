"""Who may say what became of a message: whoever bears one of the tokens, however it is written."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.messages.callbacks import is_notify
from infra.clock import now
from infra.notify import Delivery, NotUnderstood, told_delivery, told_text

#: Notify keeps a text for a week, and what is older is not taken.
AN_HOUR_AGO = (now() - timedelta(hours=1)).replace(microsecond=0)
OLD, NEW = "old-" + "x" * 40, "new-" + "y" * 40
ID = "0d7c9a52-7777-4888-8999-abbbbccccddd"
TEXT = {
    "id": ID,
    "source_number": "447700900123",
    "message": "STOP",
    "date_received": AN_HOUR_AGO.strftime("%Y-%m-%dT%H:%M:%S.0Z"),
}


@pytest.mark.parametrize("header", [f"Bearer {OLD}", f"Bearer {NEW}", f"bearer  {NEW} "])
def test_each_token_opens_while_it_is_changed(header):
    assert is_notify(header, (OLD, NEW))


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", OLD, f"Basic {OLD}", f"Bearer {OLD}x", f"Bearer {OLD[:-1]}", "Bearer \udcff"],
)
def test_nothing_else_opens(header):
    assert not is_notify(header, (OLD, NEW))


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", f"Bearer {OLD}"])
def test_without_a_token_in_the_settings_nobody_is_heard(header):
    assert not is_notify(header, ())


@pytest.mark.parametrize(
    ("status", "became"),
    [
        ("delivered", Delivery.DELIVERED),
        ("permanent-failure", Delivery.NO_SUCH_ADDRESS),
        ("temporary-failure", Delivery.NOT_REACHED),
        ("technical-failure", Delivery.BROKEN),
        # Of a text abroad, of one that waits, and what Notify may yet invent.
        ("sent", Delivery.UNDER_WAY),
        ("pending", Delivery.UNDER_WAY),
        (["a list"], Delivery.UNDER_WAY),
    ],
)
def test_what_a_delivery_says(status, became):
    assert told_delivery({"id": ID, "status": status})[1] is became


@pytest.mark.parametrize(
    "said", [{}, {"id": ID}, {"id": 7, "status": "delivered"}, {"id": "7", "status": "delivered"}]
)
def test_a_delivery_of_nothing_says_what_is_missing(said):
    with pytest.raises(NotUnderstood, match="id"):
        told_delivery(said)


def test_a_text_is_read_as_the_list_of_replies_would_say_it():
    reply = told_text(TEXT)

    assert (reply.id, reply.phone, reply.words) == (ID, "447700900123", "STOP")
    assert reply.at == AN_HOUR_AGO


@pytest.mark.parametrize(
    "change", [{"id": "7"}, {"message": None}, {"source_number": 7}, {"date_received": "yesterday"}]
)
def test_a_text_with_a_hole_says_what_is_missing(change):
    with pytest.raises(NotUnderstood, match="source_number"):
        told_text(TEXT | change)
