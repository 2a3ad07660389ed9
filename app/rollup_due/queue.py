"""What has to be added up again, for the roll-up to find: a row for each group and each school whose numbers moved."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.extensions import db
from infra.clock import now


class RollupDue(db.Model):
    """A group whose numbers may have changed."""

    __tablename__ = "rollup_due"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(default=now)


class ActivityDue(db.Model):
    """A school whose counts by stage may have changed."""

    __tablename__ = "activity_due"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(default=now)


def mark_due(session: Session, school_id: UUID, cohort_id: UUID | None = None) -> None:
    """The school's counts are out of date, and with `cohort_id` that group's summary too."""
    statement = insert(ActivityDue).values(school_id=school_id, due_at=now())
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["school_id"], set_={"due_at": statement.excluded.due_at}
        )
    )
    if cohort_id is not None:
        mark_group_due(session, school_id, cohort_id)


def list_due_schools(session: Session) -> list[UUID]:
    """Schools of which anything is due."""
    return list(session.scalars(select(RollupDue.school_id).union(select(ActivityDue.school_id))))


def lock_due(session: Session, school_id: UUID) -> tuple[list[UUID], bool]:
    """The groups of a school that are due, the longest waiting first, and whether its counts are.

    Locked: what is written meanwhile becomes due again. What another roll-up holds is left to it.
    """
    groups = session.scalars(
        select(RollupDue.cohort_id)
        .where(RollupDue.school_id == school_id)
        .order_by(RollupDue.due_at)
        .with_for_update(skip_locked=True)
    ).all()
    school = session.scalars(
        select(ActivityDue.school_id)
        .where(ActivityDue.school_id == school_id)
        .with_for_update(skip_locked=True)
    ).first()
    return list(groups), school is not None


def settle(session: Session, school_id: UUID, groups: list[UUID], *, activity: bool) -> None:
    """What was locked is added up."""
    session.execute(
        delete(RollupDue).where(RollupDue.school_id == school_id, RollupDue.cohort_id.in_(groups))
    )
    if activity:
        session.execute(delete(ActivityDue).where(ActivityDue.school_id == school_id))


def mark_group_due(session: Session, school_id: UUID, cohort_id: UUID) -> None:
    """The group's summary is out of date; what a parent's answers change, who may not mark a school."""
    statement = insert(RollupDue).values(school_id=school_id, cohort_id=cohort_id, due_at=now())
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["school_id", "cohort_id"], set_={"due_at": statement.excluded.due_at}
        )
    )
