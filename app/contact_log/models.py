"""A contact that somebody at work noted, with the next step that they planned: a table for each side."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, synonym

from app.extensions import db
from infra.clock import now
from infra.ids import new_id


class Contact(db.Model):
    """What both have: who was in touch, when, how, what came of it; and the next step, where there is one."""

    __abstract__ = True
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    how: Mapped[str]
    outcome: Mapped[str]
    #: When they were in touch, and when that was noted.
    at: Mapped[datetime]
    noted_at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    action: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    owner_id: Mapped[UUID | None]
    #: None where nothing was planned.
    state: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    ended_by_name: Mapped[str] = mapped_column(default="")
    #: What became of the next step before its end, as `log.py` tells it.
    steps: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list)

    @property
    def planned(self) -> tuple[str, date | None, UUID | None]:
        """What a page that offers to do it shows of the next step."""
        return self.action, self.due_on, self.owner_id


class ContactWithParent(Contact):
    """By staff, with a parent or carer of their school. A note for staff."""

    __tablename__ = "contact_with_parent"
    subject_id: Mapped[UUID] = mapped_column("parent_id")
    closed_because: Mapped[str | None]


class ContactWithSchool(Contact):
    """By the council's people, with somebody at a school of theirs."""

    __tablename__ = "contact_with_school"
    subject_id = synonym("school_id")
    with_name: Mapped[str] = mapped_column(default="")
