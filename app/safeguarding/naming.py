"""Whether two ways of writing a name may mean the same person."""

from __future__ import annotations

import re
import unicodedata

TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "the", "and"})


def is_named(typed: str, name: str) -> bool:
    """Whether `typed`, as somebody wrote it, may name the person called `name`: "Mrs Okafor" for Grace Okafor.

    Says yes too often rather than too seldom: a concern then goes to somebody further away.
    """
    written, called = _words(typed), _words(name)
    return bool(written) and bool(called) and bool({_surname(name)} & written or written <= called)


def _words(name: str) -> frozenset[str]:
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", name).casefold() if not unicodedata.combining(sign)
    )
    return frozenset(re.findall(r"\w+", re.sub(r"[’'`-]", "", plain))) - TITLES


def _surname(name: str) -> str:
    words = [word for word in name.split() if _words(word)]
    return next(iter(_words(words[-1])), "") if words else ""
