"""Reads the national register of schools, one authority at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    column,
    false,
    func,
    or_,
    select,
    table,
)
from sqlalchemy.orm import Session

from app.schools.models import Authority, School
from app.schools.register_school import FIRST_INVENTED_URN, fold, normal_postcode
from app.shell.errors import NotFound
from app.states.schools import SchoolStage
from infra import clock
from tenants.pages import Part
from tenants.reading import read_once

T = TypeVar("T")

#: More words than this are not looked at: a pasted page would make a slow query and find nothing.
MOST_WORDS = 8
LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One school of the register, as it stood at the last import."""

    urn: int
    name: str
    la_code: str
    la_name: str | None
    phase: str | None
    establishment_type: str | None
    status: str
    street: str | None
    locality: str | None
    town: str | None
    postcode: str | None
    phone: str | None
    website: str | None
    trust_code: str | None
    trust_name: str | None
    federation_code: str | None
    federation_name: str | None
    low_age: int | None
    high_age: int | None
    pupils: int | None
    opened_on: date | None
    closed_on: date | None
    is_open: bool

    @property
    def address(self) -> str:
        """The address in one line."""
        return ", ".join(part for part in (self.street, self.locality, self.town, self.postcode) if part)

    @property
    def is_invented(self) -> bool:
        """Whether this school exists in demonstrations only."""
        return self.urn >= FIRST_INVENTED_URN


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a longer list. `page` counts from 1 and is never past the last."""

    items: tuple[T, ...]
    total: int
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    @property
    def previous_page(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def next_page(self) -> int | None:
        return self.page + 1 if self.page < self.pages else None


_KINDS = {"opened_on": Date, "closed_on": Date, "is_open": Boolean, "urn": Integer}
_register = table(
    "register_school",
    *(column(name, _KINDS.get(name)) for name in RegisterEntry.__slots__),
    column("postcode_norm"),
    column("search_name"),
)
_c = _register.c
#: A close date may come between two imports.
_today = bindparam("today", type_=Date, callable_=clock.today)
_open_today = and_(_c.is_open, or_(_c.closed_on.is_(None), _c.closed_on > _today)).label("is_open")
_entries = select(*(_open_today if name == "is_open" else _c[name] for name in RegisterEntry.__slots__))


def search(
    session: Session,
    *,
    la_code: str,
    text: str = "",
    phase: str | None = None,
    page: int = 1,
    per_page: int = 20,
) -> Page[RegisterEntry]:
    """The schools of one authority that fit `text` and `phase`, open ones first, then by name.

    `text` is a URN, the beginning of a postcode (with or without its space), or words of the name in any
    order and possibly unfinished. Schools of other authorities and those without one are never found.
    `page` is brought into range; `per_page` is at most 100.
    """
    where = [_c.la_code == la_code, *_matching(text)]
    if phase:
        where.append(_c.phase == phase.replace("\0", ""))
    per_page = min(max(per_page, 1), LARGEST_PAGE)
    total = session.execute(select(func.count()).select_from(_register).where(*where)).scalar_one()
    page = min(max(page, 1), max(1, -(-total // per_page)))
    statement: Select[tuple[object, ...]] = (
        _entries.where(*where)
        .order_by(_open_today.desc(), _c.search_name, _c.urn)
        .limit(per_page)
        .offset((page - 1) * per_page)
    )
    items = tuple(_entry(row) for row in session.execute(statement))
    return Page(items, total, page, per_page)


def list_phases(session: Session, *, la_code: str) -> list[str]:
    """The phases that schools of this authority have, in alphabetical order."""
    statement = (
        select(_c.phase).where(_c.la_code == la_code, _c.phase.is_not(None)).distinct().order_by(_c.phase)
    )
    return list(session.execute(statement).scalars())


def get_entry(session: Session, la_code: str, urn: int) -> RegisterEntry:
    """One school of this authority. Raises NotFound for an unknown URN and for others' schools alike."""
    found = find_entry(session, la_code, urn)
    if found is None:
        raise NotFound
    return found


def find_entry(session: Session, la_code: str, urn: int) -> RegisterEntry | None:
    """One school of this authority, or None."""
    if not 100_000 <= urn <= 999_999:
        return None
    row = session.execute(_entries.where(_c.la_code == la_code, _c.urn == urn)).one_or_none()
    return _entry(row) if row else None


