"""What is known about an authority's schools. Scope first; another authority's school is not found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ARRAY, Uuid, any_, bindparam, column, select, text
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
from app.schools.stage_rights import stage_of
from app.schools.stages import TASKS
from app.shell.errors import NotFound
from app.shell.kept import kept
from app.shell.refusals import Refused
from app.shell.searching import holds, narrow
from tenants.pages import Part, looked, only
from tenants.reading import read_ahead, read_once

Colleague = TypeVar("Colleague", StaffMember, AuthorityMember)

_READERS = text("select route, name from identity.readers()")
_ACTING = text("select identity.acting_people(:school, :role) people").columns(column("people", ARRAY(Uuid)))
_NO_MOBILE = text("select identity.readers_without_mobile(:school)")


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


COUNCIL = Part(
    get_authority,
    select(Authority).where(Authority.authority_id == bindparam("authority_id")),
    takes=("authority_id",),
    answer=only(looked(Authority)),
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


#: A council's officers, for its home.
OFFICERS = Part(
    list_acting,
    _ACTING,
    args=("named_officer",),
    fixed={"school": None, "role": "named_officer"},
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
