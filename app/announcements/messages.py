"""The email that carries an announcement to people at work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.announcements.models import Announcement
from app.identity.roles import SCHOOL_PEOPLE
from app.messages.kind import About, Email, Kind, Link, _
from app.messages.parts import Message, Messages, Place, Subject, Subjects
from app.messages.problems import Problem
from app.states.messages import RecipientKind

KIND = Kind(
    "announcement",
    _("Announcement of the council"),
    RecipientKind.STAFF,
    about=About.ANNOUNCEMENT,
    link=Link.ANNOUNCEMENTS,
    useful_for=timedelta(days=3),
    email=Email(
        _("{heading}"),
        (
            _("{authority} writes to its schools:"),
            _("“{announcement}”"),
            _("It is on your first page too: {link}"),
            _("Nobody reads answers to this email."),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class AnnouncementFact:
    """Whether it stands."""

    was_stopped: bool

    def why_not(self, _kind: Kind, _written_at: datetime | None, _moment: datetime) -> Problem | None:
        """Why it does not go now; None when it does."""
        return Problem.TAKEN_BACK if self.was_stopped else None


def fields_of(heading: str, words: str) -> dict[str, str]:
    """What the email's words know of it."""
    return {"heading": heading, "announcement": words}


def _read(session: Session, messages: Sequence[Message]) -> dict[UUID | None, Announcement]:
    ids = {m.subject_id for m in messages if m.subject_id}
    asked = select(Announcement).where(
        Announcement.authority_id == messages[0].authority_id, Announcement.id.in_(ids)
    )
    return {row.id: row for row in session.scalars(asked)}


def read(session: Session, messages: Sequence[Message], _place: Place | None) -> dict[UUID, Subject]:
    """What each of these messages carries, by its id."""
    rows = _read(session, messages)
    return {
        m.id: Subject(AnnouncementFact(row.stopped_at is not None), fields_of(row.heading, row.words))
        for m in messages
        if (row := rows.get(m.subject_id))
    }


def stand(session: Session, messages: Sequence[Message]) -> dict[UUID, AnnouncementFact]:
    """How they stand, by the ids of these messages."""
    rows = _read(session, messages)
    return {
        m.id: AnnouncementFact(row.stopped_at is not None)
        for m in messages
        if (row := rows.get(m.subject_id))
    }


def is_over(outbox: Any) -> ColumnElement[bool]:
    """Rows of the outbox whose announcement was taken back."""
    stopped = select(Announcement.id).where(
        Announcement.id == outbox.subject_id, Announcement.stopped_at.is_not(None)
    )
    return (outbox.kind == KIND.name) & stopped.exists()


MESSAGES = Messages(
    (KIND,),
    subjects={About.ANNOUNCEMENT: Subjects(read, stand, is_over)},
    pages={Link.ANNOUNCEMENTS: dict.fromkeys(sorted(SCHOOL_PEOPLE), "announcements.of_school")},
)
