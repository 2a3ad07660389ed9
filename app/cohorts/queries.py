"""What is known about a school's groups, for its staff. Scope first; another school's group is not found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, or_, select, text, tuple_
from sqlalchemy.orm import Session

from app.cohorts.locks import HELD
from app.cohorts.models import Cohort, CohortFacilitator, CohortSession, Enrolment
from app.cohorts.times import wall_clock
from app.facilitators import queries as facilitators
from app.facilitators.models import Facilitator
from app.facilitators.queries import among, list_may_lead
from app.facilitators.readiness import list_missing
from app.recruitment.published import CONTACTS, choice
from app.recruitment.words import reach_notes
from app.shell.errors import NotFound
from app.shell.searching import narrow
from app.states.groups import BELONGS, OVER, UNDER_WAY, SessionState
from tenants.pages import Part, looked, only
from tenants.reading import read_once
from tenants.ready import Ready
from tenants.together import together


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group in a list: how full it is and when it meets next."""

    id: UUID
    name: str
    state: str
    places: int
    taken: int
    first_on: date | None
    room: str
    next_number: int | None
    next_on: date | None
    #: The hour of that session, which may be another than the group's own.
    next_starts_at: time | None
    next_session_id: UUID | None
    has_met: bool


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a place, as staff may know them. `shares`: whether they let the school see when they come."""

    parent_id: UUID
    name: str
    phone: str
    email: str
    language: str
    interpreter: bool
    access_needs: str
    texts_stopped: bool
    emails_stopped: bool
    joined_at: datetime
    shares: bool

    @property
    def reach_notes(self) -> list[str]:
        return reach_notes(
            phone=self.phone,
            email=self.email,
            texts_stopped=self.texts_stopped,
            emails_stopped=self.emails_stopped,
            interpreter=self.interpreter,
        )


_REGISTER_BEGUN = text("select app.register_begun(:session_id)")
_TAKEN = (
    select(func.count())
    .where(
        Enrolment.school_id == Cohort.school_id,
        Enrolment.cohort_id == Cohort.id,
        Enrolment.status.in_(BELONGS),
    )
    .correlate(Cohort)
    .scalar_subquery()
)
_NEXT = (
    select(CohortSession.id, CohortSession.number, CohortSession.on_date, CohortSession.starts_at)
    .where(
        CohortSession.school_id == Cohort.school_id,
        CohortSession.cohort_id == Cohort.id,
        tuple_(CohortSession.on_date, CohortSession.ends_at) > tuple_(bindparam("today"), bindparam("time")),
        CohortSession.state == SessionState.PLANNED,
    )
    .order_by(CohortSession.on_date, CohortSession.number)
    .limit(1)
    .correlate(Cohort)
    .lateral("next_session")
)
HAS_MET = (
    select(CohortSession.id)
    .where(
        CohortSession.school_id == Cohort.school_id,
        CohortSession.cohort_id == Cohort.id,
        or_(
            CohortSession.state == SessionState.CLOSED,
            (CohortSession.state == SessionState.PLANNED)
            & (
                tuple_(CohortSession.on_date, CohortSession.starts_at)
                <= tuple_(bindparam("today"), bindparam("time"))
            ),
        ),
    )
    .correlate(Cohort)
    .exists()
)
_LINES = (
    select(
        Cohort.id,
        Cohort.name,
        Cohort.state,
        Cohort.places,
        _TAKEN.label("taken"),
        Cohort.first_on,
        Cohort.room,
        _NEXT.c.number.label("next_number"),
        _NEXT.c.on_date.label("next_on"),
        _NEXT.c.starts_at.label("next_starts_at"),
        _NEXT.c.id.label("next_session_id"),
        HAS_MET.label("has_met"),
    )
    .select_from(Cohort)
    .outerjoin(_NEXT, Cohort.id.is_not(None))
    .where(Cohort.school_id == bindparam("school_id"), Cohort.state.in_(bindparam("states", expanding=True)))
    .order_by(Cohort.first_on.desc().nulls_first(), Cohort.name, Cohort.id)
)

_SHARES = choice("share_attendance")
MEMBERS_OF = (
    select(
        Enrolment.parent_id,
        CONTACTS.c.name,
        CONTACTS.c.phone,
        CONTACTS.c.email,
        CONTACTS.c.language,
        CONTACTS.c.interpreter,
        CONTACTS.c.access_needs,
        CONTACTS.c.texts_stopped,
        CONTACTS.c.emails_stopped,
        Enrolment.joined_at,
        func.coalesce(_SHARES.c.given, False),
    )
    .join(
        CONTACTS,
        (CONTACTS.c.school_id == Enrolment.school_id) & (CONTACTS.c.parent_id == Enrolment.parent_id),
    )
    .join(
        _SHARES,
        (_SHARES.c.school_id == Enrolment.school_id) & (_SHARES.c.parent_id == Enrolment.parent_id),
        isouter=True,
    )
)
_MEMBERS = Ready(
    MEMBERS_OF.where(
        Enrolment.school_id == bindparam("school_id"),
        Enrolment.cohort_id == bindparam("cohort_id"),
        Enrolment.status.in_(BELONGS),
    ).order_by(CONTACTS.c.first_name, CONTACTS.c.last_name, Enrolment.parent_id)
)
_SESSIONS = (
    select(CohortSession)
    .where(
        CohortSession.school_id == bindparam("school_id"), CohortSession.cohort_id == bindparam("cohort_id")
    )
    .order_by(CohortSession.on_date, CohortSession.number)
)

_LED_BY = select(CohortFacilitator.cohort_id).where(
    CohortFacilitator.school_id == bindparam("school_id"),
    CohortFacilitator.facilitator_id == bindparam("facilitator_id"),
)


def list_groups(
    session: Session, school_id: UUID, states: Sequence[str], *, text: str = ""
) -> list[GroupLine]:
    """Groups of the school in these states, those without dates first, then the newest; of `text` those that fit."""
    day, time_of_day = wall_clock()
    values = {"school_id": school_id, "states": list(states), "today": day, "time": time_of_day}
    return [_line(row) for row in session.execute(narrow(_LINES, "groups", Cohort.id, text), values)]


def where_next(session: Session, school_id: UUID, groups: Sequence[GroupLine]) -> list[GroupLine]:
    """The same groups, each with the room in which it meets next, where that one has a place of its own."""
    ids = [one.next_session_id for one in groups if one.next_session_id]
    rows = session.execute(
        select(CohortSession.id, CohortSession.room).where(
            CohortSession.school_id == school_id, CohortSession.id.in_(ids), CohortSession.room != ""
        )
    )
    rooms = {row.id: row.room for row in rows}
    return [replace(one, room=rooms.get(one.next_session_id, one.room)) for one in groups]


@read_once
def list_running(session: Session, school_id: UUID) -> list[GroupLine]:
    """Groups that are forming or meeting."""
    return list_groups(session, school_id, UNDER_WAY)


RUNNING = Part(
    list_running,
    _LINES,
    takes=("school_id",),
    fixed={"states": [*UNDER_WAY]},
    answer=lambda rows: [GroupLine(*row) for row in rows],
)


_COHORT = select(Cohort).where(
    Cohort.school_id == bindparam("school_id"), Cohort.id == bindparam("cohort_id")
)


@read_once
def get_cohort(session: Session, school_id: UUID, cohort_id: UUID, *, hold: bool = False) -> Cohort:
    """One group, as it is now and kept so when it is to be held. Raises NotFound."""
    found = session.get(Cohort, (school_id, cohort_id), populate_existing=hold, with_for_update=hold and HELD)
    if found is None:
        raise NotFound
    return found


COHORT = Part(get_cohort, _COHORT, takes=("school_id", "cohort_id"), answer=only(looked(Cohort)))


@read_once
def list_sessions(session: Session, school_id: UUID, cohort_id: UUID) -> list[CohortSession]:
    """Its sessions in the order of their days: one that was called off may have got a day after later ones."""
    return list(session.scalars(_SESSIONS, {"school_id": school_id, "cohort_id": cohort_id}))


SESSIONS = Part(list_sessions, _SESSIONS, takes=("school_id", "cohort_id"), answer=looked(CohortSession))


def get_session(session: Session, school_id: UUID, session_id: UUID) -> CohortSession:
    """One session. Raises NotFound."""
    found = session.get(CohortSession, (school_id, session_id))
    if found is None:
        raise NotFound
    return found


def is_register_begun(session: Session, session_id: UUID) -> bool:
    """Whether somebody was marked after the session had begun; never who."""
    return bool(session.scalar(_REGISTER_BEGUN, {"session_id": session_id}))


def list_names(session: Session, school_id: UUID) -> dict[UUID, str]:
    """What a school's groups are called, whatever became of them."""
    rows = session.execute(select(Cohort.id, Cohort.name).where(Cohort.school_id == school_id))
    return {row.id: row.name for row in rows}


