"""Whether something written names somebody of a group: perhaps a slip, perhaps only a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.meetings.models import LearningNotes
from app.meetings.queries import Member
from app.shell.searching import fold

#: What stands between words, and between the parts of Anne-Marie and D’Arcy.
_BETWEEN = re.compile(r"[^\w\u0300-\u036f\u0900-\u0dff]+")
#: Small words of family names, which are words of much else.
_SMALL = frozenset(
    {
        "abu",
        "al",
        "bin",
        "bint",
        "da",
        "das",
        "de",
        "del",
        "den",
        "der",
        "di",
        "do",
        "du",
        "el",
        "ibn",
        "la",
        "le",
    }
    | {"ter", "the", "ul", "van", "von"}
)


class _Word(NamedTuple):
    folded: str
    #: As names are written; scripts without capitals have no other way.
    is_as_a_name: bool


def named_in(notes: LearningNotes | None, members: Sequence[Member]) -> list[str]:
    """People of the group whose name stands in the notes, as the group knows them."""
    return names_in(f"{notes.main_points} {notes.try_at_home}", members) if notes is not None else []


def names_in(text: str, members: Sequence[Member], *, any_case: bool = False) -> list[str]:
    """Those of `members` who stand in `text`; in `any_case` also where they are written small.

    By what they are known as, their given name and their family name, without accents, hyphens and apostrophes, also
    with an s behind it (“Lubnas idea”). As the group knows them; by their whole name where it does not stand there as
    that: nobody looks for Imran where Sultana is written.
    """
    written = [word for word in _words(text) if any_case or word.is_as_a_name]
    spoken = [word.folded for word in written]
    found = []
    for member in members:
        if _stands_in([word.folded for word in _words(member.known_as)], spoken):
            found.append(member.known_as)
        elif any(_stands_in(parts, spoken) for parts in _names_of(member)):
            found.append(member.name)
    return found


def _names_of(member: Member) -> Iterator[list[str]]:
    for name in member.name.split():
        parts = [word.folded for word in _words(name)]
        if len("".join(parts)) > 1 and "".join(parts) not in _SMALL:
            yield parts


def _stands_in(parts: list[str], spoken: list[str]) -> bool:
    """Whether a name's parts stand beside each other, or as one word."""
    if not parts:
        return False
    *first, last = parts
    whole = "".join(parts)
    places = range(len(spoken) - len(parts) + 1)
    return bool({whole, f"{whole}s"} & set(spoken)) or any(
        spoken[at : at + len(first)] == first and spoken[at + len(first)] in (last, f"{last}s")
        for at in places
    )


def _words(text: str) -> Iterator[_Word]:
    for word in _BETWEEN.split(text):
        if folded := fold(word):
            yield _Word(folded, not word[0].islower())
