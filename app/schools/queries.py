"""What is known about an authority's schools. Scope first; another authority's school is not found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ARRAY, Select, Uuid, any_, bindparam, column, func, select, text
from sqlalchemy.orm import Session

from app.identity.roles import SCHOOL_STAFF
from app.schools.models import (
    Authority,
    AuthorityMember,
    OnboardingEvent,
    School,
    SchoolTask,
    StaffMember,
)
from app.schools.readers import Readers, as_invited, at_council, invited_of, list_invited
from app.schools.stage_rights import stage_of
from app.schools.stages import STAGES, TASKS
from app.shell.errors import NotFound
from app.shell.kept import kept
from app.shell.refusals import Refused
from app.shell.searching import holds, narrow
from app.states.schools import SchoolStage
from infra.clock import now
from tenants.pages import Part, looked, only
from tenants.reading import read_ahead, read_once
from tenants.together import together

Colleague = TypeVar("Colleague", StaffMember, AuthorityMember)

#: From the invitation to the first group.
_COLUMNS = (
    SchoolStage.INVITED,
    SchoolStage.BRIEF_SENT,
    SchoolStage.AGREEMENT_SIGNED,
    SchoolStage.SET_UP,
    SchoolStage.ACTIVE,
)
_READERS = text("select route, name from identity.readers()")
_ACTING = text("select identity.acting_people(:school, :role) people").columns(column("people", ARRAY(Uuid)))
_NO_MOBILE = text("select identity.readers_without_mobile(:school)")

#: What is not there yet, for each task that is open; of `staff` say the readers how far it is.
MISSING = {
    "details": _l("School details"),
    "brief": _l("The brief is not read"),
    "agreement": _l("No signed agreement"),
    "room_and_dates": _l("No room and dates"),
}


@dataclass(frozen=True, slots=True)
class PipelineRow:
    """A school as the pipeline shows it; `stuck_days` is 0 unless it waits too long, `missing` is in words."""

    school: School
    tasks_done: int
    stuck_days: int
    missing: tuple[str, ...] = ()


@read_once
def get_authority(session: Session, authority_id: UUID, *, hold: bool = False) -> Authority:
    """The authority itself, as it is now and kept so when it is to be held."""
    found = session.get(Authority, authority_id, populate_existing=hold, with_for_update=hold or None)
    if found is None:
        raise NotFound
    return found


@read_once
def get_school(session: Session, school_id: UUID, *, hold: bool = False) -> School:
    """One school, as it is now and kept so when it is to be held. Raises NotFound when there is none in this scope."""
    found = session.get(School, school_id, populate_existing=hold, with_for_update=hold or None)
    if found is None:
        raise NotFound
    read_ahead(session, stage_of, school_id, answer=found.stage)
    return found


SCHOOL = Part(
    get_school,
    select(School).where(School.school_id == bindparam("school_id")),
    takes=("school_id",),
    answer=only(looked(School)),
)


def get_authority_school(session: Session, authority_id: UUID, school_id: UUID) -> School:
    """One school of this authority. Raises NotFound for any other."""
    found = find_authority_school(session, authority_id, school_id)
    if found is None:
        raise NotFound
    return found


def find_authority_school(session: Session, authority_id: UUID, school_id: UUID) -> School | None:
    """One school of this authority; None for any other."""
    return session.scalar(
        select(School).where(School.authority_id == authority_id, School.school_id == school_id)
    )


_BY_IDS = (
    select(School).where(School.school_id == any_(bindparam("ids", type_=ARRAY(Uuid)))).order_by(School.name)
)


def list_by_ids(session: Session, ids: Sequence[UUID]) -> Sequence[School]:
    """Those of `ids` that the scope may see, by name."""
    return session.scalars(_BY_IDS, {"ids": list(ids)}).all()


def find_by_urn(session: Session, authority_id: UUID, urns: Sequence[int]) -> dict[int, School]:
    """Those of `urns` that the authority has added already."""
    rows = session.scalars(select(School).where(School.authority_id == authority_id, School.urn.in_(urns)))
    return {school.urn: school for school in rows}


#: What the pipeline is read of; the same statement each time, so that a page that read it ahead is found.
_ITS_SCHOOLS = select(School.school_id).where(School.authority_id == bindparam("authority_id"))


@read_once
def list_pipeline(
    session: Session, authority_id: UUID, *, stage: str | None = None, text: str = ""
) -> list[PipelineRow]:
    """The authority's schools, the longest stuck first, then by name; of `text` those that fit."""
    which = _ITS_SCHOOLS
    if stage or text:
        which = narrow(which, "schools", School.school_id, text)
        which = which.where(School.stage == stage) if stage else which
    with together(session) as ask:
        schools = ask(_list_all, which, authority_id)
        done = ask(_tasks_done, which, authority_id)
        leading = ask(_leads, which, authority_id)
        invited = ask(list_invited, which, authority_id=authority_id)
    leads = leading.value
    rows = []
    for school in schools.value:
        tasks = done.value.get(school.school_id, frozenset())
        rows.append(
            PipelineRow(
                school,
                len(tasks),
                stuck_days(school),
                tuple(
                    missing(
                        school,
                        tasks,
                        leads.get(school.school_id),
                        invited.value.get(school.school_id, Readers()),
                    )
                ),
            )
        )
    return sorted(rows, key=lambda row: (-row.stuck_days, row.school.name, str(row.school.school_id)))


