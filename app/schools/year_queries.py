"""Terms and days on which schools are shut, as a school and its authority keep them. Scope first."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendar.school_year import Term
from app.schools.models import AuthorityClosedDay, AuthorityTerm, SchoolClosedDay
from tenants.reading import read_once


def list_term_rows(session: Session, authority_id: UUID) -> list[AuthorityTerm]:
    """The terms as they are kept, in order."""
    return list(
        session.scalars(
            select(AuthorityTerm)
            .where(AuthorityTerm.authority_id == authority_id)
            .order_by(AuthorityTerm.starts_on, AuthorityTerm.id)
        )
    )


@read_once
def list_terms(session: Session, authority_id: UUID) -> list[Term]:
    """The terms as the calendar plans with them."""
    return [
        Term(row.name, row.starts_on, row.half_term_starts_on, row.half_term_ends_on, row.ends_on)
        for row in list_term_rows(session, authority_id)
    ]


@read_once
def list_closed_days(session: Session, school_id: UUID) -> list[SchoolClosedDay]:
    """Days on which the school is shut, in order."""
    return list(
        session.scalars(
            select(SchoolClosedDay)
            .where(SchoolClosedDay.school_id == school_id)
            .order_by(SchoolClosedDay.on_date, SchoolClosedDay.id)
        )
    )


def list_days_closed_for_all(session: Session, authority_id: UUID) -> list[AuthorityClosedDay]:
    """Days on which all schools of the authority are shut, in order."""
    return list(
        session.scalars(
            select(AuthorityClosedDay)
            .where(AuthorityClosedDay.authority_id == authority_id)
            .order_by(AuthorityClosedDay.on_date, AuthorityClosedDay.id)
        )
    )
