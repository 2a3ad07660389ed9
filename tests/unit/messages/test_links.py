"""Links are worked out from ids, and nobody else can make one."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.messages.links import (
    BadLink,
    StopLink,
    address_mark,
    link_token,
    make_stop_token,
    read_stop_token,
    token_hash,
)
from app.states.messages import Channel

KEY, OTHER_KEY = "k" * 40, "o" * 40
ONE, TWO = UUID(int=1), UUID(int=2)
MARK = address_mark(KEY, "ada@a.example.org")
STOP = StopLink(ONE, TWO, Channel.SMS, MARK)


def test_a_link_depends_on_the_message_and_the_key() -> None:
    tokens = {link_token(key, message) for key in (KEY, OTHER_KEY) for message in (ONE, TWO)}

    assert len(tokens) == 4
    assert link_token(KEY, ONE) == link_token(KEY, ONE)


def test_a_link_is_short_enough_for_a_text() -> None:
    assert len(link_token(KEY, ONE)) == 22
    assert len(token_hash(link_token(KEY, ONE))) == 32


@pytest.mark.parametrize("channel", list(Channel))
def test_a_stop_link_says_whose_messages_it_stops(channel: Channel) -> None:
    link = StopLink(ONE, TWO, channel, MARK)

    assert read_stop_token(KEY, make_stop_token(KEY, link)) == link


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "ä",
        "=",
        "A" * 66,
        "A" * 76,
        make_stop_token(OTHER_KEY, STOP),
        make_stop_token(KEY, STOP)[:-2],
        link_token(KEY, ONE),
    ],
)
def test_a_stop_link_that_we_did_not_make_is_refused(token: str) -> None:
    with pytest.raises(BadLink):
        read_stop_token(KEY, token)


def test_a_stop_link_knows_its_address_and_does_not_tell_it() -> None:
    token = make_stop_token(KEY, STOP)

    assert read_stop_token(KEY, token).sent_to == address_mark(KEY, "Ada@A.example.org ")
    assert address_mark(KEY, "bo@a.example.org") != MARK
    assert address_mark(OTHER_KEY, "ada@a.example.org") != MARK


def test_no_letter_of_a_stop_link_can_be_changed() -> None:
    token = make_stop_token(KEY, STOP)
    for place in range(len(token) - 1):
        other = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(BadLink):
            read_stop_token(KEY, other)
