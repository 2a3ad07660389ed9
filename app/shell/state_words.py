"""What a page says of its subject, state by state: a page cannot be made that has no words for one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A title and what it means for its reader; `calls` where the way on is a word with their person at school."""

    title: str
    text: str = ""
    calls: bool = False
    #: What they gave before is still theirs to read.
    keeps: bool = False


class StateWithoutWords(RuntimeError):
    """A page has no words for a state of its subject, or words for a state that there is not; nothing starts."""


#: Every page that says something else in each state of its subject, for the test that reads them all.
PAGES: dict[str, ByState] = {}


class ByState(Mapping[str, Words]):
    """The words of one page for each of `states`, no more and no fewer. Raises StateWithoutWords."""

    def __init__(self, page: str, states: Collection[str], words: Mapping[str, Words]) -> None:
        if set(states) != set(words):
            raise StateWithoutWords(f"{page}: {sorted(set(states) ^ set(words))}")
        self._words = dict(words)
        PAGES[page] = self

    def __getitem__(self, state: str) -> Words:
        return self._words[state]

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)
