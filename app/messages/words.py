"""Turns an entry of the catalogue and the facts of one reader into the words that they get."""

from __future__ import annotations

import gettext
import string
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.messages import catalogue
from app.messages.kind import FIELDS, Kind
from app.messages.models import Channel, RecipientKind

TRANSLATIONS = Path(__file__).parents[1] / "translations"
#: One text message: so many septets of the GSM alphabet, or so many characters when it has any other.
TEXT_LIMIT, OTHER_TEXT_LIMIT = 160, 70
#: GSM 03.38 basic table, then the signs that count twice.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€")
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "}
)


@dataclass(frozen=True, slots=True)
class Words:
    """What is sent. A text has no subject."""

    subject: str
    body: str


def render(kind: Kind, channel: Channel, fields: Mapping[str, str], language: str = "en") -> Words:
    """The words of `kind` on `channel`. `fields` are those of `kind.FIELDS`, `stop_link` for a parent's email.

    Raises KeyError when the words use a field that was not given.
    """
    if channel is Channel.SMS:
        return Words("", _text(kind, fields, language))
    assert kind.email is not None  # noqa: S101 - enqueue refuses channels without words
    paragraphs = [
        *_filled([catalogue.GREETING], fields, language),
        *_filled(kind.email.body, fields, language),
        *_filled(
            [catalogue.SIGNED_BY_SCHOOL if _from_school(kind) else catalogue.SIGNED_BY_AUTHORITY],
            fields,
            language,
        ),
    ]
    if kind.to is RecipientKind.PARENT:
        paragraphs += ["---", *_filled([catalogue.STOP_FOOTER], fields, language)]
    (subject,) = _filled([kind.email.subject], fields, language)
    return Words(_one_line(subject), "\n\n".join(paragraphs))


def preview(kind_name: str, channel: Channel | str, fields: Mapping[str, str] | None = None) -> Words:
    """How a message would read. Fields that are not given show as their names: {first_name}."""
    named = {name: f"{{{name}}}" for name in (*FIELDS, "stop_link", "sender")}
    return render(catalogue.get_kind(kind_name), Channel(channel), {**named, **(fields or {})})


def text_length(text: str) -> int:
    """How much of one text message `text` takes, in GSM septets; 161 or more is two messages.

    With a letter outside the GSM alphabet a message holds 70, so each counts accordingly more.
    """
    if set(text) <= _GSM | _GSM_TWICE:
        return len(text) + sum(letter in _GSM_TWICE for letter in text)
    units = len(text.encode("utf-16-le")) // 2
    return -(-units * TEXT_LIMIT // OTHER_TEXT_LIMIT)


def to_gsm(text: str) -> str:
    """`text` with typographic signs made plain, and letters that a text has no sign for without their marks."""
    plain = text.translate(_PLAIN)
    return "".join(letter if letter in _GSM | _GSM_TWICE else _unmarked(letter) for letter in plain)


def _unmarked(letter: str) -> str:
    bare = {"ı": "i", "İ": "I", "ł": "l", "Ł": "L"}.get(letter) or "".join(
        part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)
    )
    return bare if bare and set(bare) <= _GSM else letter


def _text(kind: Kind, fields: Mapping[str, str], language: str) -> str:
    sentences = kind.sms or ()
    plain = {name: to_gsm(_one_line(value)) for name, value in fields.items()}
    text = to_gsm(" ".join(_filled(sentences, plain, language)))
    if text_length(text) > TEXT_LIMIT:
        # Long names and rooms give way; dates, times and links never do.
        short = {
            name: _cut(value, FIELDS[name]) if name in _MAY_BE_CUT else value for name, value in plain.items()
        }
        text = to_gsm(" ".join(_filled(sentences, short, language)))
    if kind.to is RecipientKind.PARENT:
        hinted = f"{text} {to_gsm(translate(catalogue.STOP_HINT, language))}"
        text = hinted if text_length(hinted) <= TEXT_LIMIT else text
    return text


_MAY_BE_CUT = frozenset({"school", "staff_name", "first_name", "thanks_to", "room"})


def _cut(value: str, longest: int) -> str:
    return value if len(value) <= longest else value[: longest - 1].rstrip(" ,-") + "."


def _from_school(kind: Kind) -> bool:
    to_work = kind.to in (RecipientKind.STAFF, RecipientKind.MEMBER) or kind.at_work
    return not to_work


def _filled(msgids: Iterable[str], fields: Mapping[str, str], language: str) -> list[str]:
    """Each piece with its fields filled in; without those that have an empty field."""
    filled = []
    for msgid in msgids:
        if all(fields[name] for name in fields_of(msgid)):
            filled.append(translate(msgid, language).format_map(fields))
    return filled


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
