"""Outside presenters whom a change of a group's sessions concerns; whoever books them stands above and answers."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from app.shell.handed_in import HandedIn


class Change(Enum):
    """What becomes of a session."""

    MOVED = "moved"
    OFF = "off"
    ELSEWHERE = "elsewhere"


class Outside(Protocol):
    """Answered by `app/presenters/concerned.py`."""

    def words_of(self, session: Session, school_id: UUID, sessions: Iterable[UUID], change: Change) -> str:
        """Who from outside hears of this change of these sessions, and what; empty where nobody does."""


outside: HandedIn[Outside] = HandedIn("outside presenters")
