"""Who of a file is in the school's list already, or may be, and who stands in the file twice.

The same name at the same phone or email is the same person. The same phone or email under another name, or the same
name at another address or without any, is possible and never certain: couples share, and names are common. Somebody
looks at those.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from app.parent_import.rows import ReadRow
from app.recruitment.queries import Reachable
from app.shell.searching import fold
from app.states.imports import Verdict

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a row is. `parent_id` of the list or `row` of the file: whom it is like, by "phone", "email" or "name"."""

    number: int
    verdict: Verdict
    parent_id: UUID | None = None
    row: int | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class _Match(Generic[Key]):
    key: Key
    verdict: Verdict
    by: str


@dataclass(frozen=True, slots=True)
class _Marked:
    """Somebody, by what they are called and found by: (by, value). Worked out once: folding is most of the work."""

    name: str
    marks: list[tuple[str, str]]


class _People(Generic[Key]):
    """People by what they are reached and called by; the first of each stays."""

    def __init__(self) -> None:
        self._by: dict[tuple[str, str], list[tuple[Key, str]]] = {}

    def add(self, key: Key, person: _Marked) -> None:
        for mark in person.marks:
            self._by.setdefault(mark, []).append((key, person.name))

    def find(self, person: _Marked) -> _Match[Key] | None:
        """The same person, or who may be; the surest."""
        found = None
        for by, value in person.marks:
            for key, other in self._by.get((by, value), ()):
                if other == person.name and by != "name":
                    return _Match(key, Verdict.SAME, by)
                found = found or _Match(key, Verdict.POSSIBLE, by)
        return found


def compare(rows: Sequence[ReadRow], listed: Iterable[tuple[UUID, Reachable]]) -> list[Likeness]:
    """What each row is, beside the list and the rows above it."""
    here: _People[UUID] = _People()
    for parent_id, contact in listed:
        here.add(parent_id, _marked(contact))
    above: _People[int] = _People()
    said = []
    for row in rows:
        if row.details is None:
            said.append(Likeness(row.number, Verdict.WRONG))
            continue
        person = _marked(row.details)
        said.append(_liken(row.number, here.find(person), above.find(person)))
        above.add(row.number, person)
    return said


def _liken(number: int, here: _Match[UUID] | None, above: _Match[int] | None) -> Likeness:
    for verdict in (Verdict.SAME, Verdict.POSSIBLE):
        if here and here.verdict == verdict:
            return Likeness(number, verdict, parent_id=here.key, by=here.by)
        if above and above.verdict == verdict:
            return Likeness(number, verdict, row=above.key, by=above.by)
    return Likeness(number, Verdict.NEW)


def _name(person: Reachable) -> str:
    """Both names, in any order, case or spelling of accents."""
    return " ".join(sorted(fold(word) for word in f"{person.first_name} {person.last_name}".split()))


def _marked(person: Reachable) -> _Marked:
    name = _name(person)
    marks = [(by, value) for by, value in (("phone", person.phone), ("email", person.email)) if value]
    # Of one name alone there are many.
    if (person.first_name and person.last_name) or not marks:
        marks.append(("name", name))
    return _Marked(name, marks)
