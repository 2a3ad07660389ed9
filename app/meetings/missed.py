"""Decides who is told that they were missed, after two meetings without a word.

Runs as the schedule, in one school's scope. What is decided here is judged again at the moment of sending
(`messages.allowed`), so it may be asked as often as one likes: each is written once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.messages.outbox import keys_of
from app.messages.services import enqueue
from app.states.messages import RecipientKind
from infra.clock import LONDON

#: Two missed meetings are mentioned only while the second is so recent; later it would sound like counting.
MISSED_LATELY = timedelta(days=14)
#: Who was away from two meetings in a row without a word, as ids, with the meeting that comes next.
MISSED = text("select cohort_id, parent_id, next_session_id from app.missed_two(:since, :today)")


def miss_somebody(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """Tell those who stayed away twice without a word that we missed them, once in each group; how many.

    Never to those who said that they cannot come, and never twice: a second one would be a reproach.
    """
    today = moment.astimezone(LONDON).date()
    written = keys_of(session, school_id, ("we_missed_you",))
    count = 0
    for missed in session.execute(MISSED, {"since": today - MISSED_LATELY, "today": today}).all():
        key = f"{missed.cohort_id}:{missed.parent_id}"
        if ("we_missed_you", key) in written:
            continue
        count += len(
            enqueue(
                session,
                kind="we_missed_you",
                school_id=school_id,
                recipient_kind=RecipientKind.PARENT,
                recipient_id=missed.parent_id,
                subject_id=missed.next_session_id,
                dedupe_key=key,
            )
        )
    return count
