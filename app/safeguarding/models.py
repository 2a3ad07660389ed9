"""Concerns: those about a child for the school's safeguarding lead, those about staff for the authority's officer.

Two tables each with its own readers, not one with a mark: a school has no right at all to a concern about itself.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from infra.clock import now
from infra.ids import new_id


class _ConcernColumns:
    """What somebody told, in their own words, and what became of it."""

    about: Mapped[str]
    about_name: Mapped[str]
    what: Mapped[str]
    happened_when: Mapped[str]
    happened_where: Mapped[str]
    who_else: Mapped[str]
    done_so_far: Mapped[str]
    risk_today: Mapped[str]
    reach_me: Mapped[str]
    raised_by_kind: Mapped[str]
    raised_by_id: Mapped[UUID | None]
    raised_by_name: Mapped[str]
    raised_at: Mapped[datetime]
    #: When one of its readers first saw the words; `read_at` is when they said so.
    opened_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    read_by: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(default="")
    reference: Mapped[str]


class _ActionColumns:
    """One thing that was done or decided, and why. Never altered."""

    concern_id: Mapped[UUID]
    action: Mapped[str]
    decision: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    by_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)


class Concern(_ConcernColumns, db.Model):
    """About a child, or not sure: the school's safeguarding lead alone reads it."""

    __tablename__ = "concern"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    #: It names the authority's officer, from whom it is kept.
    about_officer: Mapped[bool] = mapped_column(default=False)


class ConcernAction(_ActionColumns, db.Model):
    __tablename__ = "concern_action"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class AuthorityConcern(_ConcernColumns, db.Model):
    """About staff, the school or a facilitator: the authority's named officer alone reads it."""

    __tablename__ = "authority_concern"
    __mapper_args__ = {"eager_defaults": False}
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    about_school_id: Mapped[UUID]


class AuthorityConcernAction(_ActionColumns, db.Model):
    __tablename__ = "authority_concern_action"
    __mapper_args__ = {"eager_defaults": False}
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class ConcernHandover(db.Model):
    """That the authority's officer reads a school's concern too, and why."""

    __tablename__ = "concern_handover"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    concern_id: Mapped[UUID] = mapped_column(primary_key=True)
    authority_id: Mapped[UUID]
    reason: Mapped[str]
    by_name: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)


class ConcernReceipt(db.Model):
    """All that the person who raised a concern may see of it afterwards: that it came, and who reads it."""

    __tablename__ = "concern_receipt"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    raised_by_id: Mapped[UUID]
    reference: Mapped[str]
    raised_at: Mapped[datetime]
    goes_to: Mapped[str]
    #: Whether they said that somebody could be hurt today.
    is_urgent: Mapped[bool] = mapped_column(default=False)
