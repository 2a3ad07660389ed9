"""Whether two ways of writing a name may mean the same person."""

from __future__ import annotations

import re
import unicodedata

TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "the", "and"})
#: What joins two halves of a name, or stands between them.
_JOINS = re.compile("[’'`\u2010-\u2015-]")


def is_named(typed: str, name: str) -> bool:
    """Whether `typed`, as somebody wrote it, may name the person called `name`: "Mrs Okafor" for Grace Okafor.

    Says yes too often rather than too seldom: a concern then goes to somebody further away.
    """
    written, called = _words(typed), _words(name)
    return bool(written) and bool(called) and bool(_surname(name) & written or written <= called)


def is_called(typed: str, name: str) -> bool:
    """Whether the whole of `name` stands in `typed`, in any order: "I think it was Okafor, Grace"."""
    called = [_words(part) for part in name.split() if _words(part)]
    written = _words(typed)
    return bool(called) and all(part & written for part in called)


def _words(name: str) -> frozenset[str]:
    """The words of a name without accents, letters that nobody sees, and titles; joined words as one and apart."""
    plain = "".join(
        sign
        for sign in unicodedata.normalize("NFKD", name).casefold()
        if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf"
    )
    together, apart = _JOINS.sub("", plain), _JOINS.sub(" ", plain)
    # Of what stood joined, a single letter is no name: the O in O'Brien.
    halves = [word for word in re.findall(r"\w+", apart) if len(word) > 1 or apart == plain]
    return frozenset([*re.findall(r"\w+", together), *halves]) - TITLES


def _surname(name: str) -> frozenset[str]:
    words = [word for word in name.split() if _words(word)]
    return _words(words[-1]) if words else frozenset()
