"""Whether something written names somebody of a list: perhaps a slip, perhaps only a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

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


class Person(Protocol):
    """Somebody whom the words may name."""

    @property
    def name(self) -> str: ...

    @property
    def known_as(self) -> str: ...


class _Word(NamedTuple):
    folded: str
    #: As names are written; scripts without capitals have no other way.
    is_as_a_name: bool


def names_in(text: str, people: Sequence[Person], *, any_case: bool = False) -> list[str]:
    """Those of `people` who stand in `text`; in `any_case` also where they are written small.

    By what they are known as, their given name and their family name, without accents, hyphens and apostrophes, also
    with an s behind it (“Lubnas idea”). As the group knows them; by their whole name where it does not stand there as
    that: nobody looks for Imran where Sultana is written.
    """
    written = [word for word in _words(text) if any_case or word.is_as_a_name]
    spoken = [word.folded for word in written]
    each = frozenset(spoken)
    found = []
    for person in people:
        if _stands_in([word.folded for word in _words(person.known_as)], spoken, each):
            found.append(person.known_as)
        elif any(_stands_in(parts, spoken, each) for parts in _names_of(person)):
            found.append(person.name)
    return found


def _names_of(person: Person) -> Iterator[list[str]]:
    for name in person.name.split():
        parts = [word.folded for word in _words(name)]
        if len("".join(parts)) > 1 and "".join(parts) not in _SMALL:
            yield parts


def _stands_in(parts: list[str], spoken: list[str], each: frozenset[str]) -> bool:
    """Whether a name's parts stand beside each other, or as one word; `each` is of `spoken`, made once."""
    if not parts:
        return False
    *first, last = parts
    whole = "".join(parts)
    places = range(len(spoken) - len(parts) + 1)
    return bool({whole, f"{whole}s"} & each) or any(
        spoken[at : at + len(first)] == first and spoken[at + len(first)] in (last, f"{last}s")
        for at in places
    )


def _words(text: str) -> Iterator[_Word]:
    for word in _BETWEEN.split(text):
        if folded := fold(word):
            yield _Word(folded, not word[0].islower())
