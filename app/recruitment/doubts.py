"""“This is not me”: who said so at a link, shown to the school until somebody has looked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, column, text
from sqlalchemy.orm import Session, scoped_session

from app.audit.trail import define, record
from tenants.pages import Part
from tenants.reading import read_once
from tenants.session import rows_written

SETTLED = define("recruitment:doubt:settled")

#: An address that was corrected is in doubt no more.
_OPEN = text(
    "select distinct on (d.person_id) d.person_id, c.first_name, c.last_name from contact_doubt d"
    " join parent_contact c on c.school_id = d.school_id and c.parent_id = d.person_id"
    " where d.school_id = :school and d.settled_at is null and d.person_kind = 'parent'"
    " and d.address in (c.email, c.phone) order by d.person_id, d.said_at limit 10"
).columns(column("person_id", Uuid), column("first_name", String), column("last_name", String))
_OF = text(
    "select d.address, d.said_at from contact_doubt d"
    " join parent_contact c on c.school_id = d.school_id and c.parent_id = d.person_id"
    " where d.school_id = :school and d.person_id = :person and d.settled_at is null"
    " and (d.address in (c.email, c.phone) or d.channel = 'letter') order by d.address, d.said_at"
)
_OF_LETTER = text(
    "select 1 from contact_doubt where school_id = :school and person_id = :person and settled_at is null"
    " and channel = 'letter' limit 1"
)
_OF_LETTERS = text(
    "select person_id from contact_doubt where school_id = :school and settled_at is null and channel = 'letter'"
    " and person_kind = 'parent'"
).columns(column("person_id", Uuid))
_SETTLE = text(
    "update contact_doubt set settled_at = app.now(), settled_by = :by"
    " where school_id = :school and person_id = :person and settled_at is null and said_at <= :until"
)

AnySession = Session | scoped_session[Session]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A parent, or somebody who leads, whose number or address may be somebody else's."""

    person_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """That it is not them, at this address, at this moment. Said again after it was settled, it is another.

    No address: they held a letter.
    """

    address: str
    at: datetime


def addresses_of(said: Iterable[Said]) -> list[str]:
    """Each address once."""
    return list(dict.fromkeys(one.address for one in said if one.address))


@read_once
def list_open(session: AnySession, school_id: UUID) -> list[Doubt]:
    """Parents whose link reached somebody who said that it is not for them."""
    return _as_doubts(session.execute(_OPEN, {"school": school_id}).all())


def _as_doubts(rows: Sequence[Any]) -> list[Doubt]:
    return [Doubt(row.person_id, f"{row.first_name} {row.last_name}".strip()) for row in rows]


OPEN = Part(list_open, _OPEN, takes=("school_id",), names={"school": "school_id"}, answer=_as_doubts)


def list_of(session: AnySession, school_id: UUID, person_id: UUID) -> list[Said]:
    """Who said “This is not me” at which number or address of this parent. Nothing is sent there."""
    rows = session.execute(_OF, {"school": school_id, "person": person_id})
    return [Said(row.address, row.said_at) for row in rows]


def is_of_letter(session: AnySession, school_id: UUID, person_id: UUID) -> bool:
    """Whether somebody who held a letter to this parent said so, and nobody has looked at it since."""
    values = {"school": school_id, "person": person_id}
    return session.execute(_OF_LETTER, values).first() is not None


def of_letters(session: Session, school_id: UUID) -> set[UUID]:
    """The parents of whom somebody who held their letter said so, and nobody has looked at it since."""
    return set(session.scalars(_OF_LETTERS, {"school": school_id}))


def shown(said: Sequence[Said]) -> dict[str, object]:
    """What a parent's page says of them."""
    return {"doubted": addresses_of(said), "doubts_said": said}


def list_addresses(session: AnySession, school_id: UUID, person_id: UUID) -> list[str]:
    """Numbers and addresses of this parent at which somebody said so."""
    return addresses_of(list_of(session, school_id, person_id))


def settle(session: AnySession, school_id: UUID, person_id: UUID, by_name: str, said: Iterable[Said]) -> None:
    """Somebody has looked at what was `said`: it is right, and messages go there again; of parents and of people who
    lead. What is said at this very moment is not looked at yet."""
    until = max((one.at for one in said), default=None)
    values = {"school": school_id, "person": person_id, "by": by_name, "until": until}
    if rows_written(session.execute(_SETTLE, values)):
        record(session, SETTLED, subject_id=person_id)
