"""By the schedule: who hears of calls to make, of what is late or left alone; and what is over is put away."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.messages.services import enqueue
from app.one_to_one.models import CallRequest
from app.one_to_one.queries import list_makers
from app.states.calls import CallState
from app.states.messages import RecipientKind
from infra.clock import today
from infra.logs import get_logger

log = get_logger()

#: How long a call that is over is kept with who asked and what about; the database keeps it no shorter.
KEPT = timedelta(days=28)

_PUT_AWAY = text("select app.put_calls_away(:before)")
_LEFT_ALONE = text("select id, parent_id from app.calls_left_alone()")
_LATE = text("select id, parent_id, call_by from app.late_calls()")


def tell_of_calls(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """Write about calls to make, calls that are late, and calls whose caller can call no more; each once."""
    written = _tell_school(session, school_id)
    for row in session.execute(_LEFT_ALONE):
        written += _tell_parent(session, school_id, "call_news", row.id, row.parent_id, f"{row.id}:left")
    for row in session.execute(_LATE):
        key = f"{row.id}:{row.call_by.isoformat()}"
        written += _tell_parent(session, school_id, "call_late", row.id, row.parent_id, key)
    return written


def put_away(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """Erase what was over four weeks ago, and count what it was about. It writes no message."""
    if gone := session.execute(_PUT_AWAY, {"before": moment - KEPT}).scalar_one():
        log.info("calls_put_away", school_id=str(school_id), count=gone)
    return 0


def _tell_school(session: Session, school_id: UUID) -> int:
    waiting = session.execute(
        select(CallRequest.id, CallRequest.owner_id).where(
            CallRequest.school_id == school_id,
            CallRequest.facilitator_id.is_(None),
            CallRequest.state == CallState.OPEN,
            CallRequest.call_by >= today(),
        )
    ).all()
    makers = list_makers(session) if waiting else []
    written: list[UUID] = []
    for call_id, owner_id in waiting:
        for staff_id in [owner_id] if owner_id else makers:
            written += enqueue(
                session,
                kind="call_to_make_at_school",
                school_id=school_id,
                recipient_kind=RecipientKind.STAFF,
                recipient_id=staff_id,
                subject_id=call_id,
                dedupe_key=f"{call_id}:{staff_id}",
            )
    return len(written)


def _tell_parent(
    session: Session, school_id: UUID, kind: str, call_id: UUID, parent_id: UUID, key: str
) -> int:
    return len(
        enqueue(
            session,
            kind=kind,
            school_id=school_id,
            recipient_kind=RecipientKind.PARENT,
            recipient_id=parent_id,
            subject_id=call_id,
            dedupe_key=key,
        )
    )
