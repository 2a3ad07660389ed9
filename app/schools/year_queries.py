"""Terms and days on which schools are shut, as a school and its authority keep them. Scope first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.calendar.school_year import ShutDays, Term
from app.schools.models import AuthorityClosedDay, AuthorityTerm, SchoolClosedDay
from tenants.pages import Part, looked
from tenants.reading import read_once
from tenants.ready import Ready
from tenants.together import together

_TERMS = (
    select(AuthorityTerm)
    .where(AuthorityTerm.authority_id == bindparam("authority_id"))
    .order_by(AuthorityTerm.starts_on, AuthorityTerm.id)
)
_CLOSED = (
    select(SchoolClosedDay)
    .where(SchoolClosedDay.school_id == bindparam("school_id"))
    .order_by(SchoolClosedDay.on_date, SchoolClosedDay.id)
)
_CLOSED_FOR_ALL = (
    select(AuthorityClosedDay)
    .where(AuthorityClosedDay.authority_id == bindparam("authority_id"))
    .order_by(AuthorityClosedDay.on_date, AuthorityClosedDay.id)
)
_SHUT = Ready(
    select(SchoolClosedDay.on_date)
    .where(SchoolClosedDay.school_id == bindparam("school_id"))
    .union(
        select(AuthorityClosedDay.on_date).where(AuthorityClosedDay.authority_id == bindparam("authority_id"))
    )
)


@read_once
def list_term_rows(session: Session, authority_id: UUID) -> list[AuthorityTerm]:
    """The terms as they are kept, in order."""
    return list(session.scalars(_TERMS, {"authority_id": authority_id}))


@read_once
def list_terms(session: Session, authority_id: UUID) -> list[Term]:
    """The terms as the calendar plans with them."""
    return _as_terms(list_term_rows(session, authority_id))


def _as_terms(rows: Sequence[Any]) -> list[Term]:
    return [
        Term(row.name, row.starts_on, row.half_term_starts_on, row.half_term_ends_on, row.ends_on)
        for row in rows
    ]


#: The same as they were entered.
TERM_ROWS = Part(list_term_rows, _TERMS, takes=("authority_id",), answer=looked(AuthorityTerm))
TERMS = Part(list_terms, _TERMS, takes=("authority_id",), answer=_as_terms)


@read_once
def list_closed_days(session: Session, school_id: UUID) -> list[SchoolClosedDay]:
    """Days on which the school is shut, in order."""
    return list(session.scalars(_CLOSED, {"school_id": school_id}))


CLOSED_DAYS = Part(list_closed_days, _CLOSED, takes=("school_id",), answer=looked(SchoolClosedDay))


@read_once
def _list_shut(session: Session, authority_id: UUID, school_id: UUID) -> Sequence[Any]:
    return _SHUT.all(session, {"school_id": school_id, "authority_id": authority_id})


SHUT = Part(_list_shut, _SHUT, takes=("authority_id", "school_id"))


@read_once
def get_shut_days(session: Session, authority_id: UUID, school_id: UUID) -> ShutDays:
    """Days that the school or its council entered as shut, for whoever speaks of a day; why is for staff."""
    with together(session) as ask:
        days = ask(_list_shut, authority_id, school_id)
        terms = ask(list_terms, authority_id)
    return ShutDays(frozenset(row.on_date for row in days.value), tuple(terms.value))


@read_once
def list_days_closed_for_all(session: Session, authority_id: UUID) -> list[AuthorityClosedDay]:
    """Days on which all schools of the authority are shut, in order."""
    return list(session.scalars(_CLOSED_FOR_ALL, {"authority_id": authority_id}))


DAYS_CLOSED_FOR_ALL = Part(
    list_days_closed_for_all, _CLOSED_FOR_ALL, takes=("authority_id",), answer=looked(AuthorityClosedDay)
)