def missing(
    school: School, tasks_done: Collection[str], lead_arrived: bool | None, readers: Readers
) -> list[str]:
    """What keeps a school from its next stage, in words. `lead_arrived` is None when nobody is invited to lead."""
    if school.stage in (SchoolStage.ACTIVE, SchoolStage.PAUSED, SchoolStage.LEFT):
        return []
    if lead_arrived is None:
        return [_("Nobody is invited to lead")]
    found = [] if lead_arrived else [_("The lead has not signed in yet")]
    if school.stage == SchoolStage.INVITED:
        found.append(_("The brief is not sent"))
    elif school.stage in (SchoolStage.BRIEF_SENT, SchoolStage.AGREEMENT_SIGNED):
        for task in TASKS:
            if task not in tasks_done:
                found.extend(at_council(readers) if task == "staff" else [str(MISSING[task])])
    elif school.stage == SchoolStage.SET_UP:
        found.append(_("Your check"))
    return found


def stuck_days(school: School) -> int:
    """Whole days that the school has waited when that is longer than its stage allows, else 0."""
    limit = STAGES[school.stage].stuck_after
    waited = now() - school.waiting_since
    return waited.days if limit and waited > limit else 0


def pipeline_counts(session: Session, authority_id: UUID) -> dict[str, int]:
    """Number of schools per stage, with a zero for each that has none."""
    rows = session.execute(
        select(School.stage, func.count()).where(School.authority_id == authority_id).group_by(School.stage)
    )
    return dict.fromkeys(STAGES, 0) | dict(rows.all())


def list_events(session: Session, school_id: UUID) -> list[OnboardingEvent]:
    """What happened on the way, newest first."""
    return list(
        session.scalars(
            select(OnboardingEvent)
            .where(OnboardingEvent.school_id == school_id)
            .order_by(OnboardingEvent.at.desc(), OnboardingEvent.id.desc())
        )
    )


def list_tasks(session: Session, school_id: UUID) -> dict[str, SchoolTask | None]:
    """The five tasks in order, each with its row when it is done."""
    rows = {
        row.task: row
        for row in session.scalars(select(SchoolTask).where(SchoolTask.school_id == school_id))
        if row.done_at
    }
    return {task: rows.get(task) for task in TASKS}


_STAFF = (
    select(StaffMember)
    .where(StaffMember.school_id == bindparam("school_id"), StaffMember.ended_at.is_(None))
    .order_by(StaffMember.role != "school_lead", StaffMember.name, StaffMember.id)
)


@read_once
def list_staff(session: Session, school_id: UUID, *, text: str = "") -> list[StaffMember]:
    """Colleagues who have not left, leads first; of `text` those who fit."""
    return list(session.scalars(narrow(_STAFF, "staff", StaffMember.id, text), {"school_id": school_id}))


STAFF_OF_SCHOOL = Part(list_staff, _STAFF, takes=("school_id",), answer=looked(StaffMember))


def find_staff(session: Session, school_id: UUID, staff_id: UUID) -> StaffMember | None:
    """One colleague, of today or of earlier; None where there is none."""
    return session.get(StaffMember, (school_id, staff_id))


def get_staff(session: Session, school_id: UUID, staff_id: UUID) -> StaffMember:
    """One colleague who has not left. Raises NotFound, and Refused for one who is removed already."""
    return _who_is_here(find_staff(session, school_id, staff_id))


@read_once
def list_acting(session: Session, role: str, *, school_id: UUID | None = None) -> list[UUID]:
    """Who holds `role` in the school, or in the scope's authority, and can sign in: the longest first."""
    return list(session.execute(_ACTING, {"school": school_id, "role": role}).scalar_one())


LEADING = Part(
    list_acting,
    _ACTING,
    args=("facilitator",),
    by_name=("school_id",),
    names={"school": "school_id"},
    fixed={"role": "facilitator"},
    answer=lambda rows: list(rows[0].people),
)


@read_once
def list_without_mobile(session: Session, school_id: UUID | None) -> list[UUID]:
    """Who reads concerns in the school, or in the scope's authority, and has no mobile number confirmed."""
    return list(session.execute(_NO_MOBILE, {"school": school_id}).scalar_one())


def list_officers(session: Session) -> list[str]:
    """Names of the scope's authority's named officers who can sign in, by their accounts: the longest first."""
    return [row.name for row in session.execute(_READERS) if row.route == "officer"]


def list_readers(session: Session) -> list[str]:
    """Names of the scope's own school's safeguarding leads who can sign in, by their accounts: deputies last."""
    return [row.name for row in session.execute(_READERS) if row.route == "dsl"]


