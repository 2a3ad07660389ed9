"""Whether two ways of writing a name may mean the same person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from anyascii import anyascii

from app.safeguarding.spelling import are_near, may_sound_alike, says_nothing, scripts_of

#: Before a name, here and elsewhere.
_BEFORE = frozenset(
    {
        "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "master", "lady", "lord", "rev", "sister",
        "brother", "aunt", "auntie", "uncle", "cô", "co", "ông", "ong", "bà", "ba", "anh", "chị", "chi", "herr", "frau",
        "señor", "señora", "senor", "senora", "sra", "signor", "signora", "monsieur", "madame", "mme", "pan", "pani",
    }
)  # fmt: skip
TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "the", "and"})
#: Behind a name: what somebody has passed or been given. Nobody writes it into a concern.
_BEHIND = frozenset(
    {
        "phd", "dphil", "edd", "ba", "bsc", "bed", "ma", "msc", "med", "mphil", "mba", "mbe", "obe", "cbe", "qts",
        "pgce", "npqh", "jp", "hons", "rgn", "jr", "jnr", "sr", "snr",
    }
)  # fmt: skip
#: What stands between two people in a list of them.
_BETWEEN_PEOPLE = re.compile(r"[,;/&\n]|\band\b")
#: What somebody adds to their name in brackets.
_IN_BRACKETS = re.compile(r"[(\[{（].*?[)\]}）]")
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
    written, parts = _words(typed), _parts(name)
    if not written or not parts:
        return False
    called = frozenset[str]().union(*parts)
    if parts[-1] & written or all(spellings & called for spellings in _each_word(typed)):
        return True
    heard = _heard(typed)
    return any(_sounds(one, _last(name)) for one in heard) or _is_close(heard, name)


def is_called(typed: str, name: str) -> bool:
    """Whether `typed` may say given and family name of the person called `name`: "I think it was Okafor, Grace".

    Two words of a longer name are enough: of Nguyễn Thị Hương nobody writes the one between.
    """
    parts, written = _parts(name), _words(typed)
    if not parts:
        return False
    if sum(bool(part & written) for part in parts) >= min(2, len(parts)):
        return True
    return _is_close(_heard(typed), name)


def is_called_whole(typed: str, name: str) -> bool:
    """Whether the whole of `name` stands in `typed`, in any order and letter by letter."""
    called, written = _each_word(name), _words(typed)
    return bool(called) and all(part & written for part in called)


def is_addressed(typed: str, name: str) -> bool:
    """Whether `typed` says the last word of `name` as of somebody: "Mrs Okafor", "G. Okafor", or that word alone."""
    last, initials = _last(name), {word[:1] for word in _plain(name).split()}
    before = _BEFORE | initials
    return any(
        _sounds(said[-1], last)
        if len(said) == 1
        else any(_sounds(after, last) and {one, _plain(one)} & before for one, after in pairwise(said))
        for said in map(_said, _BETWEEN_PEOPLE.split(typed))
        if said
    )


def cannot_be_compared(typed: str, name: str) -> bool:
    """Whether `typed` stands in letters of which nobody can say how `name` is written in them, or mixes letters."""
    return says_nothing(typed) and not scripts_of(typed) <= scripts_of(name)


def names_somebody(
    about: str, about_name: str, who_else: str, name: str, *, whole: bool = False, doubt: bool = True
) -> bool:
    """Whether a concern may name the person called `name`, as its subject or as somebody who was there.

    Given and family name count of a child, who may share a reader's surname; of whoever was there also a title with
    the surname. `whole`: all of the name, letter by letter, where a yes brings the concern nearer. `doubt`: what is
    written in letters that cannot be compared counts as a yes.
    """
    if whole:
        return is_called_whole(about_name, name) or is_called_whole(who_else, name)
    if doubt and (cannot_be_compared(about_name, name) or cannot_be_compared(who_else, name)):
        return True
    same = is_called if about == "child" else is_named
    return same(about_name, name) or is_called(who_else, name) or is_addressed(who_else, name)


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


def _own_words(name: str) -> list[str]:
    """The words of a kept name that are the name itself: no titles, nothing in brackets, nothing that was passed."""
    words = [word for part in _IN_BRACKETS.sub(" ", name).split() if (word := part.strip(".,;"))]
    own = [word for word in words if word.casefold().replace(".", "") not in TITLES] or words
    while len(own) > 2 and _is_behind(own[-1]):
        own.pop()
    return own


def _is_behind(word: str) -> bool:
    # Ma and Ba are families too; who has passed one writes it in capitals.
    return word.casefold().replace(".", "") in _BEHIND and not (len(word) == 2 and word.istitle())


def _parts(name: str) -> list[frozenset[str]]:
    """Word by word, the spellings of each that is the name itself."""
    return [spellings for word in _own_words(name) if (spellings := _words(word))]


def _last(name: str) -> str:
    words = _own_words(name)
    return words[-1] if words else ""


def _said(typed: str) -> list[str]:
    """The words of what was typed, in small letters, without what makes them somebody's."""
    shown = "".join(
        sign if unicodedata.category(sign)[0] in "LM" else " "
        for sign in re.sub("[’'`]s\\b", "", typed.casefold())
        if unicodedata.category(sign) != "Cf" and sign not in "’'`"
    )
    return shown.split()


def _heard(typed: str) -> list[str]:
    """Those words, and each two of them as one."""
    said = _said(typed)
    return said + [one + other for one, other in pairwise(said)]


def _is_close(heard: list[str], name: str) -> bool:
    """Whether two words of a name stand there as they sound, or the name as one word: "JoPembury", "Kim Minsu"."""
    words = _own_words(name)
    if not words:
        return False
    if any(_is_as_one(one, whole) for whole in _as_one(words) for one in heard):
        return True
    found = {at for at, word in enumerate(words) if any(_sounds(one, word) for one in heard)}
    for at, (word, after) in enumerate(pairwise(words)):
        if any(_is_as_one(one, word + after) for one in heard):
            found |= {at, at + 1}
    return len(found) >= min(len(words), 2)


def _is_as_one(one: str, whole: str) -> bool:
    # Of two names that differ in their first letters alone, all of it is alike: only the gap may be missing.
    return (
        _sounds(one, whole)
        if scripts_of(one) != scripts_of(whole)
        else _plain_as_one(one) == _plain_as_one(whole)
    )


def _plain_as_one(word: str) -> str:
    return _JOINS.sub("", _in_english_letters(word))


def _as_one(words: list[str]) -> Iterator[str]:
    """A name of several words as one."""
    if len(words) > 1:
        yield from {
            "".join(words),
            words[0] + words[-1],
            words[-1] + words[0],
            "".join(words[-1:] + words[:-1]),
        }


def _sounds(one: str, other: str) -> bool:
    """Whether two words may be one name, with or without the s of whose it is; by consonants in different letters."""
    if scripts_of(one) == scripts_of(other):
        return are_near(one, other) or (one.endswith("s") and are_near(one[:-1], other))
    return may_sound_alike(one, other)
