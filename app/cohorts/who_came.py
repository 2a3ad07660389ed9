"""Who came to a group's sessions, for its page; whoever keeps the register stands above and answers."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from app.shell.handed_in import HandedIn
from tenants.pages import Part


class WhoCame(Protocol):
    """Answered by `app/meetings/attendance.py`. `OF_GROUP`: what a page reads ahead of it."""

    OF_GROUP: Part

    def list_of_group(
        self, session: Session, school_id: UUID, cohort_id: UUID
    ) -> dict[UUID, dict[UUID, str]]:
        """Parent -> session -> mark, as far as the reader may know it."""


who_came: HandedIn[WhoCame] = HandedIn("who came")
