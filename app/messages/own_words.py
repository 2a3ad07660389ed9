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
_NUMBER = re.compile(r"\d(?:[\W_]{0,3}\d){6,}")
_OPEN = re.compile(r"\(\(([^()]*)\)\)")
#: What nobody says to parents here (`docs/glossary.md`).
_NEVER = re.compile(
    r"\b(?:(?<!of )courses?|parenting class(?:es)?|(?:school[ -])?refusers?|truan(?:ts?|cy)|non-compliant"
    r"|hard[ -]to[ -]reach|failures?)\b",
    re.IGNORECASE,
)
_LONGEST = {name: "x" * length for name, length in FIELDS.items()}


def tidy(words: str) -> str:
    """One line, each letter with its mark as one sign: a new line could begin a heading in an email."""
    return " ".join(unicodedata.normalize("NFC", words).split())


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
    if unknown := [name for name in _OPEN.findall(words) if name.strip().lower() not in fillers_of(piece)]:
        raise Refused(
            _(
                "We cannot fill in ((%(name)s)). You can use: %(known)s.",
                name=unknown[0],
                known=listed([f"(({one}))" for one in fillers_of(piece)]),
            ),
            "words",
        )
    if has_link(words):
        raise Refused(_("Take out the link or address. The message has its own link already."), "words")
    if _NUMBER.search(words):
        raise Refused(
            _("Take out the phone number. Each school’s own number is in the message already."), "words"
        )
    if found := _NEVER.search(words):
        raise Refused(_("Take out “%(word)s”: it can hurt who reads it.", word=found[0]), "words")
    if piece.channel is Channel.SMS and (signs := without_sign(words)):
        raise Refused(_("A text cannot carry: %(signs)s. Take them out.", signs=" ".join(signs)), "words")
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
