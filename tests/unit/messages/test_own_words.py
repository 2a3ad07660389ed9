"""What a council may put in its own words, and what may stand there."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

from app.messages import words as by_notify
from app.messages.catalogue import KINDS
from app.messages.kind import FIELDS, WHERE_OR_WHEN
from app.messages.own_words import as_written, refuse_unsafe, room_for, tidy
from app.messages.words import fields_of, render, text_length
from app.messages.words_routes import READERS
from app.shell.refusals import Refused
from app.states.messages import Channel, RecipientKind
from tests.support.reading import find_in

PIECES = [(kind, piece) for kind in KINDS.values() for piece in kind.marked]
OF_TEXTS = [(kind, piece) for kind, piece in PIECES if piece.channel is Channel.SMS]
LONGEST = {name: "x" * length for name, length in FIELDS.items()} | {"stop_link": "x", "sender": "x"}
MISSED = KINDS["we_missed_you"]
EMAIL = next(piece for piece in MISSED.marked if piece.channel is Channel.EMAIL)
TEXT = next(piece for piece in MISSED.marked if piece.channel is Channel.SMS)


def _name(value):
    return getattr(value, "name", "")


@pytest.fixture(autouse=True)
def said():
    """Refusals are words."""
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


@pytest.mark.parametrize(("kind", "piece"), PIECES, ids=_name)
def test_no_link_day_or_place_stands_in_what_may_be_changed(kind, piece):
    """Else a council could take out where a message leads, or what a message waits for during a fresh start."""
    assert not fields_of(piece.words) & {"link", "code", "join", "stop_link", *WHERE_OR_WHEN}
    assert set(fields_of(piece.words)) <= set(by_notify.FILLERS.values())


@pytest.mark.parametrize("kind", {kind.name: kind for kind, _ in PIECES}.values(), ids=_name)
def test_each_piece_of_a_message_has_a_name_of_its_own(kind):
    assert len({piece.name for piece in kind.marked}) == len(kind.marked)


@pytest.mark.parametrize(("kind", "piece"), PIECES, ids=_name)
def test_our_own_words_may_be_kept(kind, piece):
    refuse_unsafe(kind, piece, tidy(as_written(piece, piece.words)))


@pytest.mark.parametrize(("kind", "piece"), OF_TEXTS, ids=_name)
def test_a_text_has_room_for_as_much_as_the_page_says(kind, piece):
    school = "((school)) " if "{school}" in piece.words else ""
    taken = FIELDS["school"] + 1 if school else 0
    said = "w" * (room_for(kind, piece) - taken)
    refuse_unsafe(kind, piece, school + said)

    text = render(kind, Channel.SMS, LONGEST, own={piece.words: school + said}).body
    assert said in text
    assert text_length(text) <= 160


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "Write"),
        ("See www.example.org", "link"),
        ("Call 020 7946 0000", "phone number"),
        ("Hello ((first nam))", r"cannot fill in \(\(first nam\)\)"),
        ("Hello ((first name))", r"cannot fill in"),
        ("Our parenting course starts", "course"),
        ("For school refusers", "refusers"),
        ("w" * 301, "by one letter"),
        ("...", "Write"),
        ("# You are invited", "Begin with a word"),
        ("* one", "Begin with a word"),
        ("--- then", "Begin with a word"),
        ("1. one", "Begin with a word"),
        ("We are at ((school", r"\(\("),
        ("See {{ link }}", r"\{\{"),
        ("Call ০৭৭০০", "phone number"),
        ("Come at 6pm", "6pm"),
        ("Come at 18:30", "18:30"),
        ("Come on Tuesday", "Tuesday"),
        ("See you tomorrow", "tomorrow"),
        ("We meet on the 4th", "4th"),
        ("We begin on 3 May", "3 May"),
        ("We are in Room 12", "Room 12"),
        ("For school r\u200befusers", "refusers"),
        ("You are non\u2011compliant", "non-compliant"),
        ("For school ref\u200dusers", "refusers"),
    ],
)
def test_what_no_message_may_say_is_refused(words, why):
    with pytest.raises(Refused, match=why):
        refuse_unsafe(MISSED, EMAIL, tidy(words))


@pytest.mark.parametrize("words", ["Reply NO if not.", "Thank you. STOP"])
def test_no_text_tells_a_parent_to_answer_what_stops_all_texts(words):
    with pytest.raises(Refused, match="stop all texts"):
        refuse_unsafe(MISSED, TEXT, words)


def test_a_piece_that_says_who_writes_goes_on_saying_so():
    joined = KINDS["joined"]
    (piece,) = (one for one in joined.marked if one.channel is Channel.SMS)
    with pytest.raises(Refused, match="school’s name"):
        refuse_unsafe(joined, piece, "Thanks a lot.")
    refuse_unsafe(joined, piece, "((school)) says thanks a lot.")


def test_every_reader_of_messages_is_on_the_page_of_words():
    assert {to for to, _label in READERS} == set(RecipientKind)


@pytest.mark.parametrize(
    "words",
    [
        "May we see you soon? Half past is fine.",
        "Of course you can come back.",
        "We are at ((school)) {link} %s",
        "Gràinne says: come",
    ],
)
def test_plain_words_are_kept(words):
    refuse_unsafe(MISSED, EMAIL, words)


@pytest.mark.parametrize(("words", "why"), [("তোমাকে", "cannot carry"), ("€" * 40, "Cut it by")])
def test_of_a_text_also_what_notify_cannot_send_or_counts_twice(words, why):
    with pytest.raises(Refused, match=why):
        refuse_unsafe(MISSED, TEXT, words)


def test_what_is_left_open_is_filled_in_and_nothing_else_is():
    own = {EMAIL.words: "You are missed at ((School)), says ((council)). {phone} stays {words}."}
    body = render(
        MISSED, Channel.EMAIL, {**LONGEST, "school": "Oakfield", "authority": "Hackney"}, own=own
    ).body

    assert "You are missed at Oakfield, says Hackney. {phone} stays {words}." in body
    assert "You do not need to explain" not in body


def test_who_is_not_thanked_in_our_words_is_not_in_a_councils():
    kind = KINDS["graduation"]
    own = {piece.words: "Thank you for all of it." for piece in kind.marked}
    for channel in kind.channels:
        assert "Thank you for all" in render(kind, channel, LONGEST, own=own).body
        assert "Thank you for all" not in render(kind, channel, {**LONGEST, "thanks_to": ""}, own=own).body


def test_the_page_counts_by_the_same_table():
    script = (Path(__file__).parents[3] / "assets/text-room.js").read_text()
    once = find_in(r'const ONCE = "(.*)"\n', script)[1]
    for typed, sign in (('\\"', '"'), ("\\n", "\n"), ("\\r", "\r")):
        once = once.replace(typed, sign)
    twice = set(find_in(r"const TWICE = '(.*)'\n", script)[1].replace("\\\\", "\\"))

    assert set(once) == by_notify._GSM
    assert twice == by_notify._GSM_TWICE
