"""What the people of one group may know: who leads sees its room, who joins sees their own part of it.

The database shows each of them only their own groups; every function asks for the person again all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select, text
from sqlalchemy.orm import Session

from app.cohorts import my_queries
from app.cohorts.calendar import session_start_utc
from app.cohorts.members import members_ids
from app.cohorts.models import CohortSession
from app.cohorts.my_queries import NextSession, get_my_session
from app.cohorts.times import wall_clock
from app.cohorts.topics import title_of
from app.documents.queries import find_ready
from app.meetings.models import AbsenceNotice, Attendance, LearningNotes, TopicVote
from app.meetings.notes import find_notes
from app.recruitment.queries import list_contacts
from app.recruitment.words import reach_notes
from app.shell.errors import NotFound
from app.shell.kept import phone
from app.states.groups import NotesState
from tenants.pages import Part, own_part
from tenants.reading import read_once
from tenants.ready import Ready

_MY_NEXT = my_queries.next_session_of(
    select(AbsenceNotice.session_id).where(
        AbsenceNotice.school_id == bindparam("school_id"), AbsenceNotice.parent_id == bindparam("parent_id")
    )
)
_NOTES_SENT = select(LearningNotes.session_id, LearningNotes.state, LearningNotes.sent_at).where(
    LearningNotes.school_id == bindparam("school_id"), LearningNotes.cohort_id == bindparam("cohort_id")
)
_MY_NOTICES = select(AbsenceNotice.session_id).where(
    AbsenceNotice.school_id == bindparam("school_id"),
    AbsenceNotice.parent_id == bindparam("parent_id"),
    AbsenceNotice.cohort_id == bindparam("cohort_id"),
)
_MY_VOTES = (
    select(TopicVote.topic)
    .where(
        TopicVote.school_id == bindparam("school_id"),
        TopicVote.parent_id == bindparam("parent_id"),
        TopicVote.cohort_id == bindparam("cohort_id"),
    )
    .order_by(TopicVote.topic)
)
_MARKS = Ready(
    select(Attendance.parent_id, Attendance.mark, Attendance.marked_at).where(
        Attendance.school_id == bindparam("school_id"), Attendance.session_id == bindparam("session_id")
    )
)
_NOTICES = Ready(
    select(AbsenceNotice.parent_id).where(
        AbsenceNotice.school_id == bindparam("school_id"), AbsenceNotice.session_id == bindparam("session_id")
    )
)
_TOTALS = text("select topic, votes from app.topic_totals(:cohort_id)")


@dataclass(frozen=True, slots=True)
class Member:
    """A parent or carer in a group, as those who lead it know them."""

    parent_id: UUID
    name: str
    known_as: str
    phone: str
    email: str
    interpreter: bool
    language: str
    access_needs: str
    texts_stopped: bool
    emails_stopped: bool

    @property
    def reach_notes(self) -> list[str]:
        return reach_notes(
            phone=self.phone,
            email=self.email,
            texts_stopped=self.texts_stopped,
            emails_stopped=self.emails_stopped,
            interpreter=self.interpreter,
        )

    @property
    def needs_help(self) -> bool:
        """Whether something is to be had ready for them: an interpreter, or what they told us they need."""
        return self.interpreter or bool(self.access_needs)

    @property
    def phone_words(self) -> str:
        return phone(self.phone)


@dataclass(frozen=True, slots=True)
class TopicTotal:
    """How many parents would like a topic; never who."""

    code: str
    title: str
    votes: int


# ---- for those who lead


@read_once
def list_members(session: Session, school_id: UUID, cohort_id: UUID) -> list[Member]:
    """Who belongs to the group, by name, with how to reach them; nobody once it is over.

    The database shows nobody then either, but for people whom the same person leads again in another group.
    """
    return members_of(session, school_id, members_ids(school_id, cohort_id, under_way=True))


def members_of(session: Session, school_id: UUID, ids: Sequence[UUID] | Select[UUID]) -> list[Member]:
    """Those of `ids` who belong to a group that this person leads, by name, with how to reach them."""
    return members_by_name(list_contacts(session, school_id, ids).values())


def members_by_name(contacts: Iterable[Any]) -> list[Member]:
    """Contacts as those who lead know them."""
    members = [
        Member(
            parent_id=contact.parent_id,
            name=contact.name,
            known_as=contact.known_as or contact.first_name,
            phone=contact.phone,
            email=contact.email,
            interpreter=contact.interpreter,
            language=contact.language,
            access_needs=contact.access_needs,
            texts_stopped=contact.texts_stopped_at is not None,
            emails_stopped=contact.emails_stopped_at is not None,
        )
        for contact in contacts
    ]
    return sorted(members, key=lambda member: (member.name.casefold(), str(member.parent_id)))


def list_marks(session: Session, school_id: UUID, one: CohortSession) -> dict[UUID, str]:
    """The register of one session: parent id -> one of `attendance.MARKS`.

    A mark from before its day was made for the day that it had before it moved, so it does not count.
    """
    begins = session_start_utc(one.on_date, time.min)
    marked = _list_all_marks(session, school_id, one.id)
    return {row.parent_id: row.mark for row in marked if row.marked_at >= begins}


@read_once
def _list_all_marks(session: Session, school_id: UUID, session_id: UUID) -> Sequence[Any]:
    return _MARKS.all(session, {"school_id": school_id, "session_id": session_id})


@read_once
def list_notices(session: Session, school_id: UUID, session_id: UUID) -> set[UUID]:
    """Who said beforehand that they cannot come."""
    return _as_ids(_NOTICES.all(session, {"school_id": school_id, "session_id": session_id}))


def _as_ids(rows: Sequence[Any]) -> set[UUID]:
    return {row.parent_id for row in rows}


#: What a page of one evening reads ahead.
PARTS_OF_EVENING = (
    Part(_list_all_marks, _MARKS, takes=("school_id", "session_id")),
    Part(list_notices, _NOTICES, takes=("school_id", "session_id"), answer=_as_ids),
)


def list_topic_totals(session: Session, cohort_id: UUID) -> list[TopicTotal]:
    """What the group would like to talk about, most wanted first; the votes themselves are secret."""
    return [
        TopicTotal(row.topic, title_of(row.topic), row.votes)
        for row in session.execute(_TOTALS, {"cohort_id": cohort_id})
    ]


def list_notes_states(session: Session, school_id: UUID, cohort_id: UUID) -> dict[UUID, str]:
    """Session id -> draft or sent, for the notes that this person may see."""
    return {one: state for one, (state, _at) in list_notes_sent(session, school_id, cohort_id).items()}


@read_once
def list_notes_sent(
    session: Session, school_id: UUID, cohort_id: UUID
) -> dict[UUID, tuple[str, datetime | None]]:
    """Session id -> draft or sent, and when it was sent, for the notes that this person may see."""
    rows = session.execute(_NOTES_SENT, {"school_id": school_id, "cohort_id": cohort_id})
    return _as_sent(rows.all())


def _as_sent(rows: Sequence[Any]) -> dict[UUID, tuple[str, datetime | None]]:
    return {row.session_id: (row.state, row.sent_at) for row in rows}


# ---- for those who join


@read_once
def find_my_next_session(session: Session, school_id: UUID, parent_id: UUID) -> NextSession | None:
    """The next planned session of the group that this parent is in, until its end, and whether they said that they
    cannot come; None when there is none to come."""
    day, time_of_day = wall_clock()
    values = {"school_id": school_id, "parent_id": parent_id, "today": day, "time": time_of_day}
    return my_queries.as_next_session(session.execute(_MY_NEXT, values).all())


def find_my_notes(
    session: Session, school_id: UUID, parent_id: UUID, session_id: UUID
) -> LearningNotes | None:
    """Notes that were sent to this parent's group; None while such notes are being changed.

    Raises NotFound, also while they are first written.
    """
    meeting = get_my_session(session, school_id, parent_id, session_id)
    notes = find_notes(session, school_id, session_id)
    if notes is not None and notes.state == NotesState.SENT:
        return notes
    if not meeting.notes_are_changing:
        raise NotFound
    return None


def find_notes_document(session: Session, school_id: UUID, session_id: UUID) -> UUID | None:
    """The printable notes of a session, once they are made."""
    # Of a session that was opened again, only what was made from the words as they are now.
    sent_at = select(LearningNotes.sent_at).where(
        LearningNotes.school_id == school_id, LearningNotes.session_id == session_id
    )
    return find_ready(
        session, school_id, "learning_notes", subject_id=session_id, since=sent_at.scalar_subquery()
    )


@read_once
def list_my_notices(session: Session, school_id: UUID, parent_id: UUID, cohort_id: UUID) -> set[UUID]:
    """Sessions that this parent said they cannot come to."""
    values = {"school_id": school_id, "parent_id": parent_id, "cohort_id": cohort_id}
    return set(session.scalars(_MY_NOTICES, values))


@read_once
def list_my_votes(session: Session, school_id: UUID, parent_id: UUID, cohort_id: UUID) -> list[str]:
    """Topics that this parent asked for."""
    values = {"school_id": school_id, "parent_id": parent_id, "cohort_id": cohort_id}
    return list(session.scalars(_MY_VOTES, values))


#: What a parent's home reads ahead of their group.
PARTS_OF_PARENT = (
    own_part(find_my_next_session, _MY_NEXT, my_queries.as_next_session),
    Part(list_notes_sent, _NOTES_SENT, takes=("school_id", "cohort_id"), answer=_as_sent),
    own_part(
        list_my_notices, _MY_NOTICES, lambda rows: {row.session_id for row in rows}, also=("cohort_id",)
    ),
    own_part(list_my_votes, _MY_VOTES, lambda rows: [row.topic for row in rows], also=("cohort_id",)),
)
