"""A group that does not go to its last date: ended with a reason and told, or deleted when nobody was ever in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.cohorts import offers, queries
from app.cohorts.joining import forget_link
from app.cohorts.membership import list_places, lock_cohort
from app.cohorts.models import Cohort, CohortSession
from app.cohorts.times import has_begun
from app.cohorts.timetable import is_at_its_end
from app.facilitators.services import rest_after
from app.messages.services import enqueue
from app.recruitment import steps
from app.recruitment.stages import may_go
from app.rollup_due.queue import mark_due
from app.shell.refusals import Refused
from app.states.groups import GroupState, PlaceState, SessionState
from app.states.parents import BySide, ParentStage
from infra.clock import now, today

ENDED = define("cohorts:cohort:ended_early", keys=("sessions_cancelled",))
DELETED = define("cohorts:cohort:deleted")


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A group that has not ended: how many are in it, and its last date to come."""

    id: UUID
    name: str
    state: str
    taken: int
    last_on: date | None


def list_under_way(session: Session, school_id: UUID) -> list[UnderWay]:
    """The groups that must be finished, moved or ended before a school leaves."""
    found = []
    for line in queries.list_running(session, school_id):
        cohort = queries.get_cohort(session, school_id, line.id)
        to_come = [
            one.on_date
            for one in queries.list_sessions(session, school_id, line.id)
            if one.state == SessionState.PLANNED and one.on_date >= today()
        ]
        found.append(UnderWay(line.id, line.name, cohort.state, line.taken, max(to_come, default=None)))
    return found


def end(session: Session, school_id: UUID, cohort_id: UUID, *, reason: str, goes_on_at: str = "") -> bool:
    """End a group before its last date: sessions to come are cancelled, its parents go back to the waiting list, those
    who led it rest, and all are told. False when that was done. Refused for a group that is over or at its last date.

    A session that has begun took place: it stays, to be closed by those who led it.
    `goes_on_at`: where its parents may go on, in words for them.
    """
    cohort = lock_cohort(session, school_id, cohort_id)
    if cohort.state == GroupState.CANCELLED:
        return False
    if cohort.state == GroupState.CLOSED:
        raise Refused(_("This group is over, so it stays as it was."))
    meetings = queries.list_sessions(session, school_id, cohort_id)
    if cohort.state == GroupState.RUNNING and is_at_its_end(meetings):
        raise Refused(at_its_end_words())
    cohort.state, cohort.closed_at = "cancelled", now()
    cohort.end_reason, cohort.goes_on_at = reason, goes_on_at
    cancelled = 0
    for meeting in meetings:
        if meeting.state == SessionState.PLANNED and not has_begun(meeting):
            meeting.state, meeting.change_reason = "cancelled", reason
            cancelled += 1
    for enrolment in list_places(session, school_id, cohort_id):
        # Not "left": they did not. What they were part of stays theirs to read.
        enrolment.status = PlaceState.FINISHED
        parent = steps.lock_parent(session, school_id, enrolment.parent_id)
        if may_go(parent.stage, "waiting"):
            steps.move(
                session,
                parent,
                ParentStage.WAITING,
                by_side=BySide.SCHOOL,
                reason=_("Their group ended early."),
            )
        _tell(session, school_id, cohort, "parent", enrolment.parent_id)
    session.flush()
    offers.end_all(session, school_id, cohort_id)
    forget_link(session, school_id, cohort_id)
    for facilitator_id in queries.list_facilitator_ids(session, school_id, cohort_id):
        rest_after(session, school_id, facilitator_id)
        _tell(session, school_id, cohort, "facilitator", facilitator_id)
    record(session, ENDED, subject_id=cohort_id, sessions_cancelled=cancelled)
    mark_due(session, school_id, cohort_id)
    return True


def at_its_end_words() -> str:
    """What to do with such a group instead."""
    return _(
        "All its sessions are over, so this group does not end early."
        " When each is closed, say that the group is over."
    )


def _tell(session: Session, school_id: UUID, cohort: Cohort, who: str, recipient_id: UUID) -> None:
    enqueue(
        session,
        kind=f"group_ended_{who}",
        school_id=school_id,
        recipient_kind=who,
        recipient_id=recipient_id,
        subject_id=cohort.id,
        dedupe_key=f"{cohort.id}:{recipient_id}",
    )


def delete_group(session: Session, school_id: UUID, cohort_id: UUID) -> None:
    """Delete a group made by mistake. Refused once anybody was in it, led it or it has started: then end it."""
    cohort = lock_cohort(session, school_id, cohort_id)
    has_history = _("This group has a history, so it stays. You can end it early instead.")
    if cohort.state != GroupState.FORMING:
        raise Refused(has_history)
    try:
        with session.begin_nested():
            session.execute(
                delete(CohortSession).where(
                    CohortSession.school_id == school_id, CohortSession.cohort_id == cohort_id
                )
            )
            gone = session.scalars(
                delete(Cohort)
                .where(Cohort.school_id == school_id, Cohort.id == cohort_id)
                .returning(Cohort.id)
            )
            if not gone.all():
                raise Refused(has_history)  # the database keeps it
    except IntegrityError:
        # What hangs on it is its history; the database knows all of it.
        raise Refused(has_history) from None
    record(session, DELETED, subject_id=cohort_id)
