"""A kept name, and whether words that somebody wrote may be parts of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from app.safeguarding.name_words import FULL_OF, PARTICLES
from app.safeguarding.spelling import (
    are_near,
    as_one_word,
    in_english_letters,
    may_be_one,
    plain,
    scripts_of,
    sound_the_same,
    spellings_of,
)
from app.safeguarding.written import Word

#: Stand beside a name, or between two words of it, and are no part of it.
NO_PART = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "the", "and"})
#: Behind a name: what somebody has passed or been given. Nobody writes it into a concern.
_PASSED = frozenset(
    {
        "phd", "dphil", "edd", "ba", "bsc", "bed", "ma", "msc", "med", "mphil", "mba", "mbe", "obe", "cbe", "qts",
        "pgce", "npqh", "jp", "hons", "rgn", "jr", "jnr", "sr", "snr",
    }
)  # fmt: skip
#: What somebody adds to their name in brackets.
_IN_BRACKETS = re.compile(r"[(\[{（].*?[)\]}）]")
_HYPHEN = re.compile("[\u2010-\u2015-]")


@dataclass(frozen=True, slots=True)
class KeptName:
    """The words of a name that are the name itself: no titles, nothing in brackets, nothing that was passed."""

    words: tuple[str, ...]
    #: The family name, with what stands before it as one word, and each half of a double one.
    family: tuple[str, ...]
    #: The whole name without gaps, as people run it together.
    as_one: tuple[str, ...]

    @property
    def initials(self) -> frozenset[str]:
        return frozenset(in_english_letters(word)[:1] for word in self.words)

    @property
    def family_initials(self) -> frozenset[str]:
        return frozenset(in_english_letters(word)[:1] for word in self.family)

    def parts_of(self, words: Sequence[Word]) -> frozenset[int]:
        """Which parts of the name a word may be, by their places, or two words as one: "Xiao Ming", "Mc Donald".

        Of two parts that are run together, the first: "Maryann" for Mary Ann.
        """
        one, last = _as_one_word(words), len(self.words) - 1
        found = {
            at
            for at, part in enumerate(self.words)
            if _are(words, part) or (len(words) == 1 and at < last and _is_short(one, part))
        }
        found |= {at for at, two in enumerate(pairwise(self.words)) if _are_all(one, "".join(two))}
        return frozenset(found)

    def has_part(self, words: Sequence[Word]) -> bool:
        """The same with no letter wrong, for a given name alone. Also the parts run together."""
        if self.is_whole(words):
            return True
        one = _as_one_word(words)
        if any(_sounds_as_given(one, part) for part in self.words):
            return True
        return len(words) == 1 and any(
            words[0].spellings & spellings_of(part) or _is_short(one, part) for part in self.words
        )

    def is_family(self, words: Sequence[Word]) -> bool:
        return any(_are(words, part) for part in self.family)

    def is_whole(self, words: Sequence[Word]) -> bool:
        """Whether these words, as one, are the name without a gap: "JoPembury"."""
        return any(_are_all(_as_one_word(words), whole) for whole in self.as_one)


@lru_cache(maxsize=256)
def kept_name(name: str) -> KeptName:
    words = [word for part in _IN_BRACKETS.sub(" ", name).split() if (word := part.strip(".,;"))]
    own = [word for word in words if word.casefold().replace(".", "") not in NO_PART] or words
    while len(own) > 2 and _is_passed(own[-1]):
        own.pop()
    own = [word for word in _with_its_letter(own) if spellings_of(word)]
    return KeptName(tuple(own), tuple(_family_names(own)), tuple(_in_one(own)))


def _is_passed(word: str) -> bool:
    # Ma and Ba are families too; who has passed one writes it in capitals.
    return word.casefold().replace(".", "") in _PASSED and not (len(word) == 2 and word.istitle())


def _with_its_letter(own: list[str]) -> Iterator[str]:
    """O Connor as O'Connor."""
    before = ""
    for at, word in enumerate(own):
        if word.casefold() in ("o", "d") and 0 < at < len(own) - 1:
            before = f"{word}'"
        else:
            yield before + word
            before = ""


def _family_names(own: list[str]) -> Iterator[str]:
    for at in range(len(own) - 1, -1, -1):
        yield "".join(own[at:])
        if at == 0 or plain(own[at - 1]) not in PARTICLES:
            break
    halves = _HYPHEN.split(own[-1]) if own else []
    if len(halves) > 1:
        yield from (half for half in halves if len(half) > 1 and plain(half) not in PARTICLES)


def _in_one(own: list[str]) -> set[str]:
    if len(own) < 2:
        return set()
    return {"".join(own), own[0] + own[-1], own[-1] + own[0], "".join(own[-1:] + own[:-1])}


def _as_one_word(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words)


def _are(words: Sequence[Word], part: str) -> bool:
    """Whether these words, as one, may be this part of a name, with or without the s of whose it is."""
    if len(words) > 1:
        return sound_the_same(_as_one_word(words), part)
    (word,) = words
    if word.spellings & spellings_of(part):
        return True
    return may_be_one(word.text, part) or (
        word.text.endswith("s")
        and scripts_of(word.text) == scripts_of(part)
        and are_near(word.text[:-1], part)
    )


def _sounds_as_given(one: str, part: str) -> bool:
    # Mohamed and Mohammed, but not Bell and Bill: of a short name a sound too many is another name.
    is_long = max(len(one), len(part)) > 4 or scripts_of(one) != scripts_of(part)
    return is_long and sound_the_same(one, part)


def _are_all(one: str, whole: str) -> bool:
    # Of two names that differ in their first letters alone, all of it is alike: only the gap may be missing.
    if scripts_of(one) != scripts_of(whole):
        return may_be_one(one, whole)
    return as_one_word(one) == as_one_word(whole)


def _is_short(one: str, other: str) -> bool:
    """Whether one of two is a short form of the other, or both are of one name: Mo of Mohammed, Ed and Eddie."""
    one, other = in_english_letters(one), in_english_letters(other)
    full_of_one, full_of_other = FULL_OF.get(one, frozenset()), FULL_OF.get(other, frozenset())
    return (
        bool(full_of_one & full_of_other)
        or any(are_near(full, other) for full in full_of_one)
        or any(are_near(full, one) for full in full_of_other)
    )
