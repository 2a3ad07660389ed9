"""Cohorts: eight meetings of eight to ten parents, their places, who leads them."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.programme.numbers import MOST_PARENTS, SESSION_MINUTES
from app.states.groups import GroupFormat, SessionState
from infra.clock import now
from infra.ids import new_id


class Cohort(db.Model):
    """One group, start to end. State: forming, running, closed, cancelled.

    Its table also has `is_first_group`, which nothing reads or writes any more: every group has the same fixed themes.
    """

    __tablename__ = "cohort"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    state: Mapped[str] = mapped_column(default="forming")
    places: Mapped[int] = mapped_column(default=MOST_PARENTS)
    first_on: Mapped[date | None]
    starts_at: Mapped[time]
    minutes: Mapped[int] = mapped_column(default=SESSION_MINUTES)
    #: Where it meets, in words: the room, "online", or both (`formats.py`).
    room: Mapped[str] = mapped_column(default="")
    #: How it meets; asked for where it matters, as `room` says it in words everywhere else.
    format: Mapped[str] = mapped_column(default=GroupFormat.ROOM, deferred=True)
    #: Whether a free place is offered to the next who waits, without a press.
    offers_on: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]
    #: Why it ended before its last date, and where its parents may go on: words for them.
    end_reason: Mapped[str] = mapped_column(default="")
    goes_on_at: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)


class Enrolment(db.Model):
    """A parent's place in a cohort. Status: in_group, left, finished."""

    __tablename__ = "enrolment"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cohort_id: Mapped[UUID]
    parent_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(default="in_group")
    joined_at: Mapped[datetime] = mapped_column(default=now)
    left_at: Mapped[datetime | None]
    left_reason: Mapped[str] = mapped_column(default="")
    #: Which plan staff told them, whom no message reaches: the moment of its newest change.
    told_at: Mapped[datetime | None]


class PlaceOffer(db.Model):
    """A place that is kept for a parent until the end of a day. State: open, taken, declined, lapsed, withdrawn."""

    __tablename__ = "place_offer"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cohort_id: Mapped[UUID]
    parent_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="open")
    answer_by: Mapped[date]
    #: Who of the staff offered it; empty where the group offers on.
    by_name: Mapped[str] = mapped_column(default="")
    offered_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    #: Who of the staff noted how it ended; empty where the parent answered, or its day passed.
    ended_by_name: Mapped[str] = mapped_column(default="")


class GroupReason(db.Model):
    """Why a group is not as usual: larger, or begun with fewer. Written once."""

    __tablename__ = "group_reason"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cohort_id: Mapped[UUID]
    what: Mapped[str]
    #: Of places, or of parents.
    number: Mapped[int]
    reason: Mapped[str]
    by_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)


class CohortFacilitator(db.Model):
    """Who leads a cohort."""

    __tablename__ = "cohort_facilitator"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(primary_key=True)
    facilitator_id: Mapped[UUID] = mapped_column(primary_key=True)
    assigned_at: Mapped[datetime] = mapped_column(default=now)


class JoinLink(db.Model):
    """The address by which people come to a group's sessions online; no parent reads the table."""

    __tablename__ = "cohort_join_link"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(primary_key=True)
    link: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(default=now)
    #: When it took the place of another; None for the first.
    replaced_at: Mapped[datetime | None]


class RoomPhoto(db.Model):
    """A photo of a room, by the id of its document. Once taken away it waits to be erased."""

    __tablename__ = "room_photo"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    room: Mapped[str]
    #: What is to be seen on it, for whoever does not see it.
    words: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    by_name: Mapped[str]
    put_up_at: Mapped[datetime] = mapped_column(default=now)
    taken_away_at: Mapped[datetime | None]


class CohortSession(db.Model):
    """One of the eight meetings, by the clock on the wall. State: planned, cancelled, closed."""

    __tablename__ = "cohort_session"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cohort_id: Mapped[UUID]
    number: Mapped[int]
    on_date: Mapped[date]
    starts_at: Mapped[time]
    ends_at: Mapped[time]
    #: Where and how it meets, as of its group: a session may be otherwise.
    room: Mapped[str] = mapped_column(default="")
    format: Mapped[str] = mapped_column(default=GroupFormat.ROOM, deferred=True)
    state: Mapped[str] = mapped_column(default="planned")
    topic: Mapped[str] = mapped_column(default="")
    #: The last day and hour before this one that anybody was told of.
    moved_from: Mapped[date | None]
    moved_from_starts_at: Mapped[time | None]
    change_reason: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    #: When notes that had been sent were taken back; None once it is closed again.
    notes_taken_back_at: Mapped[datetime | None]
    #: Counted by the database: how often day, hour, room or state changed, and when last.
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def notes_are_changing(self) -> bool:
        """Whether it was opened again, so that notes which had been sent are for those who lead alone."""
        return self.state == SessionState.PLANNED and self.notes_taken_back_at is not None
