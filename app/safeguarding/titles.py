"""Titles beside a name, and first letters: "Mrs Okafor", "Ayşe Hanım", "Tanaka-san", "G. Okafor", "Mrs O"."""

from __future__ import annotations

from itertools import dropwhile, pairwise

from app.safeguarding.kept_name import NO_PART, KeptName
from app.safeguarding.name_words import ARTICLES, BEHIND, KIN, PEOPLE, TITLES, TITLES_TOO, WHOSE
from app.safeguarding.spelling import plain
from app.safeguarding.written import Word

_BEFORE = TITLES | TITLES_TOO
_BESIDE = _BEFORE | KIN | BEHIND | NO_PART
#: Before a family name in many mouths, also of those who write no capitals.
_MISS = frozenset({"miss", "sir", "madam"})


def without_titles(words: list[Word], kept: KeptName) -> list[Word]:
    """What is left without titles; of a name that is also a title (Chi, Begum) the name."""
    return [word for word in words if not word.is_one_of(_BESIDE) or kept.parts_of([word])]


def is_titled(words: list[Word], kept: KeptName, *, given_of_kin: bool) -> bool:
    """Whether a title stands before or behind a word of the name.

    `given_of_kin`: "Auntie Grace" is Grace, and not only somebody's aunt.
    """
    return any(
        _is_behind_title(words, at, kept, given_of_kin=given_of_kin)
        or _is_before_title(words, at, kept, given_of_kin=given_of_kin)
        for at in range(len(words))
    )


def has_initial(words: list[Word], kept: KeptName) -> bool:
    """Whether an initial of the name stands before the family name: "G. Okafor", "J. A. Pembury"."""
    return any(
        word.is_initial
        and word.initial in kept.initials
        and _begins_with_family(list(dropwhile(_is_letter, words[at + 1 :])), kept)
        for at, word in enumerate(words)
    )


def has_letter_behind(words: list[Word], kept: KeptName) -> bool:
    """Whether a given name stands before the first letter of the family name: "Jo P"."""
    return any(
        (one.has_capital or not one.is_running)
        and after.is_initial
        and kept.has_part([one])
        and _is_letter_of_family(words[at + 1 :], kept)
        for at, (one, after) in enumerate(pairwise(words))
    )


def _is_behind_title(words: list[Word], at: int, kept: KeptName, *, given_of_kin: bool) -> bool:
    title = words[at]
    is_kin = title.is_one_of(KIN) and not title.is_one_of(_BEFORE)
    if not is_kin and not title.is_one_of(_BEFORE):
        return False
    if is_kin and at > 0 and words[at - 1].is_one_of(WHOSE):
        return False
    behind = words[at + 1 :]
    if not is_kin and _is_letter_of_family(behind, kept):
        return True
    who = _without_initials(behind, kept)
    if not who or who[0].begins or not _may_follow(who[0], title):
        return False
    if is_kin and not given_of_kin:
        return _begins_with_family(who, kept)
    return _begins_with_family(who, kept) or kept.has_part(who[:1])


def _is_before_title(words: list[Word], at: int, kept: KeptName, *, given_of_kin: bool) -> bool:
    if at == 0 or words[at].begins or not words[at].is_one_of(BEHIND):
        return False
    who = words[at - 1 : at]
    if who[0].is_running and not who[0].has_capital:
        return False
    given_counts = given_of_kin or not words[at].is_one_of(KIN)
    return kept.is_family(who) or (given_counts and kept.has_part(who))


def _without_initials(words: list[Word], kept: KeptName) -> list[Word]:
    """Without initials of the name, and small words of a name: Pembury of "J. A. Pembury", Berg of "van den Berg"."""
    while len(words) > 1 and not _begins_with_family(words, kept):
        is_initial = words[0].is_initial and words[0].initial in kept.initials
        if not is_initial and plain(words[0].text) not in ARTICLES:
            break
        words = words[1:]
    return words


def _is_letter(word: Word) -> bool:
    return word.is_initial


def _may_follow(word: Word, title: Word) -> bool:
    """Whether a title makes a name of a common word: "Mr Do", "miss young", but not "the lady to whom"."""
    if not word.is_running or title.is_one_of(TITLES):
        return True
    return title.is_one_of(_MISS) and not word.is_small_word and plain(word.text) not in PEOPLE


def _begins_with_family(words: list[Word], kept: KeptName) -> bool:
    if not words or words[0].begins:
        return False
    return kept.is_family(words[:1]) or (
        len(words) > 1 and not words[1].begins and not words[1].is_running and kept.is_family(words[:2])
    )


def _is_letter_of_family(words: list[Word], kept: KeptName) -> bool:
    """Whether only its first letter stands there: "Mrs O", but not "Mrs O Connor" or "Mr P Smith"."""
    if not words or words[0].begins:
        return False
    letter, *behind = words
    if len(letter.text) != 1 or letter.initial not in kept.family_initials:
        return False
    if not behind or behind[0].begins or behind[0].is_running:
        return True
    return letter.has_capital and behind[0].is_small
