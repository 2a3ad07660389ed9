"""An authority's schools on their way to a first group: how far each is, what it lacks, how long it has waited."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.schools.models import School, SchoolTask, StaffMember
from app.schools.readers import Readers, as_invited, at_council, invited_of, list_invited
from app.schools.stages import STAGES, TASKS
from app.shell.searching import narrow
from app.states.schools import SchoolStage
from infra.clock import now
from tenants.pages import Part, looked
from tenants.reading import read_once
from tenants.together import together

#: From the invitation to the first group.
_COLUMNS = (
    SchoolStage.INVITED,
    SchoolStage.BRIEF_SENT,
    SchoolStage.AGREEMENT_SIGNED,
    SchoolStage.SET_UP,
    SchoolStage.ACTIVE,
)
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

    @property
    def id(self) -> UUID:
        """The school's, as of any line of a list."""
        return self.school.school_id


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
    return _as_leads(session.execute(_leads_of(which), {"authority_id": authority_id}).all())


def _as_leads(rows: Sequence[Any]) -> dict[UUID, bool]:
    return dict(rows)


#: What the home of a council reads ahead of its schools.
PARTS = (
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
)
