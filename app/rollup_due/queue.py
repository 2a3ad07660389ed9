"""What has to be added up again, for the roll-up to find: a row for each group and each school whose numbers moved."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

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


def mark_group_due(session: Session, school_id: UUID, cohort_id: UUID) -> None:
    """The group's summary is out of date; what a parent's answers change, who may not mark a school."""
    statement = insert(RollupDue).values(school_id=school_id, cohort_id=cohort_id, due_at=now())
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["school_id", "cohort_id"], set_={"due_at": statement.excluded.due_at}
        )
    )
