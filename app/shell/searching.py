"""What somebody looks for, compared as people mean it: without accents, case, apostrophes, order or spacing.

A list keeps the folded form of what it is searched by in a column that the database makes itself at every write
(revision "searched by"), so that nothing is ever out of step. `fold` says the same in Python; a test holds them
together.
"""

from __future__ import annotations

import re
import unicodedata

from app.shell.validators import without_unfit_letters

#: Letters that no accent made: what people type for them.
PLAINER = {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "ŧ": "t", "ð": "d"}
LONGER = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
_LEFT_OUT = re.compile(r"[\s!-/:-@\[-`{-~\u0300-\u036f\u02b0-\u02ff\u2000-\u206f\u00b4\u00b7]")
_NUMBER = re.compile(r"\+?[\d\s().+/\-–]*\d[\d\s().+/\-–]*")
MOST_WORDS = 8


def fold(text: str) -> str:
    """`text` in small plain letters and nothing between them."""
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    plain = "".join(PLAINER.get(sign, LONGER.get(sign, sign)) for sign in small)
    return _LEFT_OUT.sub("", plain)


def needles(typed: str) -> list[str]:
    """What must all be found in somebody's folded form. Nothing typed finds everybody.

    A telephone number in any spelling, or a part of one, is one needle; of anything else each word is.
    """
    typed = without_unfit_letters(typed)
    if _NUMBER.fullmatch(typed.strip()):
        digits = "".join(str(unicodedata.digit(sign)) for sign in typed if sign.isdecimal())
        return [digits.removeprefix("00")]
    words = (fold(word) for word in re.split(r"[\s,;]+", typed))
    return [word for word in words if word][:MOST_WORDS]
