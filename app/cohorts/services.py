"""What staff do with a group: form it, start it, move its dates. Every step an event."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.cohorts import naming, planning, queries, reasons
from app.cohorts.calendar import Proposal
from app.cohorts.formats import room_in, where_words
from app.cohorts.locks import hold
from app.cohorts.membership import list_places, lock_cohort, refuse_over
from app.cohorts.messages.days import moment_word, told_days
from app.cohorts.models import Cohort, CohortSession
from app.cohorts.planning import SchoolCalendar
from app.cohorts.rooms import list_busy_days
from app.cohorts.times import has_begun
from app.cohorts.timetable import is_to_come
from app.cohorts.topics import CHOSEN_NUMBERS, DEFAULTS
from app.messages.services import enqueue
from app.programme.numbers import SESSION_MINUTES
from app.rollup_due.queue import mark_due
from app.schools import queries as schools
from app.schools import stage_rights
from app.shell.dates import clock, day
from app.shell.errors import NotFound
from app.shell.refusals import Refused
from app.states.groups import GroupFormat, GroupState, SessionState
from infra.clock import now, today
from infra.database import broken_constraint

FORMED = define("cohorts:cohort:formed", keys=("places",))
STARTED = define("cohorts:cohort:started")
SESSION_MOVED = define("cohorts:session:moved", keys=("number", "from_day", "to_day"))
SESSION_CANCELLED = define("cohorts:session:cancelled", keys=("number",))
#: Sessions that would move, each with its new day.
Plan = list[tuple[CohortSession, date]]


@dataclass(frozen=True, slots=True)
class NewGroup:
    """What staff typed about a group that they form. `key` becomes its id."""

    key: UUID
    name: str
    starts_at: time
    room: str
    places: int
    minutes: int = SESSION_MINUTES
    format: str = GroupFormat.ROOM

    @property
    def where(self) -> str:
        return where_words(self.format, self.room)


def form_cohort(session: Session, school_id: UUID, group: NewGroup, proposal: Proposal) -> UUID:
    """Write the group and its eight sessions; its id. The same saved twice with one key is there once. Raises Refused,
    also where the first of the two was another group than this."""
    stage_rights.check(session, school_id, "form_groups")
    naming.refuse_taken(session, school_id, group.name, but=group.key)
    try:
        with session.begin_nested():
            session.add(
                Cohort(
                    school_id=school_id,
                    id=group.key,
                    name=group.name,
                    places=group.places,
                    first_on=proposal.sessions[0].on,
                    starts_at=group.starts_at,
                    minutes=group.minutes,
                    room=group.where,
                    format=group.format,
                )
            )
            session.flush()
            for meeting in proposal.sessions:
                session.add(
                    CohortSession(
                        school_id=school_id,
                        cohort_id=group.key,
                        number=meeting.number,
                        on_date=meeting.on,
                        starts_at=meeting.starts_at,
                        ends_at=meeting.ends_at,
                        room=group.where,
                        format=group.format,
                        # The group votes about the others.
                        topic="" if meeting.number in CHOSEN_NUMBERS else DEFAULTS[meeting.number - 1],
                    )
                )
            session.flush()
            record(session, FORMED, subject_id=group.key, places=group.places)
            mark_due(session, school_id)
    except IntegrityError as error:
        if broken_constraint(error) != "cohort_pkey":
            raise
        _refuse_another(queries.get_cohort(session, school_id, group.key), group, proposal)
    return group.key


def _refuse_another(saved: Cohort, group: NewGroup, proposal: Proposal) -> None:
    """Of two presses on one form the second says what the first did not: it must not read that this was saved."""
    typed = (group.name, proposal.sessions[0].on, group.starts_at, group.where, group.places)
    if typed == (saved.name, saved.first_on, saved.starts_at, saved.room, saved.places):
        return
    raise Refused(
        _(
            "This page has made a group already: %(name)s, from %(day)s at %(time)s, %(room)s, places: %(places)s. What"
            " you typed since is in the boxes below and not saved. To change that group, open it under Groups.",
            name=saved.name,
            day=day(saved.first_on),
            time=clock(saved.starts_at),
            room=saved.room,
            places=saved.places,
        )
    )


def start(session: Session, school_id: UUID, cohort_id: UUID, *, reason: str = "", by_name: str = "") -> bool:
    """The group begins to meet; False when it does already. Refused with all that is missing, and without a reason
    where fewer than the usual have a place."""
    stage_rights.check(session, school_id, "form_groups")
    cohort = lock_cohort(session, school_id, cohort_id)
    if cohort.state == GroupState.RUNNING:
        return False
    refuse_over(cohort)
    taken = queries.count_taken(session, school_id, cohort_id)
    missing = planning.missing_for_start(
        facilitators=len(queries.list_facilitator_ids(session, school_id, cohort_id)),
        parents=taken,
        sessions=len(queries.list_sessions(session, school_id, cohort_id)),
    )
    if missing:
        raise Refused(_("This group cannot start yet. It needs: %(what)s", what=" ".join(missing)))
    reasons.say_why_smaller(session, cohort, taken, reason, by_name=by_name)
    cohort.state = GroupState.RUNNING
    session.flush()
    record(session, STARTED, subject_id=cohort_id)
    mark_due(session, school_id, cohort_id)
    return True


def move_session(
    session: Session,
    school_id: UUID,
    session_id: UUID,
    calendar: SchoolCalendar,
    *,
    to: date,
    starts_at: time,
    with_later: bool,
    reason: str = "",
) -> int:
    """Give a planned or cancelled session another day, and later ones with it; how many moved.

    Those in the group and those who lead it are told once: of the one day, or of every day as it is from now on.
    The same day again changes nothing. Raises NotFound, Refused.
    """
    cohort, meeting = lock_session(session, school_id, session_id)
    meetings = queries.list_sessions(session, school_id, cohort.id)
    if meeting.on_date == to and meeting.starts_at == starts_at and meeting.state == SessionState.PLANNED:
        return 0
    ends_at = planning.ends_to_come(to, starts_at, cohort.minutes)
    calendar = with_room(session, calendar, cohort, starts_at)
    moves = planning.plan_move(calendar, meeting, meetings, to, with_later=with_later, today=today())
    by_id = {one.id: one for one in meetings}
    told = told_days(session, school_id, [move.session_id for move in moves])
    for move in moves:
        one = by_id[move.session_id]
        record(
            session,
            SESSION_MOVED,
            subject_id=one.id,
            number=one.number,
            from_day=one.on_date.isoformat(),
            to_day=move.to.isoformat(),
        )
        if one.moved_from is None or one.id in told:
            one.moved_from, one.moved_from_starts_at = one.on_date, one.starts_at
        one.on_date, one.state, one.change_reason = move.to, "planned", reason
        one.starts_at, one.ends_at = starts_at, ends_at
        if one.number == 1:
            cohort.first_on = move.to
    session.flush()
    if len(moves) == 1:
        tell_all(session, cohort, meeting, "session_moved", "led_session_moved")
    else:
        tell_all(session, cohort, meeting, "dates_moved", "led_dates_moved", about=cohort.id)
    return len(moves)


def preview_move(
    session: Session,
    school_id: UUID,
    session_id: UUID,
    calendar: SchoolCalendar,
    *,
    to: date,
    starts_at: time,
    with_later: bool,
) -> Plan:
    """Each session that would move, with its new day; none where nothing would. Raises NotFound, Refused."""
    cohort, meeting = lock_session(session, school_id, session_id)
    meetings = queries.list_sessions(session, school_id, cohort.id)
    if meeting.on_date == to and meeting.starts_at == starts_at and meeting.state == SessionState.PLANNED:
        return []
    planning.ends_to_come(to, starts_at, cohort.minutes)
    calendar = with_room(session, calendar, cohort, starts_at)
    by_id = {one.id: one for one in meetings}
    moves = planning.plan_move(calendar, meeting, meetings, to, with_later=with_later, today=today())
    return [(by_id[move.session_id], move.to) for move in moves]


def with_room(session: Session, calendar: SchoolCalendar, cohort: Cohort, starts_at: time) -> SchoolCalendar:
    """The calendar with the days on which another group has this group's room at that time."""
    ends_at = planning.ends_at(starts_at, cohort.minutes)
    busy = list_busy_days(session, cohort.school_id, cohort.id, room_in(cohort.room), starts_at, ends_at)
    return replace(calendar, busy=busy)


