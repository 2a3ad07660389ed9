"""What the pages of a parent and of a school show of the contact log, which stands above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from app.shell.handed_in import HandedIn


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a history: when, what, who, and what was planned with it."""

    at: datetime
    what: str
    who: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Logged:
    """The log of one parent or school: lines for the history, and what `contact_log/_log.html` draws."""

    lines: Sequence[Line]
    shown: dict[str, Any]


class Contacts(Protocol):
    """Answered by `app/contact_log/log.py`."""

    def of_parent(self, session: Session, parent_id: UUID) -> Logged:
        """The log of a parent of the school of whoever asks, who is staff there."""

    def list_planned(self, session: Session) -> frozenset[UUID]:
        """With whom somebody has planned a next step: parents where staff ask, schools where the council does."""

    def of_school(self, session: Session, school_id: UUID) -> Logged:
        """The log of a school of the council of whoever asks."""


contacts: HandedIn[Contacts] = HandedIn("the contact log")
