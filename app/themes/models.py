"""What a group says to its school together, and each parent's own voice in it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from infra.clock import now
from infra.ids import new_id


class GroupTheme(db.Model):
    """What many in a group say, as those who lead it wrote it down. State: `app/states/themes.py`."""

    __tablename__ = "group_theme"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cohort_id: Mapped[UUID]
    facilitator_id: Mapped[UUID]
    words: Mapped[str]
    state: Mapped[str] = mapped_column(default="proposed")
    proposed_at: Mapped[datetime] = mapped_column(default=now)
    approved_at: Mapped[datetime | None]
    reply_by: Mapped[date | None]
    reply: Mapped[str] = mapped_column(default="")
    replied_at: Mapped[datetime | None]
    replied_by_name: Mapped[str] = mapped_column(default="")


class ThemeVoice(db.Model):
    """What one parent says of a theme, and of the reply; nobody but they read it. Written by functions alone."""

    __tablename__ = "theme_voice"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    theme_id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID] = mapped_column(primary_key=True)
    ours: Mapped[bool | None]
    to_council: Mapped[bool] = mapped_column(default=False)
    enough: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
