"""How many links and codes one school's doors may send in a day before somebody should look."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import DateTime, bindparam, func, select
from sqlalchemy.orm import Session

from app.messages.models import Outbox
from infra.clock import now
from infra.logs import get_logger
from tenants.pages import Part
from tenants.reading import read_once
from tenants.ready import Ready

log = get_logger()

#: A group has ten parents, a school a few groups: three times what a busy day needs.
BUDGET = 150
KINDS = ("sign_in_link", "confirm_code")
DAY = timedelta(days=1)


_COUNT = Ready(
    select(func.count().label("sent")).where(
        Outbox.school_id == bindparam("school_id"),
        Outbox.kind.in_(KINDS),
        Outbox.created_at + DAY > bindparam("now", type_=DateTime(timezone=True)),
    )
)


def count_sent(session: Session, school_id: UUID, moment: datetime) -> int:
    """Links and codes that were asked for at this school's doors in the day before `moment`."""
    return int(_COUNT.all(session, {"school_id": school_id, "now": moment})[0].sent)


@read_once
def _count_today(session: Session, school_id: UUID) -> int:
    return count_sent(session, school_id, now())


TODAY = Part(_count_today, _COUNT, takes=("school_id",), answer=lambda rows: rows[0].sent)


def is_over(session: Session, school_id: UUID) -> int:
    """The count of the last day when it is over the budget, else nought."""
    count = _count_today(session, school_id)
    return count if count > BUDGET else 0


def watch(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """The schedule's job: tell the operator's log of a school over its budget. It writes no message."""
    if (count := count_sent(session, school_id, moment)) > BUDGET:
        log.warning("door_budget_over", school_id=str(school_id), count=count)
    return 0
