"""Book an outside presenter, and take a booking back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.cohorts.leader_queries import get_led_cohort
from app.cohorts.membership import lock_cohort
from app.cohorts.models import Cohort, CohortSession
from app.cohorts.queries import get_session, list_sessions
from app.messages.links import presenter_token, token_hash
from app.messages.services import enqueue
from app.presenters import queries
from app.presenters.models import Presenter
from app.presenters.queries import after, starts
from app.schools import stage_rights
from app.shell.dates import clock
from app.shell.kept import kept
from app.shell.refusals import Refused
from app.states.groups import UNDER_WAY, GroupState, SessionState
from app.states.messages import RecipientKind
from app.states.presenters import COUNT_ON_IT, PresenterState
from app.states.schools import SchoolStage
from infra.clock import now
from infra.ids import new_id

#: An evening is the parents' own: more who talk to them would leave no time.
MOST = 2
BOOKED = define("presenters:presenter:booked")
TAKEN_BACK = define("presenters:presenter:taken_back")


@dataclass(frozen=True, slots=True)
class Writer:
    """Who books: `facilitator_id` of somebody who leads, None for the school's staff."""

    school_id: UUID
    name: str
    facilitator_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """What the form says."""

    session_id: UUID
    name: str
    organisation: str
    email: str
    phone: str
    topic: str
    needs: str
    door: str
    after_minutes: int
    for_minutes: int


def list_open(session: Session, school_id: UUID, cohort: Cohort) -> list[CohortSession]:
    """Sessions for which somebody can be booked: of a group under way, planned, not begun."""
    if cohort.state not in UNDER_WAY:
        return []
    return [
        one
        for one in list_sessions(session, school_id, cohort.id)
        if one.state == SessionState.PLANNED and starts(one.on_date, one.starts_at) > now()
    ]


def why_not(session: Session, cohort: Cohort) -> str:
    """Why nobody can be booked for this group now; empty where somebody can."""
    stage = stage_rights.stage_of(session, cohort.school_id)
    waits = stage == SchoolStage.PAUSED and cohort.state != GroupState.RUNNING
    if waits or not stage_rights.may_now(session, cohort.school_id, "write_to_parents"):
        return stage_rights.why_not(stage)
    if not list_open(session, cohort.school_id, cohort):
        return _("This group has no session to come, so nobody can be booked.")
    return ""


def book(
    session: Session, writer: Writer, cohort_id: UUID, booking: Booking, *, secret_key: str
) -> Presenter:
    """Book somebody and ask them by email. Refused for a session that is over, full, or out of its hours."""
    cohort = _hold_group(session, writer, cohort_id)
    if words := why_not(session, cohort):
        raise Refused(words)
    meetings = {one.id: one for one in list_open(session, writer.school_id, cohort)}
    meeting = meetings.get(booking.session_id)
    if meeting is None:
        raise Refused(_("This session is not to come any more. Choose another one."), "session")
    ends = after(meeting.starts_at, booking.after_minutes + booking.for_minutes)
    if booking.after_minutes < 0:
        raise Refused(_("The session begins later than that. Enter a time within it."), "begins")
    if ends > meeting.ends_at:
        raise Refused(_("The session ends before that. Enter a time within it."), "ends")
    there = session.scalars(
        select(Presenter).where(
            Presenter.school_id == writer.school_id,
            Presenter.session_id == meeting.id,
            Presenter.state.in_(COUNT_ON_IT),
        )
    ).all()
    if any(one.email == booking.email for one in there):
        raise Refused(_("This person is booked for that session already."), "email")
    if len(there) >= MOST:
        raise Refused(
            ngettext(
                "For that session %(num)s presenter is booked already. The rest of the time is the group’s own.",
                "For that session %(num)s presenters are booked already. The rest of the time is the group’s own.",
                len(there),
            ),
            "session",
        )
    presenter_id = new_id()
    _refuse_overlap(there, meeting, booking)
    made = Presenter(
        school_id=writer.school_id,
        id=presenter_id,
        cohort_id=cohort_id,
        session_id=meeting.id,
        name=booking.name,
        organisation=booking.organisation,
        email=booking.email,
        phone=booking.phone,
        topic=booking.topic,
        needs=booking.needs,
        door=booking.door,
        after_minutes=booking.after_minutes,
        for_minutes=booking.for_minutes,
        on_date=meeting.on_date,
        starts_at=meeting.starts_at,
        room=meeting.room,
        booked_by_name=writer.name,
        link_hash=token_hash(presenter_token(secret_key, presenter_id)),
    )
    session.add(made)
    session.flush()
    tell(session, "presenter_asked", made, "")
    record(session, BOOKED, subject_id=cohort_id)
    return made


def _refuse_overlap(there: Sequence[Presenter], meeting: CohortSession, booking: Booking) -> None:
    until = booking.after_minutes + booking.for_minutes
    for one in there:
        if booking.after_minutes < one.after_minutes + one.for_minutes and one.after_minutes < until:
            raise Refused(
                _(
                    "%(name)s talks from %(from)s to %(until)s. Choose a time before or after that.",
                    name=kept(one.name),
                    until=clock(after(meeting.starts_at, one.after_minutes + one.for_minutes)),
                    **{"from": clock(after(meeting.starts_at, one.after_minutes))},
                ),
                "begins",
            )


def take_back(session: Session, writer: Writer, presenter_id: UUID) -> bool:
    """Take a booking back and tell whoever counts on it; False when it was before. Raises NotFound, NotLed."""
    one = queries.get_one(session, writer.school_id, presenter_id)
    _hold_group(session, writer, one.cohort_id)
    one = queries.get_one(session, writer.school_id, presenter_id, lock=True)
    if one.state == PresenterState.TAKEN_BACK:
        return False
    meeting = get_session(session, one.school_id, one.session_id)
    if starts(meeting.on_date, meeting.starts_at) <= now():
        raise Refused(_("This session has begun or is over, so the booking stays."))
    counted_on_it = one.state in COUNT_ON_IT
    one.state = PresenterState.TAKEN_BACK
    session.flush()
    if counted_on_it:
        tell(session, "presenter_taken_back", one, "")
    record(session, TAKEN_BACK, subject_id=one.cohort_id)
    return True


def tell(session: Session, kind: str, one: Presenter, about: str) -> int:
    """Write one message to a presenter; how many are new. `about`: what it tells of, once each."""
    return len(
        enqueue(
            session,
            kind=kind,
            school_id=one.school_id,
            recipient_kind=RecipientKind.PRESENTER,
            recipient_id=one.id,
            subject_id=one.id,
            dedupe_key=f"{one.id}:{about}",
        )
    )


def _hold_group(session: Session, writer: Writer, cohort_id: UUID) -> Cohort:
    if writer.facilitator_id is None:
        return lock_cohort(session, writer.school_id, cohort_id)
    return get_led_cohort(session, writer.school_id, writer.facilitator_id, cohort_id, lock=True)
