"""Every message has words, only with fields that there are, and a text is one text."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from app.message_kinds import PARTS
from app.messages.catalogue import KINDS, get_kind
from app.messages.kind import FIELDS, Kind, Link
from app.messages.links import link_token, place_address, token_address
from app.messages.words import fields_of, render, sendable, text_length, to_gsm
from app.states.messages import Channel, RecipientKind
from demo.mailbox.notify import as_sent, text_parts

#: CONTENT's lint list: never to parents.
NEVER = ("course", "parenting class", "refuser", "truant", "non-compliant", "hard to reach", "failure")
ABOUT_A_CHILD = re.compile(
    r"\b(child|children|pupil|son|daughter|attendance|ebsna|autis|anxi|school refus)", re.I
)

LONGEST = {
    name: {"date": "Wed 30 Sep", "time": "10:30pm", "link": "https://" + "x" * 32}.get(name, "x" * length)
    for name, length in FIELDS.items()
}
FULL = {**LONGEST, "sender": "Sam Shah, Oakfield", "stop_link": "https://example.org/stop/x"}

ALL = list(KINDS.values())
WITH_TEXT = [kind for kind in ALL if kind.sms]
TO_PARENTS = [kind for kind in ALL if kind.to in (RecipientKind.PARENT, RecipientKind.TOKEN)]


def _names(kind: Kind) -> str:
    return kind.name


def _words_of(kind: Kind) -> list[str]:
    return [*(kind.sms or ()), *((kind.email.subject, *kind.email.body) if kind.email else ())]


def test_each_name_stands_for_one_kind() -> None:
    written = [kind for part in PARTS for kind in part.kinds]

    assert len({kind.name for kind in written}) == len(written)


@pytest.mark.parametrize("kind", ALL, ids=_names)
def test_words_use_only_fields_that_are_gathered(kind: Kind) -> None:
    assert {name for words in _words_of(kind) for name in fields_of(words)} <= set(FIELDS)


@pytest.mark.parametrize("kind", ALL, ids=_names)
def test_a_kind_says_link_exactly_when_it_has_one(kind: Kind) -> None:
    says_link = any("link" in fields_of(words) for words in _words_of(kind))

    assert says_link is (kind.link is not Link.NONE)


@pytest.mark.parametrize("kind", WITH_TEXT, ids=_names)
def test_a_text_fits_one_message_with_the_longest_fields(kind: Kind) -> None:
    text = render(kind, Channel.SMS, FULL).body

    assert text_length(text) <= 160, text
    assert set(text) <= set(to_gsm(text))


@pytest.mark.parametrize("kind", WITH_TEXT, ids=_names)
def test_a_text_says_nothing_about_a_child(kind: Kind) -> None:
    assert not ABOUT_A_CHILD.search(" ".join(kind.sms or ()))


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind.email], ids=_names)
def test_a_subject_says_nothing_about_a_child(kind: Kind) -> None:
    assert kind.email is not None
    assert not ABOUT_A_CHILD.search(kind.email.subject)


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind.email], ids=_names)
def test_an_email_that_greets_by_name_does_not_begin_with_it_again(kind: Kind) -> None:
    assert kind.email is not None
    assert not kind.email.body[0].startswith("{first_name}")


@pytest.mark.parametrize("kind", TO_PARENTS, ids=_names)
def test_words_to_parents_never_blame(kind: Kind) -> None:
    words = " ".join(_words_of(kind)).lower()

    assert not [word for word in NEVER if word in words]


def test_only_what_a_person_asked_for_and_what_cannot_wait_goes_out_at_night() -> None:
    assert {kind.name for kind in WITH_TEXT if not kind.quiet_hours} == {
        "sign_in_link",
        "concern_urgent_for_dsl",
        "concern_urgent_for_officer",
        "concern_unopened_for_dsl",
        "concern_unopened_for_officer",
        "confirm_code",
        "mobile_code",
        "way_in_code",
        "way_in_changed",
        "passkey_added",
        "fresh_start_notice",
    }


def test_an_email_to_a_parent_ends_with_the_way_to_stop_it() -> None:
    email = render(KINDS["session_reminder"], Channel.EMAIL, FULL)

    assert email.body.endswith("You can stop these emails here: https://example.org/stop/x")


def test_an_email_to_staff_has_no_stop_link() -> None:
    assert "stop" not in render(KINDS["staff_invitation"], Channel.EMAIL, FULL).body


def test_a_concern_says_only_that_it_waits() -> None:
    for name in (name for name in KINDS if name.startswith("concern_")):
        email = KINDS[name].email
        assert email is not None
        assert {field for words in email.body for field in fields_of(words)} == {"link"}
        assert not fields_of(email.subject)
        assert KINDS[name].confidential


def test_a_sentence_whose_field_is_empty_is_left_out() -> None:
    text = render(
        KINDS["session_cancelled"], Channel.SMS, FULL | {"school": "Oakfield", "next_date": ""}
    ).body

    assert "The date after it" not in text
    assert text.startswith("Oakfield: sorry, we cannot meet on Wed 30 Sep. More: https://")


def test_a_short_text_says_how_to_stop_texts() -> None:
    short = FULL | {"school": "Oakfield", "room": "Library", "link": "https://wb.example/go/group"}

    assert render(KINDS["session_reminder"], Channel.SMS, short).body.endswith("Reply STOP to end texts.")


@pytest.mark.parametrize("kind", WITH_TEXT, ids=_names)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_number_within_a_text_ends_its_sentence_and_a_link_gets_nothing_behind_it(
    kind: Kind, is_first: bool
) -> None:
    link = "https://example.org/go/home7"
    fields = {**LONGEST, "stop_link": "", "phone": "020 7946 0000", "link": link}
    text = render(kind, Channel.SMS, fields, is_first_text=is_first).body
    assert not re.search(r"0000 [A-Z]", text)
    assert f"{link}." not in text


def test_long_rooms_and_names_give_way_in_a_text() -> None:
    wide = FULL | {"room": "The community room behind the sports hall"}
    text = render(KINDS["session_reminder"], Channel.SMS, wide).body

    assert "The community." in text
    assert text_length(text) <= 160


def test_a_name_cannot_start_a_new_line_in_a_subject() -> None:
    email = render(KINDS["graduation"], Channel.EMAIL, FULL | {"school": "Oak\nBcc: all@example.org"})

    assert "\n" not in email.subject


def test_field_values_are_not_read_as_words() -> None:
    text = render(KINDS["graduation"], Channel.SMS, FULL | {"thanks_to": "{link}", "school": "Oakfield"}).body

    assert "Well done, {link}." in text


@pytest.mark.parametrize(
    ("text", "length"),
    [("hello", 5), ("£5", 2), ("price €5", 9), ("[x]", 5), ("ş" * 70, 160), ("ş" * 71, 163), ("😀", 5)],
)
def test_length_counts_as_a_network_does(text: str, length: int) -> None:
    assert text_length(text) == length


def test_letters_that_texts_lack_lose_their_marks() -> None:
    assert to_gsm("Şerife’s room – ı, İ, ã") == "Serife's room - i, I, a"


#: A council's own long host, and the real paths: a one-time link, the longest short address.
LONG_BASE = "https://peer-support.northamptonshire.gov.uk"
TOKEN = link_token("k", UUID(int=1))


def _as_it_goes(kind: Kind, **values: str) -> dict[str, str]:
    link = token_address(LONG_BASE, TOKEN) if kind.needs_token else place_address(LONG_BASE, "concerns")
    return FULL | {"link": link} | values


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("kind", WITH_TEXT, ids=_names)
def test_a_text_with_the_real_link_of_a_long_host_is_one_text(kind: Kind, is_first: bool) -> None:
    """Counted as the message service counts, on what it makes of the letters."""
    text = render(kind, Channel.SMS, _as_it_goes(kind), is_first_text=is_first).body

    assert text_parts(as_sent(text)) == 1, text
    if kind.needs_token and not kind.code:
        assert token_address(LONG_BASE, TOKEN) in text


#: Texts to numbers that somebody else may have written down. People at work have confirmed their own by a code.
TO_STRANGERS = [one for one in WITH_TEXT if one.to in (RecipientKind.PARENT, RecipientKind.FACILITATOR)]


@pytest.mark.parametrize("kind", TO_STRANGERS, ids=_names)
def test_the_first_text_to_a_number_says_how_to_stop_and_what_if_it_is_wrong(kind: Kind) -> None:
    text = render(kind, Channel.SMS, _as_it_goes(kind), is_first_text=True).body

    assert text.endswith("Reply STOP to end texts.")
    assert "Not you? " in text


@pytest.mark.parametrize(
    "name", ["أحمد علي", "বাংলা", "Олена", "Đặng Thị Ngọc", "Łukasz Żółć", "Şerife Yılmaz", "Zoë œ"]
)
@pytest.mark.parametrize("kind", WITH_TEXT, ids=_names)
def test_no_name_becomes_question_marks(kind: Kind, name: str) -> None:
    values = _as_it_goes(
        kind, **dict.fromkeys(("school", "staff_name", "first_name", "room", "leaders"), name)
    )
    text = render(kind, Channel.SMS, values).body

    assert as_sent(text) == text
    assert text.count("?") <= len([words for words in kind.sms or () if "?" in words])


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("name", ["Ніна", "Петро"])
@pytest.mark.parametrize("kind", ["parent_invitation", "invitation_reminder"])
def test_an_invitation_by_text_says_who_it_is_for(kind: str, name: str, is_first: bool) -> None:
    """Two parents may have one mobile: each text names its own, with the longest host as well."""
    one = get_kind(kind)
    text = render(one, Channel.SMS, _as_it_goes(one, first_name=name), is_first_text=is_first).body

    assert sendable(name) in text


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(
    "kind", [one for one in WITH_TEXT if any("{first_name}" in words for words in one.sms or ())], ids=_names
)
def test_no_name_is_spelt_without_its_vowels(kind: Kind, is_first: bool) -> None:
    """Aisha would not know herself in "I'shh": the page behind the link names her in her own letters."""
    text = render(kind, Channel.SMS, _as_it_goes(kind, first_name="عائشة"), is_first_text=is_first).body

    assert sendable("عائشة") not in text
    assert fields_of(kind.sms_unnamed) == fields_of((kind.sms or ("",))[0]) - {"first_name", "staff_name"}
    if kind.needs_token:
        assert token_address(LONG_BASE, TOKEN) in text


@pytest.mark.parametrize("name", ["عائشة মিয়া", "王伟", "\ue000"])
@pytest.mark.parametrize("kind", [one for one in WITH_TEXT if one.needs_token and not one.code], ids=_names)
def test_no_name_takes_the_link_away(kind: Kind, name: str) -> None:
    """Also where a name has no sound that a text can carry."""
    values = _as_it_goes(kind, **dict.fromkeys(("school", "staff_name", "first_name"), name))

    assert values["link"] in render(kind, Channel.SMS, values).body


@pytest.mark.parametrize(
    ("typed", "sent"),
    [("বাংলা room", "Bamla room"), ("Оксана", "Oksana"), ("Łukasz", "Lukasz"), ("Room 🦊 4", "Room 4")],
)
def test_letters_of_other_scripts_are_heard(typed: str, sent: str) -> None:
    assert sendable(typed) == sent


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("a" * 158 + "€", 1), ("a" * 159 + "€", 2),
        ("ŵ" * 70, 1), ("ŵ" * 71, 2), ("ŵ" * 134, 2), ("ŵ" * 135, 3), ("a" * 306, 2), ("a" * 307, 3),
    ],
)  # fmt: skip
def test_the_mailbox_counts_as_notify_does(text: str, parts: int) -> None:
    assert text_parts(text) == parts