def list_conflicts(session: Session, calendar: SchoolCalendar, cohort: Cohort) -> list[planning.Conflict]:
    """Sessions of a group to come whose day is not free any more; the room is asked for at each session's own hour."""
    found = []
    for one in queries.list_sessions(session, cohort.school_id, cohort.id):
        if is_to_come(one):
            free = with_room(session, calendar, cohort, one.starts_at)
            found += planning.find_conflicts(free, [one], today=today())
    return found


def standing_word(meeting: CohortSession) -> str:
    """When a session is, and whether it is at all, as a page carries it that somebody agrees to."""
    return f"{meeting.number}/{moment_word(meeting.on_date, meeting.starts_at)}/{meeting.state}"


def changed_words(meeting: CohortSession) -> str:
    """What to tell somebody who agreed to a page on which this session stood otherwise."""
    if meeting.state == SessionState.CANCELLED:
        return _(
            "Somebody else called off session %(n)s while this page was open. Look again, then press.",
            n=meeting.number,
        )
    return _(
        "Somebody else moved session %(n)s while this page was open: it is on %(day)s at %(time)s now."
        " Look again, then press.",
        n=meeting.number,
        day=day(meeting.on_date),
        time=clock(meeting.starts_at),
    )


def cancel_session(
    session: Session, school_id: UUID, session_id: UUID, reason: str, *, seen: str | None = None
) -> bool:
    """A session will not be, or was not; before its start all in the group and who leads are told.

    `seen`: how it stood on the page that was agreed to. False when it is cancelled already. Refused where it was moved
    meanwhile, and once its register shows that it was.
    """
    cohort, meeting = lock_session(session, school_id, session_id)
    if meeting.state == SessionState.CANCELLED:
        return False
    if seen and seen != standing_word(meeting):
        raise Refused(changed_words(meeting))
    meeting.state, meeting.change_reason = "cancelled", reason
    session.flush()
    record(session, SESSION_CANCELLED, subject_id=meeting.id, number=meeting.number)
    if not has_begun(meeting):
        after = "_for_now" if _next_cannot_be(session, cohort, meeting) else ""
        tell_all(session, cohort, meeting, f"session_cancelled{after}", f"led_session_cancelled{after}")
    return True


