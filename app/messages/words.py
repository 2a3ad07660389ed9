"""Turns an entry of the catalogue and the facts of one reader into the words that they get."""

from __future__ import annotations

import gettext
import re
import string
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from anyascii import anyascii

from app.messages import catalogue
from app.messages.kind import FIELDS, Kind
from app.states.messages import Channel, RecipientKind

TRANSLATIONS = Path(__file__).parents[1] / "translations"
#: One text message: so many septets of the GSM alphabet, or so many characters when it has any other.
TEXT_LIMIT, OTHER_TEXT_LIMIT = 160, 70
#: GSM 03.38 basic table, then the signs that count twice.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€")
#: Letters that come apart into nothing, as people write them without.
_BARE = {
    "ı": "i",
    "İ": "I",
    "ł": "l",
    "Ł": "L",
    "œ": "oe",
    "Œ": "OE",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "þ": "th",
}
_WITHOUT_VOWELS = ("ARABIC", "HEBREW", "SYRIAC", "SAMARITAN", "MANDAIC")
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "}
)


#: What councils may leave open in their own words, as they write it, and the field that fills it.
FILLERS = {"school": "school", "council": "authority", "first name": "thanks_to"}
_OPEN = re.compile(r"\(\(([^()]*)\)\)")
#: A council's own words by ours.
Own = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """What is sent. A text has no subject."""

    subject: str
    body: str


def render(
    kind: Kind,
    channel: Channel,
    fields: Mapping[str, str],
    language: str = "en",
    *,
    is_first_text: bool = False,
    own: Own | None = None,
) -> Words:
    """The words of `kind` on `channel`. `fields` are those of `kind.FIELDS`, `stop_link` for a parent's email.

    The first text to a number says how to stop, and what to do if it reached somebody else. `own`: what the reader's
    council says in its own words.

    Raises KeyError when the words use a field that was not given.
    """
    if channel is Channel.SMS:
        return Words("", _text(kind, fields, language, own or {}, is_first=is_first_text))
    assert kind.email is not None  # noqa: S101 - enqueue refuses channels without words
    paragraphs = [
        *_filled([catalogue.GREETING], fields, language),
        *_filled(kind.email.body, fields, language, own),
        *_filled([_signature(kind)], fields, language),
    ]
    if kind.to is RecipientKind.PARENT:
        paragraphs += ["---", *_filled([catalogue.STOP_FOOTER], fields, language)]
    (subject,) = _filled([kind.email.subject], fields, language)
    return Words(_one_line(subject), "\n\n".join(paragraphs))


