"""What the people of a group do: the register, notes, closing; "I can't come", and the secret vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.cohorts import held
from app.cohorts.leader_queries import get_led_cohort, get_led_session
from app.cohorts.members import list_member_ids
from app.cohorts.models import CohortSession
from app.cohorts.my_queries import get_my_session
from app.cohorts.queries import list_sessions
from app.cohorts.times import has_begun, is_over
from app.cohorts.timetable import is_to_come
from app.cohorts.topics import CHOOSABLE
from app.documents.services import request_document
from app.meetings.attendance import was_here
from app.meetings.due import REOPEN_FOR, can_reopen, changeable, to_choose
from app.meetings.models import AbsenceNotice, LearningNotes, TopicVote
from app.meetings.notes import find_notes
from app.meetings.register import Register, open_register
from app.messages.services import enqueue
from app.programme.numbers import SESSIONS
from app.rollup_due.queue import mark_due
from app.shell.dates import clock, day
from app.shell.refusals import Refused
from app.states.groups import GroupState, NotesState, SessionState
from infra.clock import now

# Events that are kept have these names from when this was a part of `cohorts`; policies and trails read them.
NOTES_SAVED = define("cohorts:notes:saved", keys=("number",))
SESSION_CLOSED = define("cohorts:session:closed", keys=("number", "with_notes"))
SESSION_REOPENED = define("cohorts:session:reopened", keys=("number",))
TOPICS_CHOSEN = define("cohorts:topics:chosen", keys=("numbers",))
CANNOT_COME = define("cohorts:absence:said", keys=("number",))
CAN_COME = define("cohorts:absence:taken_back", keys=("number",))
VOTED = define("cohorts:topics:voted", keys=("topics",))

MOST_VOTES = 3
HALFWAY = SESSIONS // 2


# ---- for those who lead


def save_notes(
    session: Session,
    school_id: UUID,
    facilitator_id: UUID,
    session_id: UUID,
    *,
    main_points: str,
    try_at_home: str,
    links: Sequence[Mapping[str, str]],
) -> None:
    """Keep the notes as a draft. Raises Refused when they are sent, or there are none to be."""
    meeting = get_led_session(session, school_id, facilitator_id, session_id, lock=True)
    if meeting.state == SessionState.CANCELLED:
        raise Refused(_("This session was called off, so it has no notes."))
    notes = find_notes(session, school_id, session_id)
    if notes is not None and notes.state == NotesState.SENT:
        if can_reopen(meeting):
            raise Refused(_("This session is closed. Open it again first, then change the notes."))
        raise Refused(_("These notes have been sent, so they cannot be changed."))
    if meeting.state == SessionState.CLOSED:
        raise Refused(_("This session is closed without notes."))
    if notes is None:
        notes = LearningNotes(school_id=school_id, cohort_id=meeting.cohort_id, session_id=session_id)
        session.add(notes)
    kept = (notes.main_points, notes.try_at_home, notes.links)
    if kept == (main_points, try_at_home, list(links)):
        return
    notes.main_points, notes.try_at_home, notes.links = (
        main_points,
        try_at_home,
        [dict(link) for link in links],
    )
    notes.updated_at = now()
    session.flush()
    record(session, NOTES_SAVED, subject_id=session_id, number=meeting.number)


def close_session(
    session: Session,
    school_id: UUID,
    facilitator_id: UUID,
    session_id: UUID,
    *,
    without_notes: bool = False,
    finished_early: bool = False,
) -> bool:
    """Finish a session: its notes go to everybody who had a place then and has it still, also those who were away.

    Its messages wait as long as it can be opened again. True when this call closed it, False when it was closed
    before. Refused before its start; before its planned end they must say `finished_early`. Raises NotFound, Refused.
    """
    meeting = get_led_session(session, school_id, facilitator_id, session_id, lock=True)
    if meeting.state == SessionState.CLOSED:
        return False
    _check_open(meeting)
    if not has_begun(meeting):
        raise Refused(
            _(
                "This session begins on %(day)s at %(time)s. Close it when it is over.",
                day=day(meeting.on_date),
                time=clock(meeting.starts_at),
            )
        )
    if not is_over(meeting) and not finished_early:
        raise Refused(
            _(
                "This session is planned until %(time)s. If you have finished, say so below and press again.",
                time=clock(meeting.ends_at),
            )
        )
    register = open_register(session, school_id, meeting)
    if left := len(register.unmarked):
        raise Refused(
            ngettext(
                "Finish the register first. One person has no mark yet.",
                "Finish the register first. %(num)s people have no mark yet.",
                left,
            )
            if register.marks
            else _("Take the register first. Everybody needs a mark.")
        )
    notes = find_notes(session, school_id, session_id)
    has_notes = notes is not None and bool(notes.main_points)
    if not has_notes and not without_notes:
        raise Refused(_("Write the notes first, or say that there are none this time."))
    held.close(meeting)
    if notes is not None and has_notes:
        notes.state, notes.sent_at = "sent", now()
    session.flush()
    parents = list_member_ids(session, school_id, meeting.cohort_id)
    if has_notes:
        _tell(session, meeting, [one for one in parents if one in register], "notes_ready")
        _ask_for_document(session, meeting, facilitator_id)
    if meeting.number == HALFWAY:
        _tell_halfway(session, meeting, parents, register)
    mark_due(session, school_id, meeting.cohort_id)
    record(session, SESSION_CLOSED, subject_id=session_id, number=meeting.number, with_notes=has_notes)
    return True


def reopen_session(session: Session, school_id: UUID, facilitator_id: UUID, session_id: UUID) -> bool:
    """Open a session again that was closed within the last hour: its register and notes can be mended.

    What was to be told of it is not sent; closing it again tells it anew. Its notes, and the document made of them, are
    for those who lead alone until then. False when it is open already.
    Raises NotFound, Refused.
    """
    meeting = get_led_session(session, school_id, facilitator_id, session_id, lock=True)
    if meeting.state == SessionState.PLANNED:
        return False
    if get_led_cohort(session, school_id, facilitator_id, meeting.cohort_id).state == GroupState.CLOSED:
        raise Refused(_("This group is over, so its sessions stay as they are."))
    if not can_reopen(meeting):
        raise Refused(_("A session can be opened again for one hour after it was closed. That hour is over."))
    notes = find_notes(session, school_id, session_id)
    were_sent = notes is not None and notes.state == NotesState.SENT
    held.reopen(meeting, takes_notes_back=were_sent)
    if notes is not None and were_sent:
        notes.state, notes.sent_at = "draft", None
    session.flush()
    mark_due(session, school_id, meeting.cohort_id)
    record(session, SESSION_REOPENED, subject_id=session_id, number=meeting.number)
    return True


def choose_topics(session: Session, school_id: UUID, cohort_id: UUID, chosen: Mapping[int, str]) -> list[int]:
    """Set the topics of sessions that have not met, by number; an empty one is open again. The changed numbers.

    The caller has made sure that the person leads this group. Raises Refused for a topic chosen twice.
    """
    wanted = [topic for topic in chosen.values() if topic]
    if len(wanted) != len(set(wanted)):
        raise Refused(_("You chose one topic twice. Choose a different one for each session."))
    changed = []
    for one in changeable(list_sessions(session, school_id, cohort_id)):
        topic = chosen.get(one.number, one.topic)
        if topic != one.topic and (not topic or topic in CHOOSABLE):
            held.set_topic(one, topic)
            changed.append(one.number)
    session.flush()
    if changed:
        numbers = ", ".join(map(str, changed))
        record(session, TOPICS_CHOSEN, subject_id=cohort_id, numbers=numbers)
    return changed


# ---- for those who join


def say_cannot_come(session: Session, school_id: UUID, parent_id: UUID, session_id: UUID) -> None:
    """A parent cannot come; no reason is asked. Twice is the same as once. Raises NotFound, Refused."""
    meeting = get_my_session(session, school_id, parent_id, session_id)
    _check_coming(meeting)
    values = {
        "school_id": school_id,
        "session_id": session_id,
        "parent_id": parent_id,
        "cohort_id": meeting.cohort_id,
        "at": now(),
    }
    try:
        with session.begin_nested():
            session.execute(insert(AbsenceNotice).values(values))
    except IntegrityError:
        return
    record(session, CANNOT_COME, subject_id=session_id, number=meeting.number)


def say_can_come(session: Session, school_id: UUID, parent_id: UUID, session_id: UUID) -> None:
    """They can come after all. Raises NotFound, Refused."""
    meeting = get_my_session(session, school_id, parent_id, session_id)
    _check_coming(meeting)
    gone = session.execute(
        delete(AbsenceNotice)
        .where(
            AbsenceNotice.school_id == school_id,
            AbsenceNotice.session_id == session_id,
            AbsenceNotice.parent_id == parent_id,
        )
        .returning(AbsenceNotice.session_id),
        execution_options={"synchronize_session": False},
    ).all()
    if gone:
        record(session, CAN_COME, subject_id=session_id, number=meeting.number)


def vote(session: Session, school_id: UUID, parent_id: UUID, cohort_id: UUID, topics: Sequence[str]) -> None:
    """Keep which topics a parent would like, up to three; what they chose before is replaced. Raises Refused."""
    if not to_choose(list_sessions(session, school_id, cohort_id)):
        raise Refused(_("The topics of your group are chosen. You can see them beside each date."))
    wanted = [topic for topic in dict.fromkeys(topics) if topic in CHOOSABLE]
    if len(wanted) > MOST_VOTES:
        raise Refused(_("Choose three topics or fewer."))
    mine = (
        TopicVote.school_id == school_id,
        TopicVote.cohort_id == cohort_id,
        TopicVote.parent_id == parent_id,
    )
    before = set(session.scalars(select(TopicVote.topic).where(*mine)))
    if before == set(wanted):
        return
    session.execute(
        delete(TopicVote).where(*mine, TopicVote.topic.not_in(wanted)),
        execution_options={"synchronize_session": False},
    )
    for topic in wanted:
        if topic in before:
            continue
        values = {
            "school_id": school_id,
            "cohort_id": cohort_id,
            "parent_id": parent_id,
            "topic": topic,
            "at": now(),
        }
        try:
            with session.begin_nested():
                session.execute(insert(TopicVote).values(values))
        except IntegrityError:  # pressed twice at once: the vote is there
            continue
    record(session, VOTED, subject_id=cohort_id, topics=len(wanted))


def _check_open(meeting: CohortSession) -> None:
    if meeting.state == SessionState.CANCELLED:
        raise Refused(_("This session was called off."))
    if meeting.state != SessionState.PLANNED:
        raise Refused(_("This session is closed, so it cannot be changed."))


def _check_coming(meeting: CohortSession) -> None:
    if not is_to_come(meeting):
        raise Refused(_("This session is over, or was called off. There is nothing to tell us."))


def _tell_halfway(
    session: Session, meeting: CohortSession, parents: Sequence[UUID], register: Register
) -> None:
    """Thanks to who was there, and to everybody that they can choose what comes next."""
    if not to_choose(list_sessions(session, meeting.school_id, meeting.cohort_id)):
        return
    were_here = [one for one in parents if was_here(register.marks.get(one))]
    _tell(session, meeting, were_here, "halfway")
    _tell(session, meeting, [one for one in parents if one not in were_here], "choose_topics")


def _tell(session: Session, meeting: CohortSession, parents: Sequence[UUID], kind: str) -> None:
    """A message about a closed session, once for each closing, when the hour for opening it again is over."""
    closed_at = meeting.closed_at or now()
    for parent_id in parents:
        enqueue(
            session,
            kind=kind,
            school_id=meeting.school_id,
            recipient_kind="parent",
            recipient_id=parent_id,
            subject_id=meeting.id,
            dedupe_key=f"{meeting.id}:{parent_id}:{closed_at.isoformat()}",
            not_before=closed_at + REOPEN_FOR,
        )


def _ask_for_document(session: Session, meeting: CohortSession, facilitator_id: UUID) -> None:
    request_document(
        session,
        kind="learning_notes",
        school_id=meeting.school_id,
        # Neutral on purpose: the name stays in a phone's list of downloads.
        file_name=f"session-{meeting.number}-notes.pdf",
        subject_id=meeting.id,
        cohort_id=meeting.cohort_id,
        created_by="facilitator",
    )
