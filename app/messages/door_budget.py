"""How many links and codes one school's doors may send in a day before somebody should look."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.messages.models import Outbox
from infra.clock import now
from infra.logs import get_logger

log = get_logger()

#: A group has ten parents, a school a few groups: three times what a busy day needs.
BUDGET = 150
KINDS = ("sign_in_link", "confirm_code")
DAY = timedelta(days=1)


def count_sent(session: Session, school_id: UUID, moment: datetime) -> int:
    """Links and codes that were asked for at this school's doors in the day before `moment`."""
    return session.execute(
        select(func.count()).where(
            Outbox.school_id == school_id, Outbox.kind.in_(KINDS), Outbox.created_at > moment - DAY
        )
    ).scalar_one()


def is_over(session: Session, school_id: UUID) -> int:
    """The count of the last day when it is over the budget, else nought."""
    count = count_sent(session, school_id, now())
    return count if count > BUDGET else 0


def watch(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """The schedule's job: tell the operator's log of a school over its budget. It writes no message."""
    if (count := count_sent(session, school_id, moment)) > BUDGET:
        log.warning("door_budget_over", school_id=str(school_id), count=count)
    return 0
