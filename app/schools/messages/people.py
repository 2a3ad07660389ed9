"""What messages need to know of schools, councils and the people who work there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, String, TextClause, Uuid, any_, bindparam, column, select, text
from sqlalchemy.orm import Session

from app.identity.roles import Role, label_of
from app.messages.allowed import ReaderFact
from app.messages.parts import People, Place, Places, Reader
from app.schools.models import StaffMember
from app.shell.dates import in_words, plain_clock
from app.shell.parsing import readable_phone
from app.states.schools import SchoolStage
from infra.clock import LONDON
from tenants.pages import Part
from tenants.reading import read_once
from tenants.ready import Ready

_SCHOOL = Ready(
    text(
        "select s.short_name, s.name, s.stage, s.stage_reason, s.room, s.contact_name,"
        " coalesce(nullif(s.contact_phone, ''), nullif(s.phone, ''), a.contact_phone) phone, a.short_name authority"
        " from school s join authority a on a.authority_id = s.authority_id where s.school_id = :owner"
    ).columns(
        *(column(name, String) for name in ("short_name", "name", "stage", "stage_reason", "room")),
        *(column(name, String) for name in ("contact_name", "phone", "authority")),
    )
)
_AUTHORITY = text(
    "select short_name authority, contact_phone phone from authority where authority_id = :owner"
)
_STAFF = text(
    "select m.id, m.name, m.email, coalesce((select r.phone from identity.reader_mobiles(array[m.id]) r), '') phone,"
    " m.role, m.is_deputy, m.ended_at, (select b.begins_at from identity.begins_of(array[m.id]) b) begins_at,"
    " (select coalesce(array_agg(d.address), '{}') from contact_doubt d"
    " where d.school_id = m.school_id and d.person_id = m.id and m.accepted_at is null"
    " and d.said_at >= coalesce(m.invited_at, d.said_at)) doubted"
    " from staff_member m where m.school_id = :owner and m.id = any(:ids)"
)
_LEADING_DSL = text(
    "select m.id, m.name, m.email, m.phone, m.role, m.ended_at from staff_member m where m.school_id = :owner"
    " and m.role = 'school_dsl' and m.ended_at is null order by m.accepted_at nulls last, m.invited_at limit 1"
)
_MEMBERS = text(
    "select m.id, m.name, m.email, coalesce((select r.phone from identity.reader_mobiles(array[m.id]) r), '') phone,"
    " m.role, m.ended_at, (select b.begins_at from identity.begins_of(array[m.id]) b) begins_at,"
    " case when exists (select from authority_contact_doubt d"
    " where d.authority_id = m.authority_id and d.person_id = m.id and m.accepted_at is null"
    " and d.said_at >= coalesce(m.invited_at, d.said_at)) then array[m.email] else '{}' end doubted"
    " from authority_member m where m.authority_id = :owner and m.id = any(:ids)"
)
_LEADING_OFFICER = text(
    "select m.id, m.name, m.email, '' phone, m.role, m.ended_at from authority_member m"
    " where m.authority_id = :owner and m.role = 'named_officer' and m.ended_at is null"
    " order by m.accepted_at nulls last, m.invited_at limit 1"
)
_SCHOOL_NAME = text("select short_name from school where school_id = :school")
_STAFF_NAMES = select(StaffMember.id.label("id"), StaffMember.name.label("name")).where(
    StaffMember.school_id == bindparam("school"),
    StaffMember.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
)


@read_once
def read_school(session: Session, school_id: UUID) -> Place | None:
    """A school as what its messages come from."""
    return _as_place(_SCHOOL.all(session, {"owner": school_id}))


def _as_place(rows: Sequence[Any]) -> Place | None:
    if not rows:
        return None
    row = rows[0]
    fields = {
        "authority": row.authority,
        "school": row.short_name,
        "reason": row.stage_reason,
        "paused_school": row.short_name if row.stage == SchoolStage.PAUSED else "",
        "phone": readable_phone(row.phone or ""),
        "staff_name": row.contact_name or row.short_name,
        "sender": f"{row.contact_name}, {row.short_name}" if row.contact_name else row.short_name,
    }
    return Place(fields, row.stage, row.room)


PLACE = Part(read_school, _SCHOOL, takes=("school_id",), names={"owner": "school_id"}, answer=_as_place)


def read_authority(session: Session, authority_id: UUID) -> Place | None:
    """A council as what its messages come from."""
    row = session.execute(_AUTHORITY, {"owner": authority_id}).one_or_none()
    return Place({"authority": row.authority, "phone": readable_phone(row.phone or "")}) if row else None


def school_name(session: Session, school_id: UUID) -> str | None:
    """The short name of a school; None when it is gone."""
    return session.execute(_SCHOOL_NAME, {"school": school_id}).scalar_one_or_none()


def read_staff(session: Session, school_id: UUID, ids: Collection[UUID]) -> dict[UUID, Reader]:
    """These colleagues of a school as readers of messages."""
    return _read(session, _STAFF, school_id, ids)


def read_members(session: Session, authority_id: UUID, ids: Collection[UUID]) -> dict[UUID, Reader]:
    """These colleagues of a council as readers of messages."""
    return _read(session, _MEMBERS, authority_id, ids)


def read_lead_of_school(session: Session, school_id: UUID) -> Reader | None:
    """Who reads what is addressed to the school itself."""
    row = session.execute(_LEADING_DSL, {"owner": school_id}).one_or_none()
    return _reader(row) if row else None


def read_officer(session: Session, authority_id: UUID) -> Reader | None:
    """Who reads what is addressed to the council itself."""
    row = session.execute(_LEADING_OFFICER, {"owner": authority_id}).one_or_none()
    return _reader(row) if row else None


def _read(
    session: Session, statement: TextClause, owner_id: UUID, ids: Collection[UUID]
) -> dict[UUID, Reader]:
    rows = session.execute(statement, {"owner": owner_id, "ids": list(ids)})
    return {row.id: _reader(row) for row in rows}


def _reader(row: Row[Any]) -> Reader:
    at = getattr(row, "begins_at", None)
    begins = at.astimezone(LONDON) if at else None
    return Reader(
        # Whoever leads is looked up by their role, and has come in.
        ReaderFact(
            row.email,
            row.phone,
            is_active=row.ended_at is None,
            doubted=frozenset(getattr(row, "doubted", ())),
        ),
        row.name,
        fields={
            "role": label_of(Role(row.role), is_deputy=getattr(row, "is_deputy", False)) if row.role else "",
            "begins": f"{_long_day(begins.date())} at {plain_clock(begins.time())}" if begins else "",
        },
    )


def _long_day(day: date) -> str:
    """Tuesday 3 February"""
    return in_words(day)


PLACES = Places(read_school, read_authority, school_name)
STAFF = People(read_staff, _STAFF_NAMES, read_lead_of_school)
MEMBERS = People(read_members, lead=read_officer)
