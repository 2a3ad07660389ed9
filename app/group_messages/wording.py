"""What the words of a short message may hold, and how a text carries them."""

from __future__ import annotations

import unicodedata

from flask_babel import gettext as _
from flask_babel import ngettext

from app.messages.words import text_length, to_gsm, without_sign
from app.shell.links_in_words import has_link, has_number
from app.shell.refusals import Refused

#: One text, with the school's name before them.
LETTERS = 120


def tidy(words: str) -> str:
    """One line, each letter with its mark as one sign: a new line could begin a heading in an email."""
    return " ".join(unicodedata.normalize("NFC", words).split())


def refuse_unsafe(words: str) -> None:
    """Raise Refused where they are too long, or a link or a phone number stands in them: with the school's name on it,
    both are believed. `words` are tidy: signs of some scripts (Bengali, Hindi) are two letters then, and were one."""
    if len(words) > LETTERS:
        raise Refused(
            ngettext(
                "Your message is one letter too long. Some signs of your script count as two. Cut it a little.",
                "Your message is %(num)s letters too long. Some signs of your script count as two. Cut it a little.",
                len(words) - LETTERS,
            ),
            "words",
        )
    if has_link(words):
        raise Refused(
            _(
                "Take out the link or address: parents are right not to trust one in a message. Is there none? Put a"
                " space after each full stop."
            ),
            "words",
        )
    if has_number(words):
        raise Refused(
            _("Take out the phone number. Parents have the school’s number, and call that."), "words"
        )


def by_text(words: str) -> str:
    """`words` as one text carries them; empty where it cannot: signs that Notify has none for, or too many."""
    plain = to_gsm(words)
    return "" if without_sign(words) or text_length(plain) > LETTERS else plain
