"""What somebody looks for, compared as people mean it: without accents, case, apostrophes, order or spacing.

A row keeps the folded form of what it is found by, and its trigrams, in columns that the database makes itself at every
write (revisions "searched by" and "one search"), so that nothing is ever out of step. `fold` says the same in Python; a
test holds them together. `find` asks the index over the trigrams; `holds` reads few rows, each as it is asked for.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, Uuid, and_, cast, func, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from app.shell.validators import without_unfit_letters

#: Letters that no accent made: what people type for them.
PLAINER = {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "ŧ": "t", "ð": "d"}
LONGER = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
_PLAIN = str.maketrans(PLAINER | LONGER)
_SIGNS = r"[\s!-/:-@\[-`{-~\u0300-\u036f\u02b0-\u02ff\u2000-\u206f\u00b4\u00b7]"
_LEFT_OUT = re.compile(_SIGNS)
_NUMBER = re.compile(r"\+?[\d\s().+/\-–]*\d[\d\s().+/\-–]*")
MOST_WORDS = 8
#: Nothing that anybody is found by is longer.
MOST_LETTERS = 200
#: Lists whose rows the database has an index for; the words mean what they mean in `app.found`.
List = Literal["parents", "facilitators", "staff", "groups", "schools"]


def fold(text: str) -> str:
    """`text` in small plain letters and nothing between them."""
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    return _LEFT_OUT.sub("", small.translate(_PLAIN))


def needles(typed: str) -> list[str]:
    """What must all be found in somebody's folded form. Nothing typed finds everybody.

    A telephone number in any spelling, or a part of one, is one needle; of anything else each word is.
    """
    typed = without_unfit_letters(typed[:MOST_LETTERS])
    if _NUMBER.fullmatch(typed.strip()):
        digits = "".join(str(unicodedata.digit(sign)) for sign in typed if sign.isdecimal())
        return [digits.removeprefix("00")]
    words = (fold(word) for word in re.split(r"[\s,;]+", typed))
    return [word for word in words if word][:MOST_WORDS]


def matches(typed: str, words: str) -> bool:
    """Whether `words` hold what was typed; nothing typed is in none."""
    wanted, words = needles(typed), fold(words)
    return bool(wanted) and all(word in words for word in wanted)


def find(which: List, typed: str) -> Select[tuple[UUID]] | None:
    """Ids of the rows of the scope's own school or authority that fit; None when nothing was typed."""
    if which == "schools":
        # People write either; the row has the longer, which stands in no street's name.
        typed = re.sub(r"\bst\b", "saint", typed.replace("&", " and "), flags=re.IGNORECASE)
    wanted = needles(typed)
    if not wanted:
        return None
    pieces = sorted({word[at : at + 3] for word in wanted for at in range(len(word) - 2)})
    ids = func.app.found(
        which,
        cast(pieces, ARRAY(Text)),
        cast([f"%{word}%" for word in wanted], ARRAY(Text)),
        type_=Uuid(),
    ).column_valued("found_id")
    return select(ids)


def narrow(query: Select[Any], which: List, row_id: Any, typed: str) -> Select[Any]:
    """`query`, left with the rows that fit what somebody typed; with all of them when that is nothing."""
    ids = find(which, typed)
    return query if ids is None else query.where(row_id.in_(ids))


def holds(typed: str, *columns: Any) -> ColumnElement[bool]:
    """Whether these columns of a row hold what was typed: for lists of a few hundred rows at most."""
    words: ColumnElement[str] = literal("")
    for column in columns:
        words = words.concat("|").concat(_folded(column))
    return and_(true(), *(words.contains(word, autoescape=True) for word in needles(typed)))


def _folded(column: Any) -> ColumnElement[str]:
    """`fold` in the database."""
    normalize = func.pg_catalog.normalize
    small = normalize(func.lower(normalize(func.coalesce(column, ""), "NFKD")), "NFKD")
    plain = func.translate(small, "".join(PLAINER), "".join(PLAINER.values()))
    for sign, letters in LONGER.items():
        plain = func.replace(plain, sign, letters)
    return func.regexp_replace(plain, _SIGNS, "", "g", type_=Text())
