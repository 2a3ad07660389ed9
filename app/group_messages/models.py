"""Short messages to everybody in a group."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from infra.clock import now
from infra.ids import new_id


class GroupMessage(db.Model):
    """One of them: who wrote it, and when it goes. Once it went, it stays as it is."""

    __tablename__ = "group_message"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cohort_id: Mapped[UUID]
    #: Who of those who lead wrote it; None for the school's staff.
    facilitator_id: Mapped[UUID | None]
    #: As its readers know them: of those who lead the first name.
    by_name: Mapped[str]
    words: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(default=now)
    goes_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    stopped_by_name: Mapped[str] = mapped_column(default="")
