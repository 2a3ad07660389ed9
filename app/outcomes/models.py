"""What the roll-up leaves behind: sums without names, releases, and the schema that commissioners read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from infra.clock import now
from infra.ids import new_id


class CohortSummary(db.Model):
    """One closed group in counts and sums; for the roll-up alone."""

    __tablename__ = "cohort_summary"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(primary_key=True)
    authority_id: Mapped[UUID]
    window_key: Mapped[str | None]
    closed_on: Mapped[date | None]
    counts: Mapped[dict[str, int]] = mapped_column(JSONB)
    domains: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSONB)
    computed_at: Mapped[datetime] = mapped_column(default=now)


class SchoolActivity(db.Model):
    """How many parents, facilitators and groups a school has at each stage."""

    __tablename__ = "school_activity"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    parents: Mapped[dict[str, int]] = mapped_column(JSONB)
    facilitators: Mapped[dict[str, int]] = mapped_column(JSONB)
    cohorts: Mapped[dict[str, int]] = mapped_column(JSONB)
    computed_at: Mapped[datetime] = mapped_column(default=now)


class Release(db.Model):
    """A release at the authority: draft, publishing, published, blocked or withdrawn."""

    __tablename__ = "release"
    __mapper_args__ = {"eager_defaults": False}
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    window_key: Mapped[str]
    title: Mapped[str]
    state: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sha256: Mapped[str]
    #: Why it may not be published, in plain words; of a draft, what changed since somebody looked.
    problems: Mapped[list[str]] = mapped_column(JSONB, default=list)
    #: Why single figures are not shown, for staff; no numbers of parents in it.
    notes: Mapped[dict[str, list[str]]] = mapped_column(JSONB, default=dict)
    built_at: Mapped[datetime] = mapped_column(default=now)
    built_by: Mapped[str]
    approved_by: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    #: Empty of what was withdrawn before this was asked.
    withdrawn_by: Mapped[str] = mapped_column(default="")
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    #: Of a withdrawn one: whether everybody could read it at some time, so that somebody may have kept its address.
    was_public: Mapped[bool] = mapped_column(default=False)


class ReleaseCohort(db.Model):
    """A group that a release counts; for the roll-up alone."""

    __tablename__ = "release_cohort"
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    release_id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(primary_key=True)


class ReleaseLedger(db.Model):
    """Whom a release counts and in which numbers; for the roll-up alone, and never forgotten."""

    __tablename__ = "release_population"
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    release_id: Mapped[UUID] = mapped_column(primary_key=True)
    population: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ReleaseRequest(db.Model):
    """An authority asked for a release of a window; the roll-up takes the row away when it is made."""

    __tablename__ = "release_request"
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    window_key: Mapped[str] = mapped_column(primary_key=True)
    asked_by: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(default=now)


class PublishedRelease(db.Model):
    """What commissioners read, and nothing else of the service."""

    __tablename__ = "release"
    __table_args__ = {"schema": "published"}
    __mapper_args__ = {"eager_defaults": False}
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    window_key: Mapped[str]
    title: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sha256: Mapped[str]
    published_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    #: When everybody could read it for the first time, also where they no longer can.
    first_public_at: Mapped[datetime | None]
    #: Since when everybody may read it; None: commissioners alone.
    public_at: Mapped[datetime | None]
