"""What the words of a short message may hold, and how a text carries them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from flask_babel import gettext as _

from app.messages.words import text_length, to_gsm, without_sign
from app.shell.refusals import Refused

#: One text, with the school's name before them.
LETTERS = 120
#: As people type them: with their scheme, with www, as name.tld; an email address is one too.
_LINK = re.compile(r"://|\bwww\.|@|\w\.[^\W\d_]{2,}")
#: So many figures with no more than a space, a bracket or a dash between them.
_NUMBER = re.compile(r"\d(?:[\s()\-\u2013]{0,2}\d){6,}")


def tidy(words: str) -> str:
    """One line, each letter with its mark as one sign: a new line could begin a heading in an email."""
    return " ".join(unicodedata.normalize("NFC", words).split())


def refuse_unsafe(words: str) -> None:
    """Raise Refused where a link or a phone number stands in them: with the school's name on it, both are believed."""
    if _LINK.search(words.casefold()):
        raise Refused(
            _(
                "Take out the link or address: parents are right not to trust one in a message. Is there none? Put a"
                " space after each full stop."
            ),
            "words",
        )
    if _NUMBER.search(words):
        raise Refused(
            _("Take out the phone number. Parents have the school’s number, and call that."), "words"
        )


def names_in(words: str, people: Iterable[tuple[str, str]]) -> list[str]:
    """Names of `people`, by the name they are called and their whole name, that stand in `words`.

    First names also where they are written small; last names as they are written: "May" is a month at first.
    """
    written = set(re.findall(r"\w+", words))
    small = {word.casefold() for word in written}
    found = set()
    for known_as, name in people:
        found |= {one for one in known_as.split() if one.casefold() in small}
        first, *others = name.split() or [""]
        found |= {first} if first.casefold() in small else set()
        found |= {one for one in others if one in written}
    return sorted(found)


def by_text(words: str) -> str:
    """`words` as one text carries them; empty where it cannot: signs that Notify has none for, or too many."""
    plain = to_gsm(words)
    return "" if without_sign(words) or text_length(plain) > LETTERS else plain
