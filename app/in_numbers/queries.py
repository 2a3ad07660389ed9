"""A school in numbers, as the database counts them for its head teacher: it rounds, and no page can ask for more."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

_NUMBERS = text("select what, number from app.school_in_numbers()")


@dataclass(frozen=True, slots=True)
class Numbers:
    """`asked`, `joined`, `waiting` and `in_groups` are parents in full fives, as this week began; 0 is under five.

    `without_two`: groups that form or meet without two people who may lead. `days`: the median from what a group said
    to the school's reply, None before the first. `leads` and `dsls`: who has come and not left.
    """

    asked: int
    joined: int
    waiting: int
    in_groups: int
    forming: int
    running: int
    closed: int
    places: int
    without_two: int
    held: int
    coming: int
    said: int
    replied: int
    late: int
    days: int | None
    leads: int
    dsls: int


def school_in_numbers(session: Session) -> Numbers:
    """The scope's own school."""
    return Numbers(**{row.what: row.number for row in session.execute(_NUMBERS)})
