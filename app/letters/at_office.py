"""The pile of letters as a school's office reads it: to whom, and until when. The file of a letter is not for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.contact_log import at_office as log

_LETTERS = text("select letter_id, parent_id, made_at, until from identity.letters_at_office()")


@dataclass(frozen=True, slots=True)
class ToGive:
    """A letter that is printed and was not handed out yet, as far as anybody noted."""

    letter_id: UUID
    parent_id: UUID
    made_at: datetime
    until: datetime


def list_to_give(session: Session) -> list[ToGive]:
    """Of the scope's own school, the oldest first."""
    found = [ToGive(*row) for row in session.execute(_LETTERS)]
    return sorted(found, key=lambda one: (one.made_at, one.letter_id))


def note_given(session: Session, ids: Sequence[UUID], outcome: str) -> int:
    """Note that these letters were posted, or handed over; of how many that is new. One that is none to hand out, or
    was printed anew since, is left as it is."""
    waiting = {one.letter_id: one.parent_id for one in list_to_give(session)}
    return log.note_letters(session, [waiting[one] for one in ids if one in waiting], outcome)
