"""The register of a session, mark by mark: what each who leads changed, whoever else has it open."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.cohorts.leader_queries import get_led_session
from app.cohorts.models import CohortSession
from app.meetings.attendance import MARKS, Marked
from app.meetings.models import Attendance
from app.meetings.register import open_register
from app.shell.dates import day
from app.shell.refusals import Refused
from app.states.groups import SessionState
from infra.clock import now, today

# The name of before meetings left `cohorts`; policies and trails read it.
REGISTER_TAKEN = define("cohorts:register:taken", keys=("number", "marked"))


def take_register(
    session: Session, school_id: UUID, facilitator_id: UUID, session_id: UUID, marks: Mapping[UUID, Marked]
) -> dict[UUID, str]:
    """Keep the marks that somebody changed, one by one, as far as they are known on the day.

    Two who have the register open add to each other: only what each changed is written, and what the page offered
    where nobody has marked anything. A mark of nothing takes away the one that they saw. Where somebody else changed
    the same mark to something else since it was seen, it stays, and is in the answer. The
    session stays open, and everybody else's page as it was, until it is closed. Raises NotFound, Refused.
    """
    meeting = get_led_session(session, school_id, facilitator_id, session_id, lock=True)
    if why := why_no_register(meeting):
        raise Refused(why)
    register = open_register(session, school_id, meeting)
    before = register.marks
    wanted = {
        parent_id: mark
        for parent_id, mark in marks.items()
        if parent_id in register
        and (not mark.chosen or mark.chosen in MARKS)
        and before.get(parent_id, "") != mark.chosen
        and (mark.chosen != mark.saw or parent_id not in before)
    }
    others = {
        parent_id: before[parent_id]
        for parent_id, mark in wanted.items()
        if parent_id in before and before[parent_id] != mark.saw
    }
    changed = {parent_id: mark.chosen for parent_id, mark in wanted.items() if parent_id not in others}
    for parent_id, mark in changed.items():
        if not mark:
            session.execute(
                delete(Attendance).where(
                    Attendance.school_id == school_id,
                    Attendance.session_id == session_id,
                    Attendance.parent_id == parent_id,
                ),
                execution_options={"synchronize_session": False},
            )
            continue
        kept = insert(Attendance).values(
            school_id=school_id,
            session_id=session_id,
            parent_id=parent_id,
            cohort_id=meeting.cohort_id,
            mark=mark,
            marked_at=now(),
        )
        session.execute(
            kept.on_conflict_do_update(
                index_elements=["school_id", "session_id", "parent_id"],
                set_={"mark": kept.excluded.mark, "marked_at": kept.excluded.marked_at},
            )
        )
    if changed:
        record(session, REGISTER_TAKEN, subject_id=session_id, number=meeting.number, marked=len(changed))
    return others


def why_no_register(meeting: CohortSession) -> str:
    """Why the register of this session cannot be marked now, and from when; empty when it can."""
    if meeting.state == SessionState.CANCELLED:
        return _("This session was called off, so it has no register.")
    if meeting.state != SessionState.PLANNED:
        return _("This session is closed, so the register cannot be changed.")
    if meeting.on_date > today():
        return _("You can mark the register on the day itself: %(day)s.", day=day(meeting.on_date))
    return ""
