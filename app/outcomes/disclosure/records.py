"""What goes into a release and what is remembered about it: rows without names, windows, populations."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.outcomes.statistics import CohortSums


def canonical_json(value: Any) -> str:
    """Return the one JSON text for a value: sorted keys, no spaces, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_of(value: Any) -> str:
    """Return the SHA-256 of a value's canonical JSON, in hex."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRow:
    """One closed cohort in numbers of parents.

    Everything counts parents who started, and only them: the others are subsets of ``started`` (of those
    who agreed to be counted, where it is about answers). ``controller`` is the trust or federation, or the
    school itself where it stands alone. ``sums`` is keyed by domain. Raises ValueError when a subset is
    larger than what it is part of.
    """

    cohort_id: str
    school_id: str
    controller: str
    phase: str
    started: int
    attended_any: int
    attended_five: int
    answered_before: int
    answered_after: int
    sums: Mapping[str, CohortSums]
    graduates: int
    applied: int

    def __post_init__(self) -> None:
        paired = max((sums.n_paired for sums in self.sums.values()), default=0)
        chains = (
            ("applied", "graduates", "started"),
            ("attended_five", "attended_any", "started"),
            ("answered_before", "started"),
            ("answered_after", "started"),
        )
        for chain in chains:
            numbers = [getattr(self, name) for name in chain]
            if min(numbers) < 0 or numbers != sorted(numbers):
                raise ValueError(f"cohort {self.cohort_id}: {' ≤ '.join(chain)} does not hold")
        if paired > min(self.answered_before, self.answered_after):
            raise ValueError(f"cohort {self.cohort_id}: more pairs than answers before or after")

    def digest(self) -> str:
        """Return a hash of every number in the row: any later change shows."""
        plain = {name: getattr(self, name) for name in self.__slots__ if name != "sums"}
        plain["sums"] = {
            domain: {
                name: round(value, 6) if isinstance(value, float) else value
                for name, value in asdict(sums).items()
            }
            for domain, sums in self.sums.items()
        }
        return sha256_of(plain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A closed stretch of time, both days included, that a release is about."""

    id: str
    name: str
    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise ValueError("a window ends before it starts")

    def overlaps(self, other: Window) -> bool:
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One cohort in a release's population; ``paired`` is the smallest number of pairs over its domains."""

    cohort_id: str
    controller: str
    paired: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePopulation:
    """Which cohorts a release is about, kept in the authority's ledger and never published.

    A retracted release stays in the ledger: what was read cannot be unread.
    """

    window: Window
    members: tuple[Member, ...]

    @classmethod
    def of(cls, window: Window, rows: Sequence[CohortRow]) -> ReleasePopulation:
        """Return the population of these rows, in the order of cohort ids."""
        members = (
            Member(
                cohort_id=row.cohort_id,
                controller=row.controller,
                paired=min((sums.n_paired for sums in row.sums.values()), default=0),
                digest=row.digest(),
            )
            for row in rows
        )
        return cls(window=window, members=tuple(sorted(members, key=lambda member: member.cohort_id)))

    def to_json(self) -> dict[str, Any]:
        """Return the population for a ledger column; `from_json` reads it back."""
        window = {
            "id": self.window.id,
            "name": self.window.name,
            "starts_on": self.window.starts_on.isoformat(),
            "ends_on": self.window.ends_on.isoformat(),
        }
        return {"window": window, "members": [asdict(member) for member in self.members]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> ReleasePopulation:
        """Return what `to_json` was called on."""
        window = stored["window"]
        return cls(
            window=Window(
                id=window["id"],
                name=window["name"],
                starts_on=date.fromisoformat(window["starts_on"]),
                ends_on=date.fromisoformat(window["ends_on"]),
            ),
            members=tuple(Member(**member) for member in stored["members"]),
        )
