"""A parent's first evening: who meets them, what they would like, and whether somebody asked them afterwards.

What a parent would like is read by those who lead alone, while the parent has a place. That they were asked is one of
three words: there is no room for what they said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.calendar.school_year import ShutDays
from app.cohorts import timetable
from app.cohorts.leader_queries import get_led_cohort
from app.cohorts.membership import lock_cohort, refuse_over
from app.cohorts.models import Cohort, CohortSession
from app.cohorts.queries import list_facilitator_ids, list_sessions
from app.meetings.attendance import list_of_group, was_here
from app.meetings.models import FirstVisitCall, FirstVisitWish, GroupWelcome
from app.meetings.queries import Member, list_members
from app.shell.refusals import Refused
from app.states.groups import UNDER_WAY, FirstCall, GroupState, SessionState
from app.states.schools import SchoolStage
from infra.clock import now, today
from tenants.pages import Part
from tenants.reading import read_once
from tenants.ready import Ready
from tenants.together import together

WELCOMER_NAMED = define("meetings:first_visit:welcomer_named")
WISHED = define("meetings:first_visit:wished")
CALLED = define("meetings:first_visit:called", keys=("outcome",))

#: Within so many days somebody asks how it was; for so long it stays on the home.
ASK_WITHIN = timedelta(days=2)
ASK_FOR = timedelta(days=14)

#: What a parent may choose, as they read it and as those who lead do.
WISHES = {
    "door": (_l("A quiet seat by the door"), _l("a quiet seat by the door")),
    "listen": (_l("Just to listen the first time"), _l("just to listen")),
    "early": (_l("To come ten minutes early, before the others"), _l("comes ten minutes early")),
    "met": (_l("Somebody to meet me at the school’s entrance"), _l("to be met at the entrance")),
}

_WISH = text("select app.wish_for_first_visit(cast(:wishes as text[]))")
_WISHED = Ready(
    select(FirstVisitWish.parent_id, FirstVisitWish.wishes).where(
        FirstVisitWish.school_id == bindparam("school_id"), FirstVisitWish.cohort_id == bindparam("cohort_id")
    )
)
_WELCOMER = text("select app.my_welcomer(:cohort_id)")
_DAYS = text("select app.first_visit_days()")
_CAME_ONCE = text("select cardinality(app.attended_session_ids()) > 0")


@dataclass(frozen=True, slots=True)
class FirstVisit:
    """One parent's first evening in a group: when it was, and what came of asking; `outcome` is empty until somebody
    noted it."""

    member: Member
    on_date: date
    outcome: str

    @property
    def ask_by(self) -> date:
        return self.on_date + ASK_WITHIN

    @property
    def waits(self) -> bool:
        """Whether somebody is to ask them: they were not reached so far, or nobody noted anything."""
        is_recent = today() < self.on_date + ASK_FOR
        return is_recent and self.outcome in ("", FirstCall.NOT_REACHED)


@dataclass(frozen=True, slots=True)
class FirstEvening:
    """What a newcomer may count on. `on`: the evening to come; else perhaps why there is none: the school is shut on
    its day, or a paused school holds back a group that has not begun."""

    on: CohortSession | None = None
    shut_on: date | None = None
    waits: bool = False


# ---- who welcomes


def find_welcomer_id(session: Session, school_id: UUID, cohort_id: UUID) -> UUID | None:
    """Who of those who lead the group now welcomes newcomers; None where nobody was named, or they lead no more."""
    chosen = session.scalar(
        select(GroupWelcome.welcomer_id).where(
            GroupWelcome.school_id == school_id, GroupWelcome.cohort_id == cohort_id
        )
    )
    return chosen if chosen in list_facilitator_ids(session, school_id, cohort_id) else None


def name_welcomer(session: Session, school_id: UUID, cohort_id: UUID, welcomer_id: UUID) -> None:
    """Staff, or those who lead, say who welcomes newcomers. Raises NotFound; Refused for who does not lead it."""
    refuse_over(lock_cohort(session, school_id, cohort_id))
    if welcomer_id not in list_facilitator_ids(session, school_id, cohort_id):
        raise Refused(_("Only somebody who leads the group can welcome its parents."), "welcomer")
    named = insert(GroupWelcome).values(
        school_id=school_id, cohort_id=cohort_id, welcomer_id=welcomer_id, named_at=now()
    )
    session.execute(
        named.on_conflict_do_update(
            index_elements=["school_id", "cohort_id"],
            set_={"welcomer_id": named.excluded.welcomer_id, "named_at": named.excluded.named_at},
        )
    )
    record(session, WELCOMER_NAMED, subject_id=cohort_id)


def usual_days(session: Session) -> int | None:
    """Within how many days of being invited half of a school's parents came to their first evening; four weeks late.

    None while too few came: it would point at somebody.
    """
    days: int | None = session.execute(_DAYS).scalar_one()
    return days


# ---- the parent


def first_evening_of(
    group: Cohort, sessions: Sequence[CohortSession], shut: ShutDays, stage: str
) -> FirstEvening:
    """The evening to which a newcomer of this group comes, while that stands."""
    coming = timetable.next_of(sessions) if group.state in UNDER_WAY else None
    if group.state == GroupState.FORMING and stage == SchoolStage.PAUSED:
        return FirstEvening(waits=True)
    if coming is not None and coming.on_date in shut:
        return FirstEvening(shut_on=coming.on_date)
    return FirstEvening(coming)


def find_my_welcomer(session: Session, cohort_id: UUID) -> str:
    """The first name of who welcomes newcomers to this parent's group; empty for nobody."""
    return session.execute(_WELCOMER, {"cohort_id": cohort_id}).scalar_one() or ""


