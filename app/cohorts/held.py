"""A session that has met, as its row tells: closed, opened again, its topic. Who may and what follows is told above."""

from __future__ import annotations

from app.cohorts.models import CohortSession
from app.states.groups import SessionState
from infra.clock import now


def close(meeting: CohortSession) -> None:
    """It is over; what was taken back of it is out again."""
    meeting.state, meeting.closed_at, meeting.notes_taken_back_at = SessionState.CLOSED, now(), None


def reopen(meeting: CohortSession, *, takes_notes_back: bool) -> None:
    """It is to be closed once more. `takes_notes_back`: its notes had been sent, and are changing now."""
    meeting.state, meeting.closed_at = SessionState.PLANNED, None
    if takes_notes_back:
        meeting.notes_taken_back_at = now()


def set_topic(meeting: CohortSession, topic: str) -> None:
    """What it is about; empty while its group has still to choose."""
    meeting.topic = topic
