"""A parent's wish to be called."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from infra.clock import now


class CallRequest(db.Model):
    """One wish to be called: by somebody who leads their group, else by the school. Asked for by a function alone."""

    __tablename__ = "call_request"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID]
    #: Both empty: the school's named contact is asked.
    cohort_id: Mapped[UUID | None]
    facilitator_id: Mapped[UUID | None]
    #: The colleague whom staff passed it on to.
    owner_id: Mapped[UUID | None]
    #: Who calls, as the parent reads it.
    caller_name: Mapped[str]
    need: Mapped[str]
    times: Mapped[list[str]] = mapped_column(ARRAY(Text))
    state: Mapped[str] = mapped_column(default="open")
    asked_at: Mapped[datetime] = mapped_column(default=now)
    call_by: Mapped[date]
    try_on: Mapped[date | None]
    tries: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None]
    noted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def due_on(self) -> date:
        """The day by which somebody calls: as the parent was told, or when they were not reached, the next try."""
        return self.try_on or self.call_by
