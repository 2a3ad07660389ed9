"""What a school's page at its council says of groups, which stand above: asked here, answered by whoever forms them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.shell.dates import day
from app.shell.handed_in import HandedIn


@dataclass(frozen=True, slots=True)
class GroupDates:
    """A group as an authority may know it, by its number at the school: what it is called may name somebody.

    No dates before it has any.
    """

    number: int
    state: str
    first_on: date | None
    last_on: date | None

    @property
    def label(self) -> str:
        """Group 3, first day Tuesday 12 January"""
        if self.first_on is None:
            return _("Group %(number)s", number=self.number)
        return _("Group %(number)s, first day %(day)s", number=self.number, day=day(self.first_on))


class Groups(Protocol):
    """Answered by `app/cohorts/led.py`."""

    def list_group_dates(self, session: Session, school_id: UUID) -> list[GroupDates]:
        """A school's groups but for cancelled ones, latest first."""


groups: HandedIn[Groups] = HandedIn("the dates of a school's groups")
