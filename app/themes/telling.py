"""Who at a school is told that a group waits for a reply. By the schedule: a parent may not know who works there."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.identity.roles import Role
from app.messages.services import enqueue
from app.schools.queries import list_told
from app.states.messages import RecipientKind
from app.states.themes import ThemeState
from app.themes.models import GroupTheme

#: A theme that was approved longer ago was told long since, or is seen on the home.
LOOK_BACK = timedelta(days=3)


def tell_of_themes(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """Write to whoever leads the school about themes that were approved of late, once each; how many messages."""
    waiting = session.scalars(
        select(GroupTheme.id).where(
            GroupTheme.school_id == school_id,
            GroupTheme.state == ThemeState.APPROVED,
            GroupTheme.approved_at > moment - LOOK_BACK,
        )
    ).all()
    if not waiting:
        return 0
    written: list[UUID] = []
    for lead_id in list_told(session, school_id, Role.SCHOOL_LEAD):
        for theme_id in waiting:
            written += enqueue(
                session,
                kind="theme_to_reply",
                school_id=school_id,
                recipient_kind=RecipientKind.STAFF,
                recipient_id=lead_id,
                dedupe_key=f"{theme_id}:{lead_id}",
            )
    return len(written)
