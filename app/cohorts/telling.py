"""People in a group whom no email and no text reaches: staff tell them its dates themselves, and note it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Boolean, DateTime, Row, Uuid, bindparam, column, not_, select, text
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.cohorts.membership import ENDED_KIND, lock_cohort
from app.cohorts.models import Enrolment
from app.cohorts.times import wall_clock
from app.cohorts.under_way import THEIR_IDS
from app.messages import outlook
from app.recruitment import noting
from app.recruitment.noting import Noted
from app.recruitment.published import CONTACTS, STAGES
from app.recruitment.reached import readers_among
from app.schools import stage_rights
from app.schools.messages.people import PLACE
from app.shell.refusals import Refused
from app.states.parents import ParentStage
from infra.clock import now
from tenants.pages import Part
from tenants.reading import read_once
from tenants.ready import Ready
from tenants.together import together

TOLD = define("cohorts:dates:told")
NOT_TOLD = define("cohorts:dates:not_told")
#: A group that ended early is told for so long.
LOOK_BACK = timedelta(days=30)

# `plan_at` is when what they are told came to be: their place or its end, or the newest change of what is to come.
_PLACES = (
    text(
        "select e.school_id, e.parent_id, e.cohort_id, c.name group_name, c.state = 'cancelled' is_over, t.plan_at,"
        " e.status = 'left' is_out"
        " from enrolment e join cohort c on c.school_id = e.school_id and c.id = e.cohort_id"
        " cross join lateral (select max(s.changed_at) changed_at from cohort_session s"
        "  where s.school_id = e.school_id and s.cohort_id = e.cohort_id and s.state in ('planned', 'cancelled')"
        "  and s.on_date + s.ends_at > cast(:day as date) + cast(:time as time)) p"
        " cross join lateral (select case when e.status = 'left' then e.left_at else greatest(e.joined_at,"
        "  case when c.state = 'cancelled' then c.closed_at else p.changed_at end) end plan_at) t"
        " where e.school_id = :school and (cast(:cohort as uuid) is null or e.cohort_id = :cohort)"
        " and (cast(:parent as uuid) is null or e.parent_id = :parent)"
        " and (e.status = 'in_group' and c.state in ('forming', 'running') and p.changed_at is not null"
        "  or e.status = 'finished' and c.state = 'cancelled'"
        "  and c.closed_at > cast(:now as timestamptz) - cast(:back as interval)"
        "  or e.status = 'left' and c.state in ('forming', 'running')"
        "  and e.left_at > cast(:now as timestamptz) - cast(:back as interval))"
        " and (e.told_at is null or e.told_at < t.plan_at)"
    )
    .columns(
        column("school_id"),
        column("parent_id", Uuid),
        column("cohort_id", Uuid),
        column("group_name"),
        column("is_over"),
        column("plan_at", DateTime),
        column("is_out", Boolean),
    )
    .subquery("place")
)
_TO_TELL = (
    select(
        _PLACES.c.parent_id,
        _PLACES.c.cohort_id,
        CONTACTS.c.name,
        _PLACES.c.group_name,
        CONTACTS.c.phone,
        _PLACES.c.is_over,
        _PLACES.c.plan_at,
        _PLACES.c.is_out,
    )
    .join(
        CONTACTS,
        (CONTACTS.c.school_id == _PLACES.c.school_id) & (CONTACTS.c.parent_id == _PLACES.c.parent_id),
    )
    .join(STAGES, (STAGES.c.school_id == _PLACES.c.school_id) & (STAGES.c.parent_id == _PLACES.c.parent_id))
    # Taken out to wait for another group; whoever left said so themselves.
    .where(not_(_PLACES.c.is_out) | (STAGES.c.stage == ParentStage.WAITING))
    .order_by(CONTACTS.c.first_name, CONTACTS.c.last_name, _PLACES.c.parent_id)
)
_READY_TO_TELL = Ready(_TO_TELL)
_KNOW = text(
    "select e.cohort_id, c.name from enrolment e join cohort c on c.school_id = e.school_id and c.id = e.cohort_id"
    " where e.school_id = :school and e.parent_id = :parent and e.told_at is not null and e.status = 'in_group'"
    " and c.state in ('forming', 'running') order by c.name"
)
_TAKE_BACK = text(
    "update enrolment set told_at = null where school_id = :school and cohort_id = :cohort and parent_id = :parent"
    " and told_at is not null returning id"
)
_NOTE = text(
    "update enrolment set told_at = :at where school_id = :school and cohort_id = :cohort and parent_id = :parent"
)

Line = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class ToTell:
    """Somebody to tell the dates of their group, that it has ended, or that they are in it no more; their number."""

    parent_id: UUID
    cohort_id: UUID
    name: str
    group_name: str
    phone: str
    is_over: bool
    plan_at: datetime
    is_out: bool

    @property
    def plan(self) -> str:
        """Which plan it is, so that nobody notes one that has changed since."""
        return self.plan_at.isoformat()


def list_to_tell(
    session: Session, school_id: UUID, *, cohort_id: UUID | None = None, parent_id: UUID | None = None
) -> list[ToTell]:
    """Whom staff have to tell the dates as they stand now, by name. In the scope of the school's staff."""
    with together(session) as ask:
        may_write = ask(stage_rights.may_now, school_id, "write_to_parents")
        found = (
            ask(_list_not_told, parent_id, school_id, cohort_id)
            if cohort_id or parent_id
            else ask(_list_not_told_at, school_id)
        )
    if not may_write.value:
        return []
    return [ToTell(*row) for row in _not_reached(session, school_id, found.value)]


