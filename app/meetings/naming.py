"""Whether the notes of a session name somebody of its group: perhaps a slip, perhaps only a word."""

from __future__ import annotations

from collections.abc import Sequence

from app.meetings.models import LearningNotes
from app.meetings.queries import Member
from app.shell.names_in_words import names_in


def named_in(notes: LearningNotes | None, members: Sequence[Member]) -> list[str]:
    """People of the group whose name stands in the notes, as the group knows them."""
    return names_in(f"{notes.main_points} {notes.try_at_home}", members) if notes is not None else []
