"""How close two words of names are when somebody wrote one down as they heard it, or in other letters.

No spelling is the right one: Mohammed is Muhammad, Shcherbakova is Scherbakova, Wójcik is Wojcik. Names are compared by
what is left when spelling is taken away. Letters of some scripts say only the consonants, those of others no sound at
all: of the last nothing can be said.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from anyascii import anyascii

#: What is one sound, the longest first.
_ONE_SOUND = (
    ("shch", "s"), ("sch", "s"), ("tch", "c"), ("sh", "s"), ("sz", "s"), ("cz", "c"), ("ch", "c"), ("ts", "c"),
    ("tz", "c"), ("dzh", "j"), ("dj", "d"), ("zh", "z"), ("kh", "h"), ("ph", "f"), ("th", "t"), ("dh", "d"),
    ("bh", "b"), ("gh", "g"), ("ck", "k"), ("qu", "k"), ("q", "k"), ("x", "ks"), ("w", "v"), ("y", "i"), ("mac", "mc"),
    ("oo", "u"), ("ou", "u"), ("ee", "i"), ("o", "u"), ("e", "i"),
)  # fmt: skip
#: Sounds that one alphabet writes with the letter of another.
_FAMILY = str.maketrans("bpfvkgqcszxjdtlnmr", "111122222222335456")
#: Letters that are read aloud, at least by their consonants. Of any other script nothing can be said.
_READ_ALOUD = frozenset(
    {
        "LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "ARMENIAN", "GEORGIAN", "HANGUL", "ETHIOPIC", "DEVANAGARI",
        "BENGALI", "GURMUKHI", "GUJARATI", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "ORIYA", "MODIFIER",
    }
)  # fmt: skip


def are_near(one: str, other: str) -> bool:
    """Whether two words in Latin letters may be one name, written as it sounds or with a letter wrong."""
    a, b = _sound(one), _sound(other)
    if a == b:
        return bool(a)
    shorter = min(len(a), len(b))
    if shorter < 5 or a[0] != b[0]:
        return False
    return _letters_apart(a, b) <= (1 if shorter < 8 else 2)


def may_sound_alike(one: str, other: str) -> bool:
    """The same of two words in different letters, by their consonants: Rahima is রহিমা."""
    a, b = _consonants(one), _consonants(other)
    if min(len(a), len(b)) < 2:
        return False
    return a == b or (min(len(a), len(b)) >= 4 and _letters_apart(a, b) <= 1)


def scripts_of(text: str) -> frozenset[str]:
    """The names of the scripts whose letters stand in `text`, as Unicode calls them."""
    return frozenset(
        unicodedata.name(sign, "UNKNOWN").split()[0]
        for sign in unicodedata.normalize("NFKC", text)
        if unicodedata.category(sign)[0] == "L"
    )


def says_nothing(text: str) -> bool:
    """Whether some of `text` stands in letters that cannot be compared with others, or mixes letters in one word."""
    return bool(scripts_of(text) - _READ_ALOUD) or any(
        "LATIN" in found and len(found & _READ_ALOUD) > 1 for found in map(scripts_of, text.split())
    )


@cache
def _sound(word: str) -> str:
    said = re.sub("[^a-z]", "", anyascii(word).casefold())
    said = re.sub("^y(?=[aeiou])", "j", said)
    said = re.sub("c(?=[aourlnt]|$)", "k", said)
    for letters, sound in _ONE_SOUND:
        said = said.replace(letters, sound)
    said = re.sub(r"(.)\1+", r"\1", said)
    return re.sub("(?<=.)h(?=$|[^aiu])", "", said)


@cache
def _consonants(word: str) -> str:
    said = re.sub("[^a-z]", "", anyascii(word).casefold())
    for letters, sound in (
        ("sh", "s"),
        ("ch", "c"),
        ("kh", "k"),
        ("gh", "g"),
        ("th", "t"),
        ("ph", "f"),
        ("zh", "z"),
    ):
        said = said.replace(letters, sound)
    kinds = re.sub("[aeiouywh]", "", said).translate(_FAMILY)
    return re.sub(r"(.)\1+", r"\1", kinds)


def _letters_apart(one: str, other: str) -> int:
    """How many letters have to be changed, added or left out; of two that changed places, one."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        older, before, row = before, row, [place]
        for at, same in enumerate(other, start=1):
            cost = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (letter != same))
            if place > 1 and at > 1 and letter == other[at - 2] and one[place - 2] == same:
                cost = min(cost, older[at - 2] + 1)
            row.append(cost)
    return row[-1]
