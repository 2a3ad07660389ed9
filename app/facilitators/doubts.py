"""“This is not me”, of people who lead or are on their way to it (parents: `app/recruitment/doubts.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, column, text

from app.recruitment.doubts import AnySession, Doubt, Said, addresses_of, settle
from tenants.pages import Part
from tenants.reading import read_once

__all__ = ["addresses_of", "list_addresses", "list_of", "list_open", "settle"]

#: An address that was corrected is in doubt no more.
_OPEN = text(
    "select distinct on (d.person_id) d.person_id, f.name from contact_doubt d"
    " join facilitator f on f.school_id = d.school_id and f.id = d.person_id"
    " where d.school_id = :school and d.settled_at is null and d.person_kind = 'facilitator'"
    " and d.address in (f.email, f.phone) order by d.person_id, d.said_at limit 10"
).columns(column("person_id", Uuid), column("name", String))
_OF = text(
    "select d.address, d.said_at from contact_doubt d"
    " join facilitator f on f.school_id = d.school_id and f.id = d.person_id"
    " where d.school_id = :school and d.person_id = :person and d.settled_at is null"
    " and d.address in (f.email, f.phone) order by d.address, d.said_at"
)


@read_once
def list_open(session: AnySession, school_id: UUID) -> list[Doubt]:
    """Those whose link reached somebody who said that it is not for them."""
    return _as_doubts(session.execute(_OPEN, {"school": school_id}).all())


def _as_doubts(rows: Sequence[Any]) -> list[Doubt]:
    return [Doubt(row.person_id, row.name) for row in rows]


OPEN = Part(list_open, _OPEN, takes=("school_id",), names={"school": "school_id"}, answer=_as_doubts)


def list_of(session: AnySession, school_id: UUID, person_id: UUID) -> list[Said]:
    """Who said “This is not me” at which number or address of this person. Nothing is sent there."""
    rows = session.execute(_OF, {"school": school_id, "person": person_id})
    return [Said(row.address, row.said_at) for row in rows]


def list_addresses(session: AnySession, school_id: UUID, person_id: UUID) -> list[str]:
    """Numbers and addresses of this person at which somebody said so."""
    return addresses_of(list_of(session, school_id, person_id))