def _next_cannot_be(session: Session, cohort: Cohort, meeting: CohortSession) -> bool:
    """Whether the session after this one is on a day that is not free any more: then nobody is told that day."""
    school = schools.get_school(session, cohort.school_id)
    calendar = planning.read_calendar(session, school.authority_id, cohort.school_id)
    days = [
        one.on_date for one in queries.list_sessions(session, cohort.school_id, cohort.id) if is_to_come(one)
    ]
    following = min((on for on in days if on > meeting.on_date), default=None)
    return any(one.on_date == following for one in list_conflicts(session, calendar, cohort))


def lock_session(session: Session, school_id: UUID, session_id: UUID) -> tuple[Cohort, CohortSession]:
    """A session that may still change, with its group held. Raises NotFound, Refused when it is over."""
    stage_rights.check(session, school_id, "run_groups")
    cohort = lock_cohort(session, school_id, queries.get_session(session, school_id, session_id).cohort_id)
    meeting = session.scalar(
        hold(
            select(CohortSession).where(CohortSession.school_id == school_id, CohortSession.id == session_id)
        )
    )
    if meeting is None:
        raise NotFound
    refuse_over(cohort)
    if meeting.state == SessionState.CLOSED:
        raise Refused(_("Session %(n)s has been held, so its day stays.", n=meeting.number))
    if (
        meeting.state == SessionState.PLANNED
        and has_begun(meeting)
        and queries.is_register_begun(session, meeting.id)
    ):
        raise Refused(
            _("Those who lead have marked who came to session %(n)s, so its day stays.", n=meeting.number)
        )
    return cohort, meeting


def tell_all(
    session: Session,
    cohort: Cohort,
    meeting: CohortSession,
    to_parents: str,
    to_facilitators: str,
    *,
    about: UUID | None = None,
) -> None:
    """One message to everybody in the group and to everybody who leads it, about the session unless said."""
    readers = [
        ("parent", to_parents, row.parent_id) for row in list_places(session, cohort.school_id, cohort.id)
    ]
    readers += [
        ("facilitator", to_facilitators, key)
        for key in queries.list_facilitator_ids(session, cohort.school_id, cohort.id)
    ]
    moment = now().isoformat()
    for recipient_kind, kind, recipient_id in readers:
        enqueue(
            session,
            kind=kind,
            school_id=cohort.school_id,
            recipient_kind=recipient_kind,
            recipient_id=recipient_id,
            subject_id=about or meeting.id,
            # Under the group's lock only a real change comes this far, so each is told once.
            dedupe_key=f"{meeting.id}:{recipient_id}:{moment}",
        )
