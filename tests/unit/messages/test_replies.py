"""Only a clear STOP stops texts; a number is known however it is written."""

from __future__ import annotations

import pytest

from app.messages.numbers import number_key, plain_digits, takes_answers
from app.messages.replies import spellings
from app.messages.stop_words import says_start, says_stop
from app.states.messages import Heard
from demo.mailbox.notify import as_sent, text_parts
from workers.replies import answer_words


@pytest.mark.parametrize(
    "words",
    [
        "STOP",
        "stop",
        " Stop. ",
        "Stop please",
        "STOP ALL",
        "STOPALL",
        "\nunsubscribe",
        "Please stop",
        "END",
        "QUIT",
        "cancel",
        "stop texting me",
        "Stop.",
        "ＳＴＯＰ",
        "S T O P",
        "stop ✋",
        "opt out",
        "Opt-out please",
        "unsubscribe me",
        "STOP! I never asked for this",
        "No! Stop texting me.",
        "I want to stop these texts",
        "Please don’t text me again",
        "no more messages please",
        "стоп",
        "توقف",
        "Sorry. Please stop.",
        "stop\nstop",
        "STOP\u200b",
        "'stop'",
        "can you stop please",
        "wrong number stop",
        "Stop, who is this?",
        "S.T.O.P",
        "do not text",
        "remove me",
        "Please remove me from your list",
        "dont send me anymore messages",
        "Stop Thanks Jo",
        "Not interested stop",
        "STOP x",
        "Stop xx",
        "Stop please thanks Amina x",
        "I said STOP",
        "STOP I already told you",
        "STOP not interested",
        "Stop - Anwar",
        "STOP - wrong person",
        "Reply STOP",
        "Yes stop",
        "I have asked you twice to STOP",
        "STOOOP",
        "STPO",
        "\N{OCTAGONAL SIGN}",
        "stop msging",
        "I would like to stop receiving texts",
        "can you stop texting me?",
        "Stop prosze",
        "przestań",
        "przestan",
        "arrêt",
        "STOP te rog",
        "opriți",
        "jooji",
        "Dur",
        "durdurun lütfen",
        "STOP করুন",
        "বন্ধ করুন",
        "إيقاف",
        "أوقف",
        "بند کریں",
    ],
)  # fmt: skip
def test_a_stop_is_a_stop(words):
    assert says_stop(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "???",
        "No",
        "Can't stop by on Tuesday",
        "Can you stop by on Tuesday?",
        "I can not stop thinking about your messages",
        "Can you remove me from the Tuesday group?",
        "Do not worry, I got your message",
        "Yes",
        "Thank you",
        "stopping by later",
        "don't stop",
        "please don't stop the group",
        "please don’t stop",
        "Don't stop texting me",
        "The end.",
        "See you. The end.",
        "cancel Tuesday please",
        "I want to stop",
        "When does it end?",
        "Should I stop texting?",
        "1 2 3",
        "🙂",
        "I quit my job",
        "bus stop",
        "Can you stop the lesson",
        "I can't text now",
        "never stop",
        "dont text me back",
        "Will the texts stop?",
        "Do the messages stop?",
        "Should I reply STOP?",
        "stop worrying about us x",
        "Stop by on Tuesday?",
        "Please stop by on Tuesday",
        "stop the bullying please",
        "Stop at my house first",
        "I want to stop x",
        "The bus did not stop",
        "How do we make it stop",
    ],
)  # fmt: skip
def test_other_words_are_not(words):
    assert not says_stop(words)


@pytest.mark.parametrize("phone", ["447700900123", "+447700900123", "07700900123", "+44 7700 900 123"])
def test_a_number_is_the_same_number_however_written(phone):
    assert {"+447700900123", "07700900123"} <= set(spellings(phone))


@pytest.mark.parametrize(
    "phone", ["447700900123", "+447700900123", "07700 900123", "0044 7700 900123", "+44 (7700) 900-123"]
)
def test_a_number_has_one_key(phone):
    assert plain_digits(phone) == "447700900123"
    assert number_key("k", phone) == number_key("k", "07700900123") != number_key("other", phone)


@pytest.mark.parametrize(
    ("sender", "may"),
    [
        ("447700900123", True),
        ("60006", False),
        ("AMAZON", False),
        ("33612345678", False),
        ("442079460000", False),
    ],
)
def test_only_a_british_mobile_is_answered(sender, may):
    assert takes_answers(sender) is may


@pytest.mark.parametrize("words", ["START", "start please", "Unstop", "Start texts again"])
def test_who_wants_texts_again_is_heard(words):
    assert says_start(words)
    assert not says_stop(words)


@pytest.mark.parametrize(
    "words", ["When do we start?", "Don't start without me", "STOP", "start at 6 on Monday", ""]
)
def test_a_start_within_words_is_for_people(words):
    assert not says_start(words)


def test_what_is_no_stop_is_answered_with_how_to_stop():
    """Whoever wrote it in a way that we do not know reads which word we do."""
    for heard in (Heard.KEPT, Heard.NOBODYS):
        assert "Reply STOP" in answer_words(heard, "https://we.example")


@pytest.mark.parametrize("heard", list(Heard))
def test_an_answer_is_one_text_that_names_999_and_promises_nothing(heard):
    text = answer_words(heard, "https://peer-support.northamptonshire.gov.uk")

    assert "999" in text
    assert as_sent(text) == text
    assert text_parts(text) == 1