def text_length(text: str) -> int:
    """How much of one text message `text` takes, in GSM septets; 161 or more is two messages.

    With a letter outside the GSM alphabet a message holds 70, so each counts accordingly more.
    """
    if set(text) <= _GSM | _GSM_TWICE:
        return len(text) + sum(letter in _GSM_TWICE for letter in text)
    units = len(text.encode("utf-16-le")) // 2
    return -(-units * TEXT_LIMIT // OTHER_TEXT_LIMIT)


def text_parts(text: str) -> int:
    """How many texts `text` goes as, and costs: each of several has a little less room."""
    length = text_length(text)
    if length <= TEXT_LIMIT:
        return 1
    if set(text) <= _GSM | _GSM_TWICE:
        return -(-length // (TEXT_LIMIT - 7))
    return -(-(len(text.encode("utf-16-le")) // 2) // (OTHER_TEXT_LIMIT - 3))


def to_gsm(text: str) -> str:
    """`text` with typographic signs made plain, and letters that a text has no sign for without their marks."""
    plain = text.translate(_PLAIN)
    return "".join(letter if letter in _GSM | _GSM_TWICE else _unmarked(letter) for letter in plain)


def without_sign(text: str) -> list[str]:
    """Signs of `text` that no text of Notify's carries, marks of letters aside; in their order, each once."""
    return list(dict.fromkeys(letter for letter in to_gsm(text) if letter not in _GSM | _GSM_TWICE))


def sendable(text: str) -> str:
    """`text` as Notify's texts carry it: letters of other scripts by their sound, what has none left out."""
    return " ".join(filter(None, map(_word, to_gsm(text).split())))


def _word(word: str) -> str:
    if set(word) <= _GSM | _GSM_TWICE:
        return word
    heard = "".join(_heard(letter) for letter in word)
    # Scripts without capital letters get one, as a name has.
    return heard if word.lower() != word.upper() else heard.capitalize()


def _heard(letter: str) -> str:
    if letter in _GSM | _GSM_TWICE:
        return letter
    # Not pictures, whose names would be spelled out.
    is_letter = unicodedata.category(letter)[0] in "LMN"
    return "".join(sign for sign in anyascii(letter) if sign in _GSM) if is_letter else ""


def _is_known_by_sound(name: str) -> bool:
    """Whether people know their name in Latin letters: not in a script that writes no vowels, where Aisha is I'shh."""
    return not any(unicodedata.name(letter, "").startswith(_WITHOUT_VOWELS) for letter in name)


def _unmarked(letter: str) -> str:
    bare = _BARE.get(letter) or "".join(
        part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)
    )
    return bare if bare and set(bare) <= _GSM else letter


def _text(kind: Kind, fields: Mapping[str, str], language: str, own: Own, *, is_first: bool) -> str:
    """One text where that can be done: long names give way, then whole sentences; hints to strangers never."""
    sentences = kind.sms or ()
    hints: tuple[str, ...] = ()
    if kind.to in (RecipientKind.PARENT, RecipientKind.FACILITATOR):
        not_you = catalogue.NOT_YOU_THERE if kind.needs_token else catalogue.NOT_YOU_CALL
        hints = (not_you, catalogue.STOP_HINT) if is_first else ()
    short_ones = kind.sms_short
    if kind.sms_unnamed and not _is_known_by_sound(fields.get("first_name", "")):
        sentences, short_ones = (kind.sms_unnamed, *sentences[1:]), (kind.sms_unnamed,)
    plain = {name: sendable(_one_line(value)) for name, value in fields.items()}
    short = {
        name: _cut(value, FIELDS[name]) if name in _MAY_BE_CUT else value for name, value in plain.items()
    }
    tiny = {name: _cut(value, TINY) if name in _MAY_BE_CUT else value for name, value in short.items()}
    lengths = (sentences, short_ones, sentences[:1])
    tries = [(words, given) for words in lengths if words for given in (plain, short, tiny)]
    texts = [sendable(_joined(_filled([*words, *hints], given, language, own))) for words, given in tries]
    text = next((one for one in texts if text_length(one) <= TEXT_LIMIT), texts[-1])
    if kind.needs_token and not kind.code and plain["link"] not in text:
        # Its sentence used something that no text can carry. Without the link the whole text is for nothing.
        text = f"{text} {plain['link']}"
    if kind.to is RecipientKind.PARENT and not is_first:
        hinted = _joined([text, sendable(translate(catalogue.STOP_HINT, language))])
        text = hinted if text_length(hinted) <= TEXT_LIMIT else text
    return text


def _joined(sentences: list[str]) -> str:
    """One after another. Nothing stands behind a number or a link that ends a text; a number within it ends a sentence.

    A full stop behind a link would be taken for a part of it.
    """
    *first, last = sentences or [""]
    ended = [one if "/" in one.rsplit(" ", 1)[-1] or not one[-1:].isdigit() else f"{one}." for one in first]
    return " ".join([*ended, last])


#: What is left of a name when the link is long.
TINY = 16
_MAY_BE_CUT = frozenset({"school", "staff_name", "first_name", "thanks_to", "room"})


def _cut(value: str, longest: int) -> str:
    return value if len(value) <= longest else value[: longest - 1].rstrip(" ,-") + "."


def _signature(kind: Kind) -> str:
    if kind.signed_by:
        return kind.signed_by
    to_work = kind.to in (RecipientKind.STAFF, RecipientKind.MEMBER) or kind.at_work
    return catalogue.SIGNED_BY_AUTHORITY if to_work else catalogue.SIGNED_BY_SCHOOL


def _filled(
    msgids: Iterable[str], fields: Mapping[str, str], language: str, own: Own | None = None
) -> list[str]:
    """Each piece with its fields filled in; without those that have an empty field.

    A council writes in English: who reads another language that we have keeps ours. Its words stand where ours would,
    and where ours are left out, so are they.
    """
    filled = []
    for msgid in msgids:
        if all(fields[name] for name in fields_of(msgid)):
            ours = translate(msgid, language)
            said = own.get(msgid) if own and ours == msgid else None
            filled.append(fill_in(said, fields) if said else ours.format_map(fields))
    return filled


def fill_in(said: str, fields: Mapping[str, str]) -> str:
    """A council's own words with what they leave open: ((school)), ((council)) and the like."""
    return _OPEN.sub(lambda found: fields.get(FILLERS.get(found[1].strip().lower(), ""), found[0]), said)


def fields_of(msgid: str) -> frozenset[str]:
    """The fields that a piece of words uses."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(msgid) if name)


def _one_line(text: str) -> str:
    # A newline in a name must not start a new header or a new line of ours.
    return " ".join(text.split())


def translate(msgid: str, language: str) -> str:
    """`msgid` in `language`, in English where there is no translation."""
    return _translations(language).gettext(msgid)


@cache
def _translations(language: str) -> gettext.NullTranslations:
    return gettext.translation("messages", TRANSLATIONS, languages=[language], fallback=True)
