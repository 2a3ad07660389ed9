"""How a concern stands, as a page of it shows it: what a press on that page is for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.safeguarding.queries import Desk
from app.shell.errors import NotFound


def get_state(
    session: Session, desk: Desk, owner_id: UUID, concern_id: UUID, *, hold: bool = False
) -> tuple[datetime | None, int]:
    """When it was closed, if it is, and how many entries its record has: what a page of it showed. `hold` keeps others
    from changing it until the end. Raises NotFound."""
    concern, action = desk.concern, desk.action
    asked = select(concern.closed_at).where(desk.owned_by(concern, owner_id), concern.id == concern_id)
    row = session.execute(asked.with_for_update() if hold else asked).first()
    if row is None:
        raise NotFound
    entries = session.execute(
        select(func.count())
        .select_from(action)
        .where(desk.owned_by(action, owner_id), action.concern_id == concern_id)
    ).scalar_one()
    return row.closed_at, entries
