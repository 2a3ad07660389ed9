"""The step of a message about where one session meets, or with the link to it: which place, which link."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_WHERE = text("select room from cohort_session where school_id = :owner and id = :id")
_CHANGED = text(
    "select l.changed_at from cohort_session s join cohort_join_link l on l.school_id = s.school_id"
    " and l.cohort_id = s.cohort_id where s.school_id = :owner and s.id = :id"
)


def step_of_where(session: Session, school_id: UUID, session_id: UUID | None) -> tuple[str, str]:
    """Where a session meets."""
    return session.scalar(_WHERE, {"owner": school_id, "id": session_id}) or "", ""


def step_of_link(session: Session, school_id: UUID, session_id: UUID | None) -> tuple[str, str]:
    """When its link was set: no word of the link itself."""
    changed_at = session.scalar(_CHANGED, {"owner": school_id, "id": session_id})
    return changed_at.isoformat() if changed_at else "", ""
