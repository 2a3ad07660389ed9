"""Reading learning notes by their session."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cohorts.models import CohortSession
from app.cohorts.my_queries import list_attended
from app.meetings.models import LearningNotes
from app.shell.errors import NotFound
from app.states.groups import NotesState


def find_notes(session: Session, school_id: UUID, session_id: UUID) -> LearningNotes | None:
    """The notes of one session, when somebody wrote any that this scope may read."""
    return session.scalar(
        select(LearningNotes).where(
            LearningNotes.school_id == school_id, LearningNotes.session_id == session_id
        )
    )


def get_notes(session: Session, school_id: UUID, session_id: UUID) -> LearningNotes:
    """The notes of one session. Raises NotFound."""
    found = find_notes(session, school_id, session_id)
    if found is None:
        raise NotFound
    return found


def list_my_meetings(session: Session, school_id: UUID) -> list[CohortSession]:
    """Meetings that this parent came to and whose notes were sent, the last first; in the parent's own scope."""
    sent = select(LearningNotes.session_id).where(
        LearningNotes.school_id == school_id, LearningNotes.state == NotesState.SENT
    )
    return list_attended(session, school_id, among=sent)
