"""“This is not me”: somebody said so at an invitation to work here. Shown to whoever invited, until it is sent again,
taken back, or accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, column, text
from sqlalchemy.orm import Session

from tenants.pages import Part
from tenants.reading import read_once

_AT_SCHOOL = text(
    "select distinct m.id, m.name, m.school_id from contact_doubt d"
    " join staff_member m on m.school_id = d.school_id and m.id = d.person_id"
    " where d.school_id = :school and d.person_kind = 'staff' and d.said_at >= coalesce(m.invited_at, d.said_at)"
    " and m.accepted_at is null and m.ended_at is null order by m.name, m.id"
).columns(column("id", Uuid), column("name", String), column("school_id", Uuid))
_AT_COUNCIL = text(
    "select distinct m.id, m.name, cast(null as uuid) as school_id from authority_contact_doubt d"
    " join authority_member m on m.authority_id = d.authority_id and m.id = d.person_id"
    " where d.authority_id = :authority and d.said_at >= coalesce(m.invited_at, d.said_at)"
    " and m.accepted_at is null and m.ended_at is null"
    " union select m.id, m.name, m.school_id from authority_contact_doubt d"
    " join staff_member m on m.id = d.person_id"
    " where d.authority_id = :authority and d.said_at >= coalesce(m.invited_at, d.said_at)"
    " and m.accepted_at is null and m.ended_at is null order by 2, 1"
).columns(column("id", Uuid), column("name", String), column("school_id", Uuid))


@dataclass(frozen=True, slots=True)
class Doubt:
    """Somebody invited to work here, whose address may be another's."""

    person_id: UUID
    name: str
    #: Where, if the council invited them to a school.
    school_id: UUID | None


@read_once
def list_at_school(session: Session, school_id: UUID) -> list[Doubt]:
    """Colleagues whose invitation reached somebody who said that it is not for them."""
    return _as_doubts(session.execute(_AT_SCHOOL, {"school": school_id}).all())


def _as_doubts(rows: Sequence[Any]) -> list[Doubt]:
    return [Doubt(*row) for row in rows]


AT_SCHOOL = Part(
    list_at_school, _AT_SCHOOL, takes=("school_id",), names={"school": "school_id"}, answer=_as_doubts
)


@read_once
def list_at_council(session: Session, authority_id: UUID) -> list[Doubt]:
    """The same of people whom the council invited, its own and its schools'."""
    return _as_doubts(session.execute(_AT_COUNCIL, {"authority": authority_id}).all())


AT_COUNCIL = Part(
    list_at_council,
    _AT_COUNCIL,
    takes=("authority_id",),
    names={"authority": "authority_id"},
    answer=_as_doubts,
)
