"""Reading learning notes by their session."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.cohorts.models import CohortSession
from app.cohorts.my_queries import list_attended
from app.meetings.models import LearningNotes
from app.shell.errors import NotFound
from app.states.groups import NotesState
from tenants.pages import Part, first, looked
from tenants.reading import read_once

_NOTES = select(LearningNotes).where(
    LearningNotes.school_id == bindparam("school_id"), LearningNotes.session_id == bindparam("session_id")
)


@read_once
def find_notes(session: Session, school_id: UUID, session_id: UUID) -> LearningNotes | None:
    """The notes of one session, when somebody wrote any that this scope may read."""
    return session.scalar(_NOTES, {"school_id": school_id, "session_id": session_id})


#: What a page of one evening reads ahead.
NOTES = Part(find_notes, _NOTES, takes=("school_id", "session_id"), answer=first(looked(LearningNotes)))


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