@read_once
def list_facilitator_ids(session: Session, school_id: UUID, cohort_id: UUID) -> list[UUID]:
    """Who leads it."""
    return list(
        session.scalars(
            select(CohortFacilitator.facilitator_id)
            .where(CohortFacilitator.school_id == school_id, CohortFacilitator.cohort_id == cohort_id)
            .order_by(CohortFacilitator.assigned_at, CohortFacilitator.facilitator_id)
        )
    )


def count_taken(session: Session, school_id: UUID, cohort_id: UUID) -> int:
    """Places that are taken."""
    return (
        session.scalar(
            select(func.count()).where(
                Enrolment.school_id == school_id,
                Enrolment.cohort_id == cohort_id,
                Enrolment.status.in_(BELONGS),
            )
        )
        or 0
    )


_LEADERS = among(
    select(CohortFacilitator.facilitator_id.label("id"), CohortFacilitator.assigned_at.label("at")).where(
        CohortFacilitator.school_id == bindparam("school_id"),
        CohortFacilitator.cohort_id == bindparam("cohort_id"),
    )
)


@read_once
def list_leaders(session: Session, school_id: UUID, cohort_id: UUID) -> list[Facilitator]:
    """The facilitators of a group, in the order in which they were chosen."""
    return list(session.scalars(_LEADERS, {"school_id": school_id, "cohort_id": cohort_id}))


