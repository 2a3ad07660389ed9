"""How close two words of names are when somebody wrote one down as they heard it, or in other letters.

No spelling is the right one: Mohammed is Muhammad, Shcherbakova is Scherbakova, Wójcik is Wojcik. Names are compared by
what is left when spelling is taken away. Letters of some scripts say only the consonants, those of others no sound at
all: of the last nothing can be said.

Not seen: Hassan and Hussein, or Jamal and Jamil, are one name in Arabic letters, as two names with the same consonants
are. A name of one consonant (Ali, Leah) is not compared in other letters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

#: What is one sound, the longest first.
_ONE_SOUND = (
    ("shch", "s"), ("sch", "s"), ("tch", "c"), ("sh", "s"), ("sz", "s"), ("cz", "c"), ("ch", "c"), ("ts", "c"),
    ("tz", "c"), ("dzh", "j"), ("dj", "d"), ("zh", "z"), ("kh", "h"), ("ph", "f"), ("th", "t"), ("dh", "d"),
    ("bh", "b"), ("gh", "g"), ("ck", "k"), ("qu", "k"), ("q", "k"), ("x", "ks"), ("w", "v"), ("y", "i"),
    ("oo", "u"), ("ou", "u"), ("ee", "i"), ("o", "u"), ("e", "i"),
)  # fmt: skip
#: Sounds that one alphabet writes with the letter of another.
_FAMILY = str.maketrans("bpfvkgqcszxjdtlnmr", "111122222222335456")
#: Abdul Rahman, Abdel-Rahman and Abdurrahman: the article takes the sound behind it.
_SERVANT_OF = re.compile(r"^abd[aeou]?(?:l|([rsnzdt])(?=\1|$))?")
#: Letters that draw nothing and that Unicode does not count among the marks.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")
#: Two letters that stand for one with a mark.
_TWO_FOR_ONE = re.compile("([aou])e|(?<=a)a|(?<=s)s")
#: What joins two halves of a name, or stands between them.
_JOINS = re.compile("[’'`\u2010-\u2015-]")
#: Letters that are read aloud, at least by their consonants. Of any other script nothing can be said.
_READ_ALOUD = frozenset(
    {
        "LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "ARMENIAN", "GEORGIAN", "HANGUL", "ETHIOPIC", "DEVANAGARI",
        "BENGALI", "GURMUKHI", "GUJARATI", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "ORIYA", "MODIFIER",
    }
)  # fmt: skip

#: Words come again, in every reader's turn; whole texts are not kept.
_OF_A_WORD = lru_cache(maxsize=4096)


def plain(text: str) -> str:
    """Small letters without accents and without letters that nobody sees."""
    return "".join(
        sign
        for sign in unicodedata.normalize("NFKD", text).casefold()
        if unicodedata.category(sign) not in ("Cf", "Mn", "Me") and sign not in _UNSEEN
    )


@_OF_A_WORD
def in_english_letters(text: str) -> str:
    """As it is typed where there is no other keyboard: Yildiz for Yıldız, Zak for Żak, Olena for Олена."""
    return anyascii(plain(text)).casefold()


@_OF_A_WORD
def as_one_word(text: str) -> str:
    """In English letters, with nothing between its halves: what is left is letter by letter the same name."""
    return _SERVANT_OF.sub("abd", _JOINS.sub("", in_english_letters(text)))


@_OF_A_WORD
def spellings_of(text: str) -> frozenset[str]:
    """The words in `text` in every spelling; joined words as one and apart."""
    found: set[str] = set()
    for written in (plain(text), in_english_letters(text), _with_one_letter(text)):
        together, apart = _JOINS.sub("", written), _JOINS.sub(" ", written)
        found.update(re.findall(r"\w+", together))
        # Of what stood joined, a single letter is no name: the O in O'Brien.
        found.update(word for word in re.findall(r"\w+", apart) if len(word) > 1 or apart == written)
    return frozenset(found)


@_OF_A_WORD
def may_be_one(one: str, other: str) -> bool:
    """Whether two words may be one name; by consonants where they stand in different letters."""
    return are_near(one, other) if scripts_of(one) == scripts_of(other) else may_sound_alike(one, other)


@_OF_A_WORD
def sound_the_same(one: str, other: str) -> bool:
    """The same without a letter wrong: Mohamed is Muhamad, Maria is not Mario."""
    if scripts_of(one) != scripts_of(other):
        return may_sound_alike(one, other)
    return bool(_sound(one)) and _sound(one) == _sound(other) and not _are_two_short_ones(one, other)


def are_near(one: str, other: str) -> bool:
    """Whether two words in Latin letters may be one name, written as it sounds or with a letter wrong."""
    a, b = _sound(one), _sound(other)
    if a == b:
        return bool(a) and not _are_two_short_ones(one, other)
    shorter = min(len(a), len(b))
    if shorter < 5 or a[0] != b[0]:
        return False
    return _letters_apart(a, b) <= (1 if shorter < 8 else 2)


def _are_two_short_ones(one: str, other: str) -> bool:
    """Jo and Yu: of so few letters the first has to be the same."""
    one, other = in_english_letters(one), in_english_letters(other)
    return max(len(one), len(other)) < 4 and one[:1] != other[:1]


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


def _with_one_letter(text: str) -> str:
    """With one letter where German and Nordic names are also written with two: Mueller is Müller, Odegaard Ødegård."""
    return _TWO_FOR_ONE.sub(lambda two: two[1] or "", in_english_letters(text))


@_OF_A_WORD
def _sound(word: str) -> str:
    said = _SERVANT_OF.sub("abd", re.sub("[^a-z]", "", anyascii(word).casefold()))
    said = re.sub("^mac", "mc", said)
    said = re.sub("^y(?=[aeiou])", "j", said)
    said = re.sub("c(?=[aourlnt]|$)", "k", said)
    for letters, sound in _ONE_SOUND:
        said = said.replace(letters, sound)
    said = re.sub(r"(.)\1+", r"\1", said)
    return re.sub("(?<=.)h(?=$|[^aiu])", "", said)


@_OF_A_WORD
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
    # Double letters before the vowels go: Mohammed has two sounds of m, and Ahmed one.
    said = re.sub(r"(.)\1+", r"\1", said)
    return re.sub("[aeiouywh]", "", said).translate(_FAMILY)


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
