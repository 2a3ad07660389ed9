"""A parent asks at another school of their council, from the account that they have, which the database remembers.

Each is asked in the parent's own browser, signed in (`identity.pressing_membership`): elsewhere there is nobody who
asks. What is copied the database reads itself; it answers the same whoever the other school knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from infra.ids import new_id

_SCHOOLS = text("select school_id, name, town, is_mine from identity.schools_to_move_to()")
_MINE = text(
    "select school_name, asked_at, first_name, last_name, email, phone, language, is_read, has_page"
    " from identity.my_school_move()"
)
_ASK = text("select identity.ask_other_school(:signup, :school)")
_BACK = text("select identity.take_back_school_move()")
_KNOW = text("select identity.know_mover(:signup, :parent)")
_OPEN = text("select identity.open_to_mover(:signup, :membership)")


@dataclass(frozen=True, slots=True)
class OtherSchool:
    """A school that one could go to. `is_mine`: they have a page there already."""

    school_id: UUID
    name: str
    town: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class SchoolMove:
    """What somebody sent to another school. `is_read`: staff have taken them into their list; `has_page`: as somebody
    new, and this account opens their page there."""

    school_name: str
    asked_at: datetime
    first_name: str
    last_name: str
    email: str
    phone: str
    language: str
    is_read: bool
    has_page: bool


def list_schools(session: Session) -> Sequence[OtherSchool]:
    """Other schools of the council that take parents now, by name."""
    return [OtherSchool(*row) for row in session.execute(_SCHOOLS)]


def find_mine(session: Session) -> SchoolMove | None:
    """What whoever presses here has sent and is still kept: what waits, else the newest."""
    row = session.execute(_MINE).first()
    return SchoolMove(*row) if row else None


def ask_there(session: Session, school_id: UUID) -> str:
    """Copy their name and how to reach them to that school's sign-up list.

    `asked`; `asked_before` there; `waits` at another one; `here`, with a page there already; `closed`; `held` by a
    fresh start; `nobody` where they are signed in no more.
    """
    return str(session.execute(_ASK, {"signup": new_id(), "school": school_id}).scalar_one())


def take_back(session: Session) -> str:
    """Delete it there. `taken_back`; `read`, where staff took them into their list; `gone`; `nobody`."""
    return str(session.execute(_BACK).scalar_one())


def know_mover(session: Session, signup_id: UUID, parent_id: UUID) -> bool:
    """Staff say that whoever asked is this parent of their list: their number there is no other's. Opens nothing."""
    return bool(session.execute(_KNOW, {"signup": signup_id, "parent": parent_id}).scalar_one())


def open_to_mover(session: Session, signup_id: UUID) -> bool:
    """Give the account that asked its page of the parent whom staff have just added; False where none asked, or it is
    not the same person's any more."""
    return bool(session.execute(_OPEN, {"signup": signup_id, "membership": new_id()}).scalar_one())
