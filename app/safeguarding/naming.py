"""Whether two ways of writing a name may mean the same person, and whether a text names somebody.

Seen: other letters, spellings by ear, a letter wrong, a name in pieces or as one, short forms, titles of the languages
parents here write. Which words of a sentence are no name: `written.py`; what letters and sounds say: `spelling.py`.

Not seen, so that it reaches a reader whom it means: a nickname that is no form of the name; a role other than those
below; a given name in a sentence without a title ("that Jo from the office"); a short form that is not in the table; a
family name that is a common word, in a sentence without title, given name or a capital that says something ("young hit
him"); a letter wrong in a name written small in a sentence; the given name of an aunt or uncle who was there.

Not told apart, so that it goes past a reader without need: a namesake of an adult, by family name or by given name
alone; a place of that name ("the lady from Marsh"); "Mrs P" for everybody whose name begins so; of who else was there,
the given name of one and the family name of another; names with the same consonants in different letters; a small word
of another language that sounds like a name (Vietnamese "không" like Hong).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from app.safeguarding.kept_name import NO_PART, KeptName, kept_name
from app.safeguarding.name_words import ARTICLES, PEOPLE, TITLES
from app.safeguarding.spelling import plain, says_nothing, scripts_of, spellings_of
from app.safeguarding.titles import has_initial, has_letter_behind, is_titled, without_titles
from app.safeguarding.written import Word, read, read_people

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


def is_named(typed: str, name: str) -> bool:
    """Whether `typed`, as somebody wrote it, may name the person called `name`: "Mrs Okafor" for Grace Okafor.

    The family name is enough, and a given name where nothing else stands there or with a title.
    """
    kept, words = kept_name(name), read(typed)
    if not words or not kept.words:
        return False
    meant = _meant(words, kept)
    return (
        any(kept.is_family(found) for found in _each_and_pairs(meant))
        or _is_only(words, kept)
        or _is_most_of(meant, kept)
        or is_titled(words, kept, given_of_kin=True)
        or has_letter_behind(words, kept)
    )


def is_called(typed: str, name: str) -> bool:
    """Whether `typed` may say given and family name of the person called `name`: "I think it was Okafor, Grace".

    Two words of a longer name are enough: of Nguyễn Thị Hương nobody writes the one between.
    """
    kept = kept_name(name)
    return bool(kept.words) and any(_is_most_of(words, kept) for words in _names_in(typed, kept))


def is_called_whole(typed: str, name: str) -> bool:
    """Whether the whole of `name` stands in `typed`, in any order and letter by letter."""
    called = [part for word in name.split() if (part := spellings_of(word) - NO_PART)]
    for words in _names_in(typed, kept_name(name)):
        written = frozenset[str]().union(*(word.spellings for word in words if word))
        if called and all(part & written for part in called):
            return True
    return False


def is_addressed(typed: str, name: str) -> bool:
    """Whether `typed` says `name` as of somebody: "Mrs Okafor", "G. Okafor", "Miss Grace", or the family name alone."""
    kept = kept_name(name)
    return bool(kept.words) and any(
        _is_family_alone(words, kept)
        or has_initial(words, kept)
        or has_letter_behind(words, kept)
        or is_titled(words, kept, given_of_kin=False)
        for words in read_people(typed)
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
        r"\b\w(?:[\s.]+\w\b)+", lambda found: re.sub(r"[\s.]+", "", found[0]), plain(typed).replace("_", " ")
    )
    said = " ".join(word for word in re.findall(r"\w+", said) if word not in _BESIDE)
    pattern = _ROLES[route]
    return bool(pattern.fullmatch(said) if alone else pattern.search(said))


def _names_in(typed: str, kept: KeptName) -> Iterator[Sequence[Word | None]]:
    """The words of a text that can be a name, and whatever stands between commas and is all of this name: "an do"."""
    yield _meant(read(typed), kept)
    yield from (words for words in read_people(typed) if len(words) > 1 and _is_only(words, kept))


def _meant(words: list[Word], kept: KeptName) -> list[Word | None]:
    """The words that can be a name: one that is none by itself only behind a title or beside another part of it."""
    parts = [kept.parts_of([word]) for word in words]
    return [
        None
        if (word.is_running or _is_another_word(word, parts[at], kept))
        and not _is_behind_title(at, words)
        and not _is_beside_another(at, words, parts)
        else word
        for at, word in enumerate(words)
    ]


def _is_another_word(word: Word, parts: frozenset[int], kept: KeptName) -> bool:
    """Whether a word in small letters is only nearly a name: of a man who parked his car, Parker."""
    return word.is_small and bool(parts) and not kept.has_part([word])


def _is_behind_title(at: int, words: list[Word]) -> bool:
    return at > 0 and not words[at].begins and words[at - 1].is_one_of(TITLES)


def _is_beside_another(at: int, words: list[Word], parts: list[frozenset[int]]) -> bool:
    for other in (at - 1, at + 1):
        if not 0 <= other < len(words) or words[max(at, other)].begins:
            continue
        # "We to", "do an": two of the smallest words stand beside one another in any sentence. "Kim, no one else."
        if words[at].is_small_word and (
            words[max(at, other)].is_apart or (words[other].is_small_word and words[other].is_running)
        ):
            continue
        if any(one != two for one in parts[at] for two in parts[other]):
            return True
    return False


def _each_and_pairs(words: Sequence[Word | None]) -> Iterator[list[Word]]:
    """Each word, and each two beside one another: a name may be written with a gap in it."""
    yield from ([word] for word in words if word)
    yield from ([one, after] for one, after in pairwise(words) if one and after)


def _is_family_alone(words: list[Word], kept: KeptName) -> bool:
    rest = _who(words, kept)
    # "A teenager, white, thin": in a list a common word is a name by its capital.
    is_word = len(rest) == 1 and rest[0].is_running and not rest[0].has_capital
    return bool(rest) and not is_word and kept.is_family(rest)


def _is_most_of(words: Sequence[Word | None], kept: KeptName) -> bool:
    """Whether two words of a name stand there, or the name as one word: "JoPembury", "Kim Minsu"."""
    found: set[int] = set()
    by: set[int] = set()
    for one in _each_and_pairs(words):
        if kept.is_whole(one):
            return True
        parts = kept.parts_of(one)
        found |= parts
        by |= {id(word) for word in one if parts}
    counted = {at for at, part in enumerate(kept.words) if at == 0 or plain(part) not in ARTICLES}
    enough = min(2, len(counted))
    # One word that may be two parts of a name (Mohammed Mohamed) is not two words.
    return min(len(found & counted), len(by)) >= enough


def _is_only(words: list[Word], kept: KeptName) -> bool:
    """Whether nothing but words of the name stands there, a given name alone too: "Jo", "Miss Jo", "Xiao Ming"."""
    rest = _who(words, kept)
    if not rest:
        return False
    while rest:
        took = next((size for size in (1, 2) if kept.has_part(rest[:size])), 0)
        if not took:
            return False
        rest = rest[took:]
    return True


def _who(words: list[Word], kept: KeptName) -> list[Word]:
    """What stands there without titles; nothing of what somebody is ("Ma"), or whose ("his uncle", "Omar's uncle")."""
    rest = without_titles(words, kept)
    if all(plain(word.text) in PEOPLE for word in rest):
        return []
    is_one_of_more = len(rest) == 1 < len(words)
    return [] if is_one_of_more and (rest[0].is_running or rest[0].owns) else rest
