"""Links that a school gives out, and what people wrote there or sent by themselves: no parents of the school yet."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.shell.parsing import full_name
from infra.clock import now
from infra.ids import new_id


class SignupLink(db.Model):
    """A school's sign-up page, or a link for those who pass parents on.

    Its address is drawn from the id (`app/identity/signups.py`).
    """

    __tablename__ = "signup_link"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    organisation: Mapped[str] = mapped_column(default="")
    open_until: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by_name: Mapped[str]
    #: Closed by a press; the same address opens again.
    closed_at: Mapped[datetime | None]
    #: Taken back: the address is gone for good.
    ended_at: Mapped[datetime | None]
    used: Mapped[int] = mapped_column(default=0)


class Signup(db.Model):
    """What somebody wrote. Written by a function of the database alone; taken into the list it keeps no name."""

    __tablename__ = "signup"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    #: None: they asked from the account that they have at another school.
    link_id: Mapped[UUID | None]
    first_name: Mapped[str]
    last_name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    said_at: Mapped[datetime] = mapped_column(default=now)
    accepted_at: Mapped[datetime | None]
    accepted_by_name: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[UUID | None]
    #: Whether the parent came into the list by this, and was not there before.
    is_new: Mapped[bool] = mapped_column(default=False)

    @property
    def name(self) -> str:
        return full_name(self.first_name, self.last_name)
