"""What readiness asks of groups, which stand above it: whom somebody leads, and where they were a parent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from app.shell.handed_in import HandedIn


@dataclass(frozen=True, slots=True)
class LedGroup:
    """A group that somebody leads or led."""

    id: UUID
    name: str
    state: str
    first_on: date | None
    #: Whether one of its sessions was held.
    has_met: bool


class Groups(Protocol):
    """Answered by `app/cohorts/led.py`."""

    def list_led_groups(self, session: Session, school_id: UUID, facilitator_id: UUID) -> list[LedGroup]:
        """Groups that somebody leads or led, newest first."""

    def hold_led_groups(self, session: Session, school_id: UUID, facilitator_id: UUID) -> None:
        """Keep the groups that somebody leads, and that are not over, from others until the end of the transaction."""

    def take_off_all(self, session: Session, school_id: UUID, facilitator_id: UUID) -> list[str]:
        """Somebody leads no group any more that is not over; they and those beside them are told. Their names."""

    def list_own_groups(self, session: Session, school_id: UUID, parent_id: UUID) -> list[str]:
        """Names of the groups that this parent finished or is in."""

    def count_graduates(self, session: Session, school_id: UUID) -> int:
        """Parents of this school who finished a group."""


groups: HandedIn[Groups] = HandedIn("the groups that somebody leads")
