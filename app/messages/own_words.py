"""What a council's own words may hold, and how much room a text has for them. Pure."""

from __future__ import annotations

import re
import unicodedata

from flask_babel import gettext as _
from flask_babel import ngettext

from app.messages.kind import FIELDS, Kind, Marked
from app.messages.words import (
    FILLERS,
    TEXT_LIMIT,
    fields_of,
    fill_in,
    text_length,
    to_gsm,
    without_sign,
)
from app.shell.links_in_words import has_link
from app.shell.parsing import listed
from app.shell.refusals import Refused
from app.states.messages import Channel

#: Letters of a paragraph of an email.
PARAGRAPH = 300
#: The school's and the council's name stand in every message; another name only where ours has it.
_ANYWHERE = ("school", "council")
#: Stricter than `has_number`, which lets days and hours through: here none may stand either.
_NUMBER = re.compile(r"\d(?:[\W_]{0,3}\d){4,}")
_OPEN = re.compile(r"\(\(([^()]*)\)\)")
#: What is left of brackets that fill in nothing.
_HALF = re.compile(r"\(\(|\)\)|\{\{|\}\}")
#: At the start of a line Notify makes a heading, a list, an inset or a rule of it.
_BEGINS = re.compile(r"(?:[#*^>+•–—=_~`|-]|\d+[.)])")
_DAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|tonight|tomorrow|yesterday|midday|noon|o[’']clock"
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
#: A day, an hour or a room: the same words go to every school, in every week.
_WHEN = re.compile(
    rf"\b(?:{_DAY})\b|\b\d{{1,2}}(?:st|nd|rd|th)\b|\b\d{{1,2}}(?:[:.]\d\d)?\s*[ap]\.?m\b|\b\d{{1,2}}[:.]\d\d\b"
    rf"|\b\d{{1,2}}\s+(?:{_MONTH})\b|\b(?:{_MONTH})\s+\d{{1,2}}\b|\broom\s+[a-z]?\d+\b",
    re.IGNORECASE,
)
#: What the service does something about, when a parent answers a text with it.
_REPLY = re.compile(r"\b(?:[Rr]eply|REPLY|STOP|START|UNSUBSCRIBE|CANCEL|END|QUIT)\b")
#: What nobody says to parents here (`docs/glossary.md`).
_NEVER = re.compile(
    r"\b(?:(?<!of )courses?|parenting class(?:es)?|(?:school[ -])?refusers?|truan(?:ts?|cy)|non-compliant"
    r"|hard[ -]to[ -]reach|failures?)\b",
    re.IGNORECASE,
)
_LONGEST = {name: "x" * length for name, length in FIELDS.items()}


#: Signs without width between letters, which some scripts need to join or part them.
_JOINERS = "\u200c\u200d"
_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-"})


def tidy(words: str) -> str:
    """One line, each letter with its mark as one sign: a new line could begin a heading in an email. Nothing in it
    that is not seen, or turns what follows round."""
    seen = (
        one
        for one in unicodedata.normalize("NFC", words).translate(_HYPHENS)
        if one in _JOINERS or unicodedata.category(one) != "Cf"
    )
    return " ".join("".join(seen).split())


def fillers_of(piece: Marked) -> list[str]:
    """What a council may leave open in this piece, as it writes it: `school`, `council`, `first name`."""
    fields = fields_of(piece.words)
    return [filler for filler, field in FILLERS.items() if filler in _ANYWHERE or field in fields]


def as_written(piece: Marked, ours: str) -> str:
    """Our words of `piece`, as a council would write them: {school} as ((school))."""
    for filler, field in FILLERS.items():
        ours = ours.replace(f"{{{field}}}", f"(({filler}))")
    return ours


def room_for(kind: Kind, piece: Marked) -> int:
    """For how many letters there is room: of a text what the rest leaves, with the longest names; never less than ours
    takes."""
    if piece.channel is Channel.EMAIL:
        return PARAGRAPH
    others = [words.format_map(_LONGEST) for words in kind.sms or () if words != piece.words]
    left = TEXT_LIMIT - sum(text_length(to_gsm(words)) + 1 for words in others)
    return max(left, text_length(to_gsm(piece.words.format_map(_LONGEST))))


def length_of(piece: Marked, words: str) -> int:
    """How much room `words` take there, with the longest names: of a text by Notify's table, where € counts twice."""
    filled = fill_in(words, _LONGEST)
    return text_length(to_gsm(filled)) if piece.channel is Channel.SMS else len(filled)


def refuse_unsafe(kind: Kind, piece: Marked, words: str) -> None:
    """Raise Refused where something stands in them that no message of a school's may say, or that does not fit."""
    if not words:
        raise Refused(_("Write your words."), "words")
    if found := _BEGINS.match(words):
        raise Refused(
            _("Begin with a word. “%(sign)s” makes something else of the line.", sign=found[0]), "words"
        )
    if unknown := [name for name in _OPEN.findall(words) if name.strip().lower() not in fillers_of(piece)]:
        raise Refused(
            _(
                "We cannot fill in ((%(name)s)). You can use: %(known)s.",
                name=unknown[0],
                known=listed([f"(({one}))" for one in fillers_of(piece)]),
            ),
            "words",
        )
    if found := _HALF.search(_OPEN.sub("", words)):
        raise Refused(_("Take out “%(sign)s”. Nothing is filled in there.", sign=found[0]), "words")
    if "{school}" in piece.words and not any(one.strip().lower() == "school" for one in _OPEN.findall(words)):
        raise Refused(
            _("Write ((school)) where the school’s name belongs. It says who the message is from."), "words"
        )
    if has_link(words):
        raise Refused(_("Take out the link or address. The message has its own link already."), "words")
    if _NUMBER.search(words):
        raise Refused(
            _("Take out the phone number. Each school’s own number is in the message already."), "words"
        )
    if found := _WHEN.search(words):
        raise Refused(
            _("Take out “%(word)s”. The same words go to every school, on any day.", word=found[0]), "words"
        )
    if piece.channel is Channel.SMS and (found := _REPLY.search(words)):
        raise Refused(
            _("Take out “%(word)s”. Some answers to a text, like STOP, stop all texts.", word=found[0]),
            "words",
        )
    if found := _NEVER.search(words.translate(dict.fromkeys(map(ord, _JOINERS)))):
        raise Refused(_("Take out “%(word)s”: it can hurt who reads it.", word=found[0]), "words")
    if piece.channel is Channel.SMS and (signs := without_sign(words)):
        raise Refused(_("A text cannot carry: %(signs)s. Take them out.", signs=" ".join(signs)), "words")
    _refuse_long(kind, piece, words)
    if not any(one.isalpha() for one in words):
        raise Refused(_("Write your words."), "words")


def _refuse_long(kind: Kind, piece: Marked, words: str) -> None:
    if (over := length_of(piece, words) - room_for(kind, piece)) > 0:
        raise Refused(
            ngettext("Cut it by one letter.", "Cut it by %(num)s letters.", over)
            + " "
            + (
                _("With long names of schools it would not fit into one text.")
                if piece.channel is Channel.SMS
                else _("Long emails are not read.")
            ),
            "words",
        )
