"""The marks of a register, and which of them mean that somebody was there."""

from __future__ import annotations

#: Was there: for the whole session, from later on, or until earlier.
HERE = ("present", "late", "left_early")
MARKS = (*HERE, "apology", "absent")


def was_here(mark: str | None) -> bool:
    """Whether a mark says that somebody came, also late or not to the end."""
    return mark in HERE
