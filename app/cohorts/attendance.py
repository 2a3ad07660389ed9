"""The marks of a register, and which of them mean that somebody was there."""

from __future__ import annotations

from typing import NamedTuple

from app.states.groups import HERE, Mark

MARKS = (*HERE, Mark.APOLOGY, Mark.ABSENT)


class Marked(NamedTuple):
    """One mark as somebody changed it on their page: what they saw there (empty for none), and what they chose."""

    saw: str
    chosen: str


def was_here(mark: str | None) -> bool:
    """Whether a mark says that somebody came, also late or not to the end."""
    return mark in HERE
