"""What comes of a group's meetings: who came, who said that they cannot, what was voted for, what was noted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from infra.clock import now
from infra.ids import new_id


class Attendance(db.Model):
    """A mark in the register: present, late, left_early, absent, apology."""

    __tablename__ = "attendance"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID]
    mark: Mapped[str]
    marked_at: Mapped[datetime] = mapped_column(default=now)


class AbsenceNotice(db.Model):
    """A parent said beforehand that they cannot come; no reason is asked."""

    __tablename__ = "absence_notice"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(default=now)


class TopicVote(db.Model):
    """One topic that a parent would like; only totals are ever shown."""

    __tablename__ = "topic_vote"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)


class LearningNotes(db.Model):
    """What is worth keeping from a session; nothing that anyone said. State: draft, sent."""

    __tablename__ = "learning_notes"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cohort_id: Mapped[UUID]
    session_id: Mapped[UUID]
    main_points: Mapped[str]
    try_at_home: Mapped[str] = mapped_column(default="")
    links: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    state: Mapped[str] = mapped_column(default="draft")
    updated_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]


class SessionReflection(db.Model):
    """How one session was held, by one of those who led it, in ticks alone; nothing that anybody said."""

    __tablename__ = "session_reflection"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    facilitator_id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID]
    rules_said_at: Mapped[datetime | None]
    parts: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    times: Mapped[str] = mapped_column(default="")
    turns: Mapped[str] = mapped_column(default="")
    looked_back_at: Mapped[datetime | None]


class GroupWelcome(db.Model):
    """Who of those who lead a group welcomes newcomers; counts as long as they lead it."""

    __tablename__ = "group_welcome"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(primary_key=True)
    welcomer_id: Mapped[UUID]
    named_at: Mapped[datetime] = mapped_column(default=now)


class FirstVisitWish(db.Model):
    """What a parent would like on their first evening. Written by a function alone."""

    __tablename__ = "first_visit_wish"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID] = mapped_column(primary_key=True)
    wishes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    at: Mapped[datetime] = mapped_column(default=now)


class FirstVisitCall(db.Model):
    """What came of asking a parent how their first evening was: done, not_reached, not_needed."""

    __tablename__ = "first_visit_call"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID] = mapped_column(primary_key=True)
    outcome: Mapped[str]
    noted_by_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(default=now)


class MissedChoice(db.Model):
    """What those who lead chose about somebody who was away twice: a message, or to leave it. Written once."""

    __tablename__ = "missed_choice"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID] = mapped_column(primary_key=True)
    is_sent: Mapped[bool]
    chosen_by_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(default=now)