def list_members(session: Session, authority_id: UUID, *, text: str = "") -> list[AuthorityMember]:
    """The authority's own people and its commissioners; of `text` those who fit."""
    return list(
        session.scalars(
            select(AuthorityMember)
            .where(AuthorityMember.authority_id == authority_id, AuthorityMember.ended_at.is_(None))
            .where(holds(text, AuthorityMember.name, AuthorityMember.email, AuthorityMember.job_title))
            .order_by(AuthorityMember.role, AuthorityMember.name, AuthorityMember.id)
        )
    )


def get_member(session: Session, authority_id: UUID, member_id: UUID) -> AuthorityMember:
    """One of the authority's people. Raises NotFound, and Refused for one who is removed already."""
    return _who_is_here(session.get(AuthorityMember, (authority_id, member_id)))


def _who_is_here(found: Colleague | None) -> Colleague:
    if found is None:
        raise NotFound
    if found.ended_at is not None:  # a second press, or a colleague's
        raise Refused(_("%(name)s has already been removed.", name=kept(found.name)))
    return found


def list_told(session: Session, school_id: UUID, role: str | None = None) -> list[UUID]:
    """Who at the school hears of its affairs: those who accepted, whose role has begun and who can sign in.

    Somebody who is only invited, or waits for a second person, hears nothing but their invitation.
    """
    roles = [role] if role else sorted(SCHOOL_STAFF)
    return [one for each in roles for one in list_acting(session, each, school_id=school_id)]


def pipeline_board(session: Session, authority_id: UUID) -> list[dict[str, Any]]:
    """The stages from invited to active as columns, each with the three schools that wait longest."""
    rows = list_pipeline(session, authority_id)
    columns = []
    for code in _COLUMNS:
        here = [row for row in rows if row.school.stage == code]
        columns.append({"stage": STAGES[code], "count": len(here), "rows": here[:3]})
    return columns


def _all_of(which: Select[UUID]) -> Select[School]:
    return select(School).where(School.school_id.in_(which))


@read_once
def _list_all(session: Session, which: Select[UUID], authority_id: UUID) -> list[School]:
    return list(session.scalars(_all_of(which), {"authority_id": authority_id}))


def _done_of(which: Select[UUID]) -> Select[UUID, str]:
    return select(SchoolTask.school_id, SchoolTask.task).where(
        SchoolTask.school_id.in_(which), SchoolTask.done_at.is_not(None)
    )


@read_once
def _tasks_done(session: Session, which: Select[UUID], authority_id: UUID) -> dict[UUID, frozenset[str]]:
    """Of the schools that `which` selects."""
    return _as_done(session.execute(_done_of(which), {"authority_id": authority_id}))


def _as_done(rows: Iterable[Any]) -> dict[UUID, frozenset[str]]:
    found: dict[UUID, set[str]] = {}
    for school_id, task in rows:
        found.setdefault(school_id, set()).add(task)
    return {school_id: frozenset(tasks) for school_id, tasks in found.items()}


def _leads_of(which: Select[UUID]) -> Select[UUID, bool]:
    return (
        select(StaffMember.school_id, func.bool_or(StaffMember.accepted_at.is_not(None)))
        .where(
            StaffMember.school_id.in_(which),
            StaffMember.role == "school_lead",
            StaffMember.ended_at.is_(None),
        )
        .group_by(StaffMember.school_id)
    )


@read_once
def _leads(session: Session, which: Select[UUID], authority_id: UUID) -> dict[UUID, bool]:
    """Schools that have a lead -> whether one has signed in."""
    return _as_leads(session.execute(_leads_of(which), {"authority_id": authority_id}))


def _as_leads(rows: Iterable[Any]) -> dict[UUID, bool]:
    return dict(rows)


#: What the home of a council reads ahead of its schools and itself.
PARTS_OF_COUNCIL = (
    Part(
        get_authority,
        select(Authority).where(Authority.authority_id == bindparam("authority_id")),
        takes=("authority_id",),
        answer=only(looked(Authority)),
    ),
    Part(
        _list_all,
        _all_of(_ITS_SCHOOLS),
        args=(_ITS_SCHOOLS,),
        takes=("authority_id",),
        answer=looked(School),
    ),
    Part(_tasks_done, _done_of(_ITS_SCHOOLS), args=(_ITS_SCHOOLS,), takes=("authority_id",), answer=_as_done),
    Part(_leads, _leads_of(_ITS_SCHOOLS), args=(_ITS_SCHOOLS,), takes=("authority_id",), answer=_as_leads),
    Part(
        list_invited,
        invited_of(_ITS_SCHOOLS),
        args=(_ITS_SCHOOLS,),
        by_name=("authority_id",),
        answer=as_invited,
    ),
    Part(
        list_acting,
        _ACTING,
        args=("named_officer",),
        fixed={"school": None, "role": "named_officer"},
        answer=lambda rows: list(rows[0].people),
    ),
)
