"""What a message is about, and the step that it speaks of: written beside it, so that a newer one takes its place.

A kind declares both (`Kind.topic`, `Kind.steps`); callers of `enqueue` need not know. The database drops what waits
about the same thing (revision 0021); `allowed.py` drops at the moment of sending what speaks of a step that has passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.messages.kind import Kind, Topic

#: The step of a session that will not be.
CANCELLED = "cancelled"

_SESSION = text(
    "select on_date, starts_at, state, moved_from from cohort_session where school_id = :owner and id = :id"
)


@dataclass(frozen=True, slots=True)
class Step:
    """`topic`: one thing for one reader. `step`: where it stands with this message; `before`: what they knew so far."""

    topic: str = ""
    step: str = ""
    before: str = ""


def step_of(
    session: Session, kind: Kind, *, owner_id: UUID, recipient_id: UUID, subject_id: UUID | None
) -> Step:
    """What a message of `kind` that is written now is about. Read in the scope of whoever writes it."""
    first = kind.steps[0] if kind.steps else ""
    if kind.topic is Topic.NONE:
        return Step(step=first)
    if kind.topic is not Topic.SESSION:
        about = subject_id if kind.topic in (Topic.LEADING, Topic.DATES) else recipient_id
        return Step(f"{kind.topic}:{about}", first)
    topic = f"{kind.topic}:{subject_id}"
    found = session.execute(_SESSION, {"owner": owner_id, "id": subject_id}).one_or_none()
    if found is None:
        return Step(topic)
    if found.state == CANCELLED:
        return Step(topic, CANCELLED, moment_word(found.on_date, found.starts_at))
    before = found.moved_from.isoformat() if found.moved_from else ""
    return Step(topic, moment_word(found.on_date, found.starts_at), before)


def moment_word(on: date, at: time) -> str:
    """A day and an hour as a step: 2026-11-30T18:00:00."""
    return datetime.combine(on, at).isoformat()


def day_of(word: str) -> date | None:
    """The day in a step, or None."""
    try:
        return datetime.fromisoformat(word).date()
    except ValueError:
        return None
