"""Who reads concerns, for pages of groups that name them; whoever keeps concerns stands above and answers."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from app.shell.handed_in import HandedIn
from tenants.pages import Part


class ConcernReaders(Protocol):
    """Answered by `app/safeguarding/readers.py`. `PARTS`: what a page reads ahead of it."""

    PARTS: tuple[Part, ...]

    def get_readers(self, session: Session, school_id: UUID, authority_id: UUID) -> Any:
        """What `concern_readers` is in templates; read with the page's own, it makes no trip."""


concern_readers: HandedIn[ConcernReaders] = HandedIn("who reads concerns")
