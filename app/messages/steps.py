"""What a message is about, and the step that it speaks of: written beside it, so that a newer one takes its place.

A kind declares both (`Kind.topic`, `Kind.steps`); callers of `enqueue` need not know. What has steps of its own, as a
session has days, hands in how they are read (`Messages.steps`). The database drops what waits about the same thing
(revision 0021); `allowed.py` drops at the moment of sending what speaks of a step that has passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.messages import catalogue
from app.messages.kind import Kind, Topic


@dataclass(frozen=True, slots=True)
class Step:
    """`topic`: one thing for one reader. `step`: where it stands with this message; `before`: where it stood so far."""

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
    if (read := catalogue.STEPS.get(kind.topic)) is not None:
        return Step(f"{kind.topic}:{subject_id}", *read(session, owner_id, subject_id))
    return Step(f"{kind.topic}:{subject_id if kind.topic is Topic.LEADING else recipient_id}", first)
