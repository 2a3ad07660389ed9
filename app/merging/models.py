"""That two records were put together; written by functions of the database alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from infra.clock import now

#: How long it can be undone; what both were is kept as long.
UNDO = timedelta(days=1)


class ParentMerge(db.Model):
    """Which record stayed, which went, who pressed; and for a day what both were."""

    __tablename__ = "parent_merge"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kept_id: Mapped[UUID]
    gone_id: Mapped[UUID]
    gone_name: Mapped[str]
    by_name: Mapped[str]
    at: Mapped[datetime]
    #: As `records.py` writes it; None once it cannot be undone.
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    undone_at: Mapped[datetime | None]
    undone_by_name: Mapped[str]

    @property
    def until(self) -> datetime:
        """Until when it can be undone."""
        return self.at + UNDO

    @property
    def has_time(self) -> bool:
        """Whether there is still time to undo it."""
        return self.undone_at is None and self.before is not None and self.until >= now()
