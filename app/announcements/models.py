"""What a council announces to its schools."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from infra.clock import now
from infra.ids import new_id


class Announcement(db.Model):
    """One of them. Once written it stays as it is; it may be taken back."""

    __tablename__ = "announcement"
    __mapper_args__ = {"eager_defaults": False}
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    heading: Mapped[str]
    words: Mapped[str]
    #: Of which schools, by where they stand.
    stages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    #: Who of their people gets the email; on the home everybody at work reads it.
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    by_name: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(default=now)
    show_until: Mapped[date]
    stopped_at: Mapped[datetime | None]
    stopped_by_name: Mapped[str] = mapped_column(default="")
