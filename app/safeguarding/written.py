"""What somebody wrote about people, word by word, and which of its words can be a name at all.

A sentence is not a list of names: "a man I do not know" names neither Ali Mann nor An Do. A common word is taken for a
name where it is written with a capital that says something: not at the start of a sentence, nor in a text that writes
every word, or every letter, with one. "A Black man" is a man.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.safeguarding.name_words import (
    BEHIND_NAMES,
    COMMON,
    NEVER_NAMES,
    PEOPLE,
    PLACES,
    SMALL_WORDS,
    TITLES,
    TITLES_TOO,
    WHOSE,
)
from app.safeguarding.spelling import in_english_letters, plain, spellings_of

#: What stands between two people in a list of them.
_BETWEEN_PEOPLE = re.compile(r"[,;/&\n]|\band\b", re.IGNORECASE)
#: Before what people are, and no name: "a man", "her friend", "black lady".
_BEFORE_PEOPLE = (COMMON - SMALL_WORDS) | WHOSE | {"a", "an", "the"}
#: Letters one by one, with the same sign or gap between them: "P e m b u r y".
_LETTER_BY_LETTER = re.compile(r"(?<!\w)[^\W\d_](?:[\s.*_-]{1,3}[^\W\d_](?![\w’'`])){2,}")
#: A word, with what joins its parts, and what ends a sentence behind it.
_WORD = re.compile(
    r"([^\s.,;:!?/&()\[\]{}\"“”«»…\u2010-\u2015*_+=|<>@#~-]+)([\s.,;:!?/&()\[\]{}\"“”«»…*_@#~-]*)"
)
#: The number of a house.
_NUMBER = re.compile(r"\bno\.?\s*\d+", re.IGNORECASE)
_ENDS = re.compile(r"[.!?:;\n]")
_OF_SOMEBODY = re.compile("[’'`]s$")
_APOSTROPHES = re.compile("[’'`]")


@dataclass(frozen=True, slots=True)
class Word:
    #: In small letters, without apostrophes and without what makes it somebody's.
    text: str
    spellings: frozenset[str]
    has_capital: bool
    #: A sentence begins with it.
    begins: bool
    #: A comma or the like stands before it.
    is_apart: bool = False
    #: Written as of whose something is: "Young's brother".
    owns: bool = False
    #: Without a capital, by somebody who gives them to names, or in a sentence.
    is_small: bool = False
    #: A common word that nothing shows to be meant as a name.
    is_running: bool = False
    #: A single letter that stands for a name: "J. Pembury", and not the article in "A young boy".
    is_initial: bool = False

    @property
    def is_small_word(self) -> bool:
        return self.text in SMALL_WORDS

    @property
    def initial(self) -> str:
        return in_english_letters(self.text)[:1]

    def is_one_of(self, words: frozenset[str]) -> bool:
        return bool(self.spellings & words)


def read(typed: str) -> list[Word]:
    """The words of what somebody typed."""
    whole = _letters_together(typed)
    return _read(whole, says=_capitals_say_something(whole))


def read_people(typed: str) -> list[list[Word]]:
    """The same, apart where a list of people is: at commas, and at "and"."""
    whole = _letters_together(typed)
    says = _capitals_say_something(whole)
    parts = [_read(part, says=says, begins=at == 0) for at, part in enumerate(_BETWEEN_PEOPLE.split(whole))]
    return [part for part in parts if part]


def _read(typed: str, *, says: bool, begins: bool = True) -> list[Word]:
    words = list(_words(typed, begins=begins))
    words = [
        replace(
            word,
            is_small=not word.has_capital and (says or len(words) > 3),
            is_running=_is_running(word, words[at - 1] if at else None, words[at + 1 : at + 2], says=says),
        )
        for at, word in enumerate(words)
    ]
    return [
        replace(word, is_initial=_is_initial(word, words[at + 1 : at + 2], len(words)))
        for at, word in enumerate(words)
    ]


def _words(typed: str, *, begins: bool = True) -> Iterator[Word]:
    is_apart = False
    for found in _WORD.finditer(_shown(typed)):
        raw = _APOSTROPHES.sub("", _OF_SOMEBODY.sub("", found[1])).strip()
        if not raw:
            continue
        spellings = spellings_of(_OF_SOMEBODY.sub("", found[1]))
        dotted = found[2].startswith(".")
        is_letter = len(raw) == 1
        yield Word(
            text=raw.casefold(),
            spellings=spellings,
            has_capital=raw[0].isupper(),
            begins=begins,
            is_apart=is_apart,
            owns=bool(_OF_SOMEBODY.search(found[1])),
            is_initial=is_letter and (dotted or plain(raw) not in ("a", "i")),
        )
        # "Mr. Okafor" and "J. Pembury" go on.
        is_short = dotted and (is_letter or bool(spellings & TITLES))
        begins = bool(_ENDS.search(found[2])) and not is_short
        is_apart = bool(_BETWEEN_PEOPLE.search(found[2]))


def _shown(typed: str) -> str:
    """Letters, marks and what separates them; without signs that nobody sees, and without figures."""
    return "".join(
        sign if unicodedata.category(sign)[0] in "LMZP" or sign.isspace() or sign in "`|+=<>" else " "
        for sign in _NUMBER.sub(" ", typed)
        if unicodedata.category(sign) != "Cf"
    )


def _is_running(word: Word, before: Word | None, behind: list[Word], *, says: bool) -> bool:
    after = behind[0] if behind else None
    if after is not None and word.has_capital and after.has_capital and after.text in PLACES:
        return True
    if plain(word.text) not in COMMON:
        return False
    if not word.has_capital or not says or (word.begins and not _begins_as_name(word, after)):
        return True
    if before is not None and before.is_one_of(TITLES | TITLES_TOO):
        return False
    if plain(word.text) in PEOPLE and before is not None and plain(before.text) in _BEFORE_PEOPLE:
        # "A Man", "the Green Man".
        return True
    # "A Black man", "Young lady", but "Young's brother".
    return after is not None and after.text in PEOPLE and after.text not in SMALL_WORDS and not word.owns


def _begins_as_name(word: Word, after: Word | None) -> bool:
    """Whether a sentence begins with a name that is a word too: "Young was shouting", but not "Young boy"."""
    return plain(word.text) not in SMALL_WORDS | PEOPLE and after is not None and after.text in BEHIND_NAMES


def _is_initial(word: Word, behind: list[Word], count: int) -> bool:
    """Whether a single letter stands for a name, where it could be the article, or I."""
    if word.is_initial or plain(word.text) not in ("a", "i") or not behind:
        return word.is_initial
    after = behind[0]
    if count == 2:
        return not after.is_running
    return word.has_capital and after.has_capital and plain(after.text) not in COMMON


def _capitals_say_something(typed: str) -> bool:
    """Whether this writer gives capitals to names, and not to every word or letter, or to none."""
    words = [word for word in _words(typed) if word.text != "i"]
    # Of two words that both have one, a name may be the second: "A Young".
    are_told_apart = len(words) < 3 or len({word.has_capital for word in words}) == 2
    return (
        are_told_apart
        and not typed.isupper()
        and not any(word.has_capital and not word.begins and word.text in NEVER_NAMES for word in words)
    )


def _letters_together(typed: str) -> str:
    return _LETTER_BY_LETTER.sub(_as_a_word, typed)


def _as_a_word(found: re.Match[str]) -> str:
    letters = re.sub(r"[\s.*_-]", "", found[0])
    if letters.isupper():
        # Up to three are initials.
        return letters if len(letters) > 3 else found[0]
    # "J P e m b u r y", "J o P e m b u r y"
    return re.sub(r"(?<=.)(?=[A-Z])", " ", letters)