def find_closed(session: Session, la_code: str, urns: Sequence[int]) -> dict[int, RegisterEntry]:
    """Those of `urns` that are closed today, by URN."""
    if not urns:
        return {}
    statement = _entries.where(_c.la_code == la_code, _c.urn.in_(urns), ~_open_today.element)
    return _by_urn(session.execute(statement).all())


#: Of an authority's own schools that have not left, what the register has closed by `today`.
_CLOSED = select(
    *(false().label(name) if name == "is_open" else _c[name] for name in RegisterEntry.__slots__)
).where(
    _c.urn.in_(
        select(School.urn).where(
            School.authority_id == bindparam("authority_id"), School.stage != SchoolStage.LEFT
        )
    ),
    _c.la_code
    == select(Authority.la_code).where(Authority.authority_id == bindparam("authority_id")).scalar_subquery(),
    or_(~_c.is_open, _c.closed_on <= bindparam("today", type_=Date)),
)


@read_once
def list_closed(session: Session, authority_id: UUID) -> dict[int, RegisterEntry]:
    """Schools on an authority's list, but those that left, that are closed today, by URN."""
    return _by_urn(session.execute(_CLOSED, {"authority_id": authority_id, "today": clock.today()}).all())


def _by_urn(rows: Sequence[Any]) -> dict[int, RegisterEntry]:
    return {entry.urn: entry for entry in map(_entry, rows)}


CLOSED = Part(list_closed, _CLOSED, takes=("authority_id",), answer=_by_urn)


def find_successor(session: Session, la_code: str, closed: RegisterEntry) -> RegisterEntry | None:
    """The open school that took a closed one's place: at the same postcode, with a word of the name in common.

    A conversion to an academy is one: the old number closes and a new one opens with the same name and place. Of
    several the one that shares most words, then the one that opened last.
    """
    if not closed.postcode:
        return None
    statement = _entries.where(
        _c.la_code == la_code, _c.postcode_norm == normal_postcode(closed.postcode), _open_today.element
    )
    words = _own_words(closed.name)
    there = [
        entry
        for entry in map(_entry, session.execute(statement))
        if entry.urn != closed.urn and words & _own_words(entry.name)
    ]
    return max(
        there,
        key=lambda entry: (len(words & _own_words(entry.name)), entry.opened_on or date.min, entry.urn),
        default=None,
    )


#: Words that say what kind of school it is and not which.
_KIND_WORDS = frozenset(
    fold(
        "school academy primary secondary junior infant infants nursery high community college church of england"
        " c e roman catholic rc voluntary aided controlled va vc the and st foundation trust for girls boys"
    ).split()
)


def _own_words(name: str) -> set[str]:
    """The words of a name by which a school is known; all of them where none is left."""
    words = set(fold(name).split())
    return words - _KIND_WORDS or words


def _matching(text: str) -> list[ColumnElement[bool]]:
    """Conditions for what somebody typed; none for nothing, an impossible one for signs only."""
    text = text[:200]
    words = fold(text).split()[:MOST_WORDS]
    if not words:
        return [_c.urn.is_(None)] if text.strip() else []
    if re.fullmatch(r"[0-9]{6}", joined := "".join(words)):
        return [_c.urn == int(joined)]
    by_name = or_(and_(*map(_begins_a_word, words)), _begins_a_word(joined))
    if re.fullmatch(r"[A-Z]{1,2}[0-9][0-9A-Z]{0,5}", normal_postcode(text)):
        return [or_(by_name, _by_postcode(text))]
    return [by_name]


def _begins_a_word(typed: str) -> ColumnElement[bool]:
    """Whether a word of the name begins so, or several do that were typed as one: *oakhill* is Oak Hill."""
    # After folding only letters and digits are left, so nothing here means anything in a pattern.
    return _c.search_name.regexp_match("(^| )" + " ?".join(typed))


def _by_postcode(text: str) -> ColumnElement[bool]:
    """Postcodes that begin so. The second half always has three signs, so *N1* is N1 and never N16."""
    first, space, _rest = text.strip().partition(" ")
    typed = normal_postcode(text)
    first_half = func.length(_c.postcode_norm) - 3
    return and_(
        _c.postcode_norm.like(f"{typed}%"),
        first_half == len(normal_postcode(first)) if space else first_half <= len(typed),
    )


def _entry(row: Row[*tuple[Any, ...]]) -> RegisterEntry:
    return RegisterEntry(*row)
