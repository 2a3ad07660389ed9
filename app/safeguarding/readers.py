"""Who reads concerns, and where nobody does. The scope first; the database says who can act."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Row, String, Uuid, bindparam, column, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from app.schools.models import School
from app.schools.published import NUMBERS
from app.schools.queries import list_by_ids
from app.shell.errors import NotFound
from tenants.pages import Part
from tenants.reading import read_once
from tenants.ready import Ready
from tenants.together import together

COMING = sql("select route, name, person_id from identity.coming_readers()")
KEPT_FROM = sql(
    "select person_id from concern_kept where school_id = :school and concern_id = :concern"
    " union select person_id from authority_concern_kept where concern_id = :concern"
)
READERS = sql("select route, person_id, name from identity.readers()").columns(
    column("route", String), column("person_id", Uuid), column("name", String)
)
_NUMBERS = Ready(
    select(NUMBERS.c.dsl_phone, NUMBERS.c.officer_phone, NUMBERS.c.out_of_hours_phone).where(
        NUMBERS.c.school_id == bindparam("school_id"), NUMBERS.c.authority_id == bindparam("authority_id")
    )
)
UNREAD_SCHOOLS = sql("select identity.schools_without_reader() ids").columns(column("ids", ARRAY(Uuid)))
UNREAD = sql("select identity.concerns_without_reader() waiting").columns(column("waiting", Integer))


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads concerns, or is to."""

    person_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads what is raised in one school, by the accounts that can, and where to call them.

    Without anybody at school a concern about a child goes to the officer too; `dsl_name` is empty then.
    """

    dsl: tuple[Reader, ...]
    officers: tuple[Reader, ...]
    dsl_phone: str
    officer_phone: str
    out_of_hours_phone: str

    @property
    def dsl_names(self) -> tuple[str, ...]:
        return tuple(reader.name for reader in self.dsl)

    @property
    def officer_names(self) -> tuple[str, ...]:
        return tuple(reader.name for reader in self.officers)

    @property
    def dsl_name(self) -> str:
        return self.dsl_names[0] if self.dsl_names else ""

    @property
    def officer_name(self) -> str:
        return self.officer_names[0] if self.officer_names else ""


def get_readers(
    session: Session, school_id: UUID, authority_id: UUID, *, but: Collection[UUID] = ()
) -> Readers:
    """Of the scope's own school, `but` these people. Raises NotFound when there is no such school."""
    with together(session) as ask:
        numbers = ask(_find_numbers, school_id, authority_id)
        reading = ask(list_readers)
    row = numbers.value
    if row is None:
        raise NotFound
    found: dict[str, list[Reader]] = {"dsl": [], "officer": []}
    for reader in reading.value:
        if reader.person_id not in but:
            found[reader.route].append(Reader(reader.person_id, reader.name))
    dsl_phone, *others = row
    return Readers(tuple(found["dsl"]), tuple(found["officer"]), dsl_phone if found["dsl"] else "", *others)


@read_once
def _find_numbers(session: Session, school_id: UUID, authority_id: UUID) -> Row[*tuple[Any, ...]] | None:
    return _first(_NUMBERS.all(session, {"school_id": school_id, "authority_id": authority_id}))


def _first(rows: Sequence[Any]) -> Row[*tuple[Any, ...]] | None:
    return next(iter(rows), None)


def list_coming(session: Session) -> dict[str, tuple[Reader, ...]]:
    """Those who are asked for as readers in the scope's school and do not read yet, by route."""
    found = session.execute(COMING).all()
    return {
        route: tuple(Reader(one.person_id, one.name) for one in found if one.route == route)
        for route in ("dsl", "officer")
    }


def list_kept_from(session: Session, school_id: UUID, concern_id: UUID) -> set[UUID]:
    """From whom a concern is kept, for whoever raised it there."""
    return set(session.scalars(KEPT_FROM, {"school": school_id, "concern": concern_id}))


def list_schools_without_reader(session: Session) -> Sequence[School]:
    """Running schools of the scope's authority where nobody who reads concerns can sign in, by name."""
    ids = _list_unread_schools(session)
    return list_by_ids(session, ids) if ids else []


@read_once
def _list_unread_schools(session: Session) -> list[UUID]:
    return list(session.execute(UNREAD_SCHOOLS).scalar_one())


@read_once
def count_without_reader(session: Session) -> int:
    """How many open concerns of the scope's authority nobody who can sign in may read."""
    return int(session.execute(UNREAD).scalar_one())


def has_reader(session: Session) -> bool:
    """Whether somebody of the scope's school who reads concerns can sign in."""
    return any(reader.route == "dsl" for reader in list_readers(session))


@read_once
def list_readers(session: Session) -> list[Row[Any]]:
    """Route, person and name of everybody who reads the scope's concerns and can sign in."""
    return list(session.execute(READERS))


#: Who reads concerns, for pages that say it.
PARTS: tuple[Part, ...] = (
    Part(list_readers, READERS),
    Part(_find_numbers, _NUMBERS, takes=("school_id", "authority_id"), answer=_first),
)
#: Where nobody reads them, for the home of a council.
PARTS_OF_COUNCIL = (
    Part(_list_unread_schools, UNREAD_SCHOOLS, answer=lambda rows: list(rows[0].ids)),
    Part(count_without_reader, UNREAD, answer=lambda rows: rows[0].waiting),
)