@read_once
def _list_not_told(
    session: Session, parent_id: UUID | None, school_id: UUID, cohort_id: UUID | None
) -> Sequence[Line]:
    day, time_of_day = wall_clock()
    values = {"school": school_id, "cohort": cohort_id, "parent": parent_id, "day": day, "time": time_of_day}
    return _READY_TO_TELL.all(session, values | {"now": now(), "back": LOOK_BACK})


@read_once
def _list_not_told_at(session: Session, school_id: UUID) -> Sequence[Line]:
    return _list_not_told(session, None, school_id, None)


_NAMED = {"school": "school_id", "cohort": "cohort_id", "day": "today"}
_IN_GROUP = select(Enrolment.parent_id).where(
    Enrolment.school_id == bindparam("school_id"), Enrolment.cohort_id == bindparam("cohort_id")
)
#: What the page of a group reads ahead: whom to tell, and what decides whether a message reaches them.
PARTS = (
    Part(
        _list_not_told,
        _READY_TO_TELL,
        takes=("school_id", "cohort_id"),
        args=(None,),
        names=_NAMED,
        fixed={"parent": None, "back": LOOK_BACK},
    ),
    PLACE,
    *readers_among(_IN_GROUP),
)
#: The same of all groups of a school.
PARTS_OF_SCHOOL = (
    Part(
        _list_not_told_at,
        _READY_TO_TELL,
        takes=("school_id",),
        names=_NAMED,
        fixed={"cohort": None, "parent": None, "back": LOOK_BACK},
    ),
    PLACE,
    *readers_among(
        select(Enrolment.parent_id).where(
            Enrolment.school_id == bindparam("school_id"),
            Enrolment.cohort_id.in_(THEIR_IDS),
            Enrolment.told_at.is_(None),
        )
    ),
)


def note_told(
    session: Session,
    school_id: UUID,
    cohort_id: UUID,
    parent_id: UUID,
    *,
    plan: str,
    noted: Noted,
    cannot_be: Sequence[str] = (),
) -> bool:
    """Note that somebody was told this plan; False when there is nothing to tell. Refused when it changed since.

    `cannot_be`: which of its sessions are on days that are not free any more, in words; those are moved first.
    """
    lock_cohort(session, school_id, cohort_id)
    one = next(iter(list_to_tell(session, school_id, cohort_id=cohort_id, parent_id=parent_id)), None)
    if one is None:
        return False
    if one.plan != plan:
        raise Refused(_("Their dates have changed since you opened this page. Tell them these."))
    if cannot_be and not (one.is_out or one.is_over):
        raise Refused(
            _("%(what)s Move or cancel it first. Then tell them their dates.", what=" ".join(cannot_be))
        )
    where = {"school": school_id, "cohort": cohort_id, "parent": parent_id}
    session.execute(_NOTE, {**where, "at": one.plan_at})
    words = (
        _("Told that they are not in %(group)s any more.", group=one.group_name)
        if one.is_out
        else _("Told that %(group)s has ended.", group=one.group_name)
        if one.is_over
        else _("Told the dates of %(group)s.", group=one.group_name)
    )
    noting.remember(session, school_id, parent_id, noted, words)
    record(session, TOLD, subject_id=parent_id)
    return True


def list_noted(session: Session, school_id: UUID, parent_id: UUID) -> list[tuple[UUID, str]]:
    """Groups of a parent, by id and name, of which staff noted that they know the dates."""
    rows = session.execute(_KNOW, {"school": school_id, "parent": parent_id}).all()
    return [(row.cohort_id, row.name) for row in rows]


def take_back(session: Session, school_id: UUID, cohort_id: UUID, parent_id: UUID, *, by_name: str) -> bool:
    """It was noted by mistake that somebody was told: they are asked for again. False where nothing was noted."""
    lock_cohort(session, school_id, cohort_id)
    where = {"school": school_id, "cohort": cohort_id, "parent": parent_id}
    if session.execute(_TAKE_BACK, where).first() is None:
        return False
    words = _("They were not told the dates after all.")
    noting.remember(session, school_id, parent_id, Noted("mistake", by_name), words)
    record(session, NOT_TOLD, subject_id=parent_id)
    return True


def _not_reached(session: Session, school_id: UUID, rows: Sequence[Line]) -> list[Line]:
    kinds = [_kind_of(row) for row in rows]
    nobody = {
        kind: outlook.whom_nothing_reaches(
            session,
            school_id,
            kind,
            [row.parent_id for row, other in zip(rows, kinds, strict=True) if other == kind],
        )
        for kind in set(kinds)
    }
    return [row for row, kind in zip(rows, kinds, strict=True) if row.parent_id in nobody[kind]]


def _kind_of(row: Line) -> str:
    """The message that would tell them."""
    return ENDED_KIND if row.is_out else "group_ended_parent" if row.is_over else "place_offered"