LEADERS = Part(list_leaders, _LEADERS, takes=("school_id", "cohort_id"), answer=facilitators.shown)


def list_leading(session: Session, school_id: UUID) -> set[UUID]:
    """Who leads a group that is not over."""
    return set(
        session.scalars(
            select(CohortFacilitator.facilitator_id)
            .join(
                Cohort,
                (Cohort.school_id == CohortFacilitator.school_id)
                & (Cohort.id == CohortFacilitator.cohort_id),
            )
            .where(CohortFacilitator.school_id == school_id, Cohort.state.in_(UNDER_WAY))
        )
    )


def list_can_lead(session: Session, school_id: UUID, cohort_id: UUID) -> list[Facilitator]:
    """Facilitators who lack nothing, and are not in this group already; those who lead none first."""
    with together(session) as ask:
        here = ask(list_facilitator_ids, school_id, cohort_id)
        lacking = ask(list_missing, school_id)
    return list_may_lead(session, school_id, but={*here.value, *lacking.value})


@read_once
def list_members(session: Session, school_id: UUID, cohort_id: UUID) -> list[Member]:
    """Everybody with a place, by name."""
    return _as_members(_MEMBERS.all(session, {"school_id": school_id, "cohort_id": cohort_id}))


def _as_members(rows: Sequence[Any]) -> list[Member]:
    return [Member(*row) for row in rows]


MEMBERS = Part(list_members, _MEMBERS, takes=("school_id", "cohort_id"), answer=_as_members)


# ---- for the people who lead and join; the database shows each only their own groups


def list_led(session: Session, school_id: UUID, facilitator_id: UUID) -> list[GroupLine]:
    """Groups that this facilitator leads or led, soonest first, those that are over last."""
    with together(session) as ask:
        groups = ask(list_groups, school_id, (*UNDER_WAY, *OVER))
        chosen = ask.rows(_LED_BY, {"school_id": school_id, "facilitator_id": facilitator_id})
    led = {row.cohort_id for row in chosen.value}
    lines = [line for line in groups.value if line.id in led]
    return sorted(lines, key=lambda line: (line.state in OVER, line.next_on or date.max, str(line.id)))


def _line(row: Row[*tuple[Any, ...]]) -> GroupLine:
    return GroupLine(*row)
