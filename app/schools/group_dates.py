"""What a school's page at its council says of groups, which stand above: asked here, answered by whoever forms them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from app.shell.handed_in import HandedIn


@dataclass(frozen=True, slots=True)
class GroupDates:
    """A group as an authority may know it; no dates before it has any."""

    name: str
    state: str
    first_on: date | None
    last_on: date | None


class Groups(Protocol):
    """Answered by `app/cohorts/led.py`."""

    def list_group_dates(self, session: Session, school_id: UUID) -> list[GroupDates]:
        """A school's groups but for cancelled ones, latest first."""


groups: HandedIn[Groups] = HandedIn("the dates of a school's groups")
