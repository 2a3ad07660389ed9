"""Answer sets: one row per person and occasion."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import SmallInteger
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from infra.clock import now
from infra.ids import new_id


class AnswerSet(db.Model):
    """A parent's answers on one occasion, in the order of the instrument's items.

    While it is being answered `items` ends with the last question reached: what is beyond has not been asked,
    a null within was left out on purpose. Once sent, there is one entry for every item.
    """

    __tablename__ = "answer_set"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    parent_id: Mapped[UUID]
    cohort_id: Mapped[UUID | None]
    instrument: Mapped[str]
    instrument_version: Mapped[int]
    scoring_version: Mapped[int]
    occasion: Mapped[str]
    mode: Mapped[str] = mapped_column(default="own_device")
    items: Mapped[list[int | None]] = mapped_column(ARRAY(SmallInteger))
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    submitted_at: Mapped[datetime | None]