def has_come(session: Session) -> bool:
    """Whether this parent was at any session so far."""
    return bool(session.execute(_CAME_ONCE).scalar_one())


def find_my_wishes(session: Session, school_id: UUID, parent_id: UUID, cohort_id: UUID) -> list[str]:
    """What this parent would like on their first evening."""
    found = session.scalar(
        select(FirstVisitWish.wishes).where(
            FirstVisitWish.school_id == school_id,
            FirstVisitWish.parent_id == parent_id,
            FirstVisitWish.cohort_id == cohort_id,
        )
    )
    return list(found or [])


def wish(session: Session, parent_id: UUID, wishes: Sequence[str]) -> None:
    """Keep what a parent would like; none takes it back. Raises Refused once they have no place."""
    if not session.execute(_WISH, {"wishes": list(wishes)}).scalar_one():
        raise Refused(_("You have no place in a group just now, so nothing was kept."))
    record(session, WISHED, subject_id=parent_id)


# ---- those who lead


def list_wishes(session: Session, school_id: UUID, cohort_id: UUID) -> dict[UUID, list[str]]:
    """Parent -> what they would like, in words, of those who have a place and have not been there yet."""
    with together(session) as ask:
        days = ask(_first_days, school_id, cohort_id)
        wished = ask(_wishes, school_id, cohort_id)
    been = days.value
    return {
        parent_id: [str(WISHES[one][1]) for one in wishes if one in WISHES]
        for parent_id, wishes in wished.value.items()
        if parent_id not in been
    }


@read_once
def _wishes(session: Session, school_id: UUID, cohort_id: UUID) -> dict[UUID, list[str]]:
    return _as_wishes(_WISHED.all(session, {"school_id": school_id, "cohort_id": cohort_id}))


def _as_wishes(rows: Sequence[Any]) -> dict[UUID, list[str]]:
    return {row.parent_id: row.wishes for row in rows}


#: What a page of one evening reads ahead.
WISHED_OF_GROUP = Part(_wishes, _WISHED, takes=("school_id", "cohort_id"), answer=_as_wishes)


def list_first_visits(session: Session, school_id: UUID, cohort_id: UUID) -> list[FirstVisit]:
    """Who of the group has been there, since when, and what came of asking them; the newest first."""
    with together(session) as ask:
        members = ask(list_members, school_id, cohort_id)
        days = ask(_first_days, school_id, cohort_id)
        calls = ask(_outcomes, school_id, cohort_id)
    been, outcomes = days.value, calls.value
    found = [
        FirstVisit(member, been[member.parent_id], outcomes.get(member.parent_id, ""))
        for member in members.value
        if member.parent_id in been
    ]
    return sorted(found, key=lambda one: (-one.on_date.toordinal(), one.member.known_as))


def note_call(
    session: Session,
    school_id: UUID,
    facilitator_id: UUID,
    cohort_id: UUID,
    parent_id: UUID,
    outcome: FirstCall,
) -> None:
    """Somebody who leads notes what came of asking; said again it takes the place of before.

    Raises NotLed; Refused for who is not in the group, or has not been there: the register may have been mended since.
    """
    get_led_cohort(session, school_id, facilitator_id, cohort_id, lock=True)
    visits = list_first_visits(session, school_id, cohort_id)
    if all(one.member.parent_id != parent_id for one in visits):
        raise Refused(
            _("Nothing was noted: they are not marked as there any more, or are not in your group any more.")
        )
    keys = {"school_id": school_id, "cohort_id": cohort_id, "parent_id": parent_id}
    noted = {"outcome": outcome.value, "noted_by_id": facilitator_id, "at": now()}
    session.execute(
        insert(FirstVisitCall)
        .values(**keys, **noted)
        .on_conflict_do_update(index_elements=list(keys), set_=noted)
    )
    record(session, CALLED, subject_id=parent_id, outcome=outcome.value)


def find_outcome(session: Session, school_id: UUID, cohort_id: UUID, parent_id: UUID) -> str:
    """What came of asking this parent, as it is noted; empty until somebody noted it."""
    return _outcomes(session, school_id, cohort_id).get(parent_id, "")


@read_once
def _first_days(session: Session, school_id: UUID, cohort_id: UUID) -> Mapping[UUID, date]:
    """The day of the first session of this group at which each parent was marked as there."""
    with together(session) as ask:
        marked = ask(list_of_group, school_id, cohort_id)
        meetings = ask(list_sessions, school_id, cohort_id)
    days = {
        one.id: one.on_date
        for one in meetings.value
        if one.state != SessionState.CANCELLED and one.on_date <= today()
    }
    been = {
        parent_id: [days[one] for one, mark in marks.items() if one in days and was_here(mark)]
        for parent_id, marks in marked.value.items()
    }
    return {parent_id: min(on) for parent_id, on in been.items() if on}


def _outcomes(session: Session, school_id: UUID, cohort_id: UUID) -> dict[UUID, str]:
    rows = session.execute(
        select(FirstVisitCall.parent_id, FirstVisitCall.outcome).where(
            FirstVisitCall.school_id == school_id, FirstVisitCall.cohort_id == cohort_id
        )
    )
    return {row.parent_id: row.outcome for row in rows}
