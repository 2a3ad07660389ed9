"""Whether two ways of writing a name may mean the same person."""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "the", "and"})
#: Words beside a role that say nothing about whose it is.
_BESIDE = frozenset({"the", "our", "my", "their", "your", "a", "an", "at", "of", "school", "schools", "s"})
_ROLES = {
    "dsl": re.compile(
        r"\b(d?dsl|((designated|deputy|lead) )*safe ?guarding( (lead|leader|officer|person|manager|deputy|team))?"
        r"|designated (safety )?(lead|person)"
        r"|child protection( (lead|officer|person))?|head|head ?teacher|headmaster|headmistress|principal)\b(?! year)"
    ),
    "officer": re.compile(
        r"\b(lado|(local authority )?designated officer|named officer|(council|councils|authority) officer)\b"
    ),
}
#: Letters that draw nothing and that Unicode does not count among the marks.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")
#: Two letters that stand for one with a mark.
_TWO_FOR_ONE = re.compile("([aou])e|(?<=a)a|(?<=s)s")
#: What joins two halves of a name, or stands between them.
_JOINS = re.compile("[’'`\u2010-\u2015-]")


def is_named(typed: str, name: str) -> bool:
    """Whether `typed`, as somebody wrote it, may name the person called `name`: "Mrs Okafor" for Grace Okafor.

    Says yes too often rather than too seldom: a concern then goes to somebody further away.
    """
    written, called = _words(typed), _words(name)
    if not written or not called:
        return False
    in_name = all(spellings & called for spellings in _each_word(typed))
    return bool(_surname(name) & written) or in_name


def is_called(typed: str, name: str) -> bool:
    """Whether the whole of `name` stands in `typed`, in any order: "I think it was Okafor, Grace"."""
    called, written = _each_word(name), _words(typed)
    return bool(called) and all(part & written for part in called)


def names_somebody(about: str, about_name: str, who_else: str, name: str, *, whole: bool = False) -> bool:
    """Whether a concern may name the person called `name`, as its subject or as somebody who was there.

    The whole name counts of a child, who may share a reader's surname, and of whoever was there; with `whole` always.
    """
    same = is_called if whole or about == "child" else is_named
    return same(about_name, name) or is_called(who_else, name)


def names_role(typed: str, route: str, *, alone: bool = False) -> bool:
    """Whether `typed` means whoever reads concerns there by what they are: "the DSL", "the head", "LADO".

    `route` is `dsl` or `officer`. Of a school its head counts as well: they may read, and it is their school.
    `alone`: nothing else may stand there, for a child of whom such a word says something else.
    """
    # Dots and gaps say nothing: "D.S.L." and "d s l" are the DSL.
    said = re.sub(
        r"\b\w(?:[\s.]+\w\b)+", lambda found: re.sub(r"[\s.]+", "", found[0]), _plain(typed).replace("_", " ")
    )
    said = " ".join(word for word in re.findall(r"\w+", said) if word not in _BESIDE)
    pattern = _ROLES[route]
    return bool(pattern.fullmatch(said) if alone else pattern.search(said))


def _words(name: str) -> frozenset[str]:
    """The words of a name in every spelling, without titles; joined words as one and apart."""
    found: set[str] = set()
    for plain in (_plain(name), _in_english_letters(name), _with_one_letter(name)):
        together, apart = _JOINS.sub("", plain), _JOINS.sub(" ", plain)
        found.update(re.findall(r"\w+", together))
        # Of what stood joined, a single letter is no name: the O in O'Brien.
        found.update(word for word in re.findall(r"\w+", apart) if len(word) > 1 or apart == plain)
    return frozenset(found - TITLES)


def _each_word(name: str) -> list[frozenset[str]]:
    """Word by word, the spellings of each."""
    return [spellings for part in name.split() if (spellings := _words(part))]


def _plain(text: str) -> str:
    """Small letters without accents and without letters that nobody sees."""
    return "".join(
        sign
        for sign in unicodedata.normalize("NFKD", text).casefold()
        if unicodedata.category(sign) not in ("Cf", "Mn", "Me") and sign not in _UNSEEN
    )


def _in_english_letters(text: str) -> str:
    """As it is typed where there is no other keyboard: Yildiz for Yıldız, Zak for Żak, Olena for Олена."""
    return anyascii(_plain(text)).casefold()


def _with_one_letter(text: str) -> str:
    """With one letter where German and Nordic names are also written with two: Mueller is Müller, Odegaard Ødegård."""
    return _TWO_FOR_ONE.sub(lambda two: two[1] or "", _in_english_letters(text))


def _surname(name: str) -> frozenset[str]:
    words = _each_word(name)
    return words[-1] if words else frozenset()
