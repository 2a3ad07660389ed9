"""Decides who is asked about helping to lead. Runs as the schedule, in one school's scope."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.messages.outbox import keys_of
from app.messages.services import enqueue
from app.recruitment.queries import list_graduates_to_ask
from app.states.messages import RecipientKind

#: A graduate is asked about leading so many days after the last session: first comes the certificate.
ASK_AFTER = timedelta(days=7)

_OFFERED = text("select parent_id from facilitator where school_id = :school and parent_id = any(:parents)")


def ask_to_lead(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """Ask graduates, once in their life and only if they said that we may, about helping to lead; how many."""
    written = keys_of(session, school_id, ("invite_to_lead",))
    count = 0
    graduates = list_graduates_to_ask(session, school_id, since=moment - ASK_AFTER)
    offered = set(session.scalars(_OFFERED, {"school": school_id, "parents": graduates}))
    for parent_id in graduates:
        key = str(parent_id)
        if parent_id in offered or ("invite_to_lead", key) in written:
            continue
        count += len(
            enqueue(
                session,
                kind="invite_to_lead",
                school_id=school_id,
                recipient_kind=RecipientKind.PARENT,
                recipient_id=parent_id,
                dedupe_key=key,
            )
        )
    return count
