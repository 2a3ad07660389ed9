"""Facilitators and what makes them ready to lead."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from infra.clock import now
from infra.ids import new_id


class Facilitator(db.Model):
    """Somebody who leads, or has applied to. `parent_id` is set for a graduate of this school."""

    __tablename__ = "facilitator"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    parent_id: Mapped[UUID | None]
    name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="graduate")
    stage: Mapped[str] = mapped_column(default="applied")
    stage_changed_at: Mapped[datetime] = mapped_column(default=now)
    created_at: Mapped[datetime] = mapped_column(default=now)


class FacilitatorApplication(db.Model):
    """What a graduate wrote when they offered; those who choose read it."""

    __tablename__ = "facilitator_application"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    facilitator_id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID | None]
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    submitted_at: Mapped[datetime] = mapped_column(default=now)


class FacilitatorEvent(db.Model):
    """A step on the way to leading: from, to, why, who, when."""

    __tablename__ = "facilitator_event"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    facilitator_id: Mapped[UUID]
    from_stage: Mapped[str | None]
    to_stage: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    by_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)


class FacilitatorReference(db.Model):
    """A person who was asked about an applicant."""

    __tablename__ = "facilitator_reference"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    facilitator_id: Mapped[UUID]
    referee_name: Mapped[str]
    referee_contact: Mapped[str]
    relationship: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    satisfactory: Mapped[bool | None]
    note: Mapped[str] = mapped_column(default="")


class FacilitatorCheck(db.Model):
    """The level of check that the role needs, how that was decided, and who saw the certificate. Never a copy."""

    __tablename__ = "facilitator_check"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    facilitator_id: Mapped[UUID] = mapped_column(primary_key=True)
    level: Mapped[str]
    role_described: Mapped[str]
    venue: Mapped[str]
    supervised: Mapped[bool]
    frequency: Mapped[str]
    risk_assessment: Mapped[str]
    certificate_number: Mapped[str] = mapped_column(default="")
    issued_on: Mapped[date | None]
    seen_by: Mapped[str] = mapped_column(default="")
    seen_on: Mapped[date | None]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(default=now)
    #: Written by the database, from the scope; whatever is sent.
    decided_by_id: Mapped[UUID | None]
    seen_by_id: Mapped[UUID | None]


class FacilitatorTraining(db.Model):
    """Training that somebody has had."""

    __tablename__ = "facilitator_training"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    facilitator_id: Mapped[UUID]
    title: Mapped[str]
    on_date: Mapped[date]
    minutes: Mapped[int]
    recorded_by: Mapped[str]
