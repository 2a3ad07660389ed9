"""Which concerns may name somebody who is to be appointed: asked here, answered by whoever keeps concerns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from app.identity.roles import Role
from app.shell.handed_in import HandedIn


@dataclass(frozen=True, slots=True)
class Naming:
    """A concern that may name somebody, and whether it is still open."""

    id: UUID
    is_open: bool


class NamedConcerns(Protocol):
    """Answered by `app/safeguarding/keeping.py`."""

    def list_naming(
        self, name: str, role: str, *, authority_id: UUID, school_id: UUID | None
    ) -> list[Naming]:
        """What may name the person called `name` of all that they would read as `role`."""

    def list_naming_to(
        self,
        session: Session,
        reader: Role,
        name: str,
        role: str,
        *,
        authority_id: UUID,
        school_id: UUID | None,
    ) -> list[Naming]:
        """What may name them of what `reader` reads themselves, in their own scope."""


named_concerns: HandedIn[NamedConcerns] = HandedIn("whom concerns name")
