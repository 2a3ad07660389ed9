"""Who is in a group, by id: now, and while one of its sessions was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.cohorts.models import Cohort, CohortSession, Enrolment
from app.cohorts.times import Timed, begins_at, ends_at
from app.recruitment.queries import list_contacts
from app.states.groups import BELONGS, UNDER_WAY
from tenants.reading import read_once

_BELONGS = Enrolment.status.in_(BELONGS)


@read_once
def list_member_ids(session: Session, school_id: UUID, cohort_id: UUID) -> list[UUID]:
    """Parents with a place in the group, or who finished it, in the order in which they joined."""
    chosen = members_ids(school_id, cohort_id)
    return list(session.scalars(chosen.order_by(Enrolment.joined_at, Enrolment.id)))


def members_ids(school_id: UUID, cohort_id: UUID, *, under_way: bool = False) -> Select[UUID]:
    """The same, for another statement to choose by; `under_way`: nobody once the group is over."""
    chosen = select(Enrolment.parent_id).where(
        Enrolment.school_id == school_id, Enrolment.cohort_id == cohort_id, _BELONGS
    )
    if not under_way:
        return chosen
    group = select(Cohort.id).where(
        Cohort.school_id == school_id, Cohort.id == cohort_id, Cohort.state.in_(UNDER_WAY)
    )
    return chosen.where(group.exists())


def had_place(meeting: Timed) -> ColumnElement[bool]:
    """Whether a place was held while `meeting` was: taken before its end, and not given back before its start.

    Of a session to come: whoever has a place now.
    """
    return and_(Enrolment.joined_at < ends_at(meeting), or_(_BELONGS, Enrolment.left_at > begins_at(meeting)))


def all_ids(school_id: UUID, cohort_id: UUID) -> Select[UUID]:
    """Whoever has, or had, a place in the group, for another statement to choose by."""
    return select(Enrolment.parent_id).where(
        Enrolment.school_id == school_id, Enrolment.cohort_id == cohort_id
    )


def list_all_places(
    session: Session, school_id: UUID, meeting: CohortSession
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every place of its group, given back or not, with whether it was held while `meeting` was."""
    held = had_place(meeting).label("had_place")
    return session.execute(
        select(Enrolment.parent_id, Enrolment.joined_at, held).where(
            Enrolment.school_id == school_id, Enrolment.cohort_id == meeting.cohort_id
        )
    ).all()


def list_names(session: Session, school_id: UUID, meeting: CohortSession) -> list[str]:
    """The names on its register, for the school's staff and their paper; never a mark."""
    ids = session.scalars(
        select(Enrolment.parent_id).where(
            Enrolment.school_id == school_id, Enrolment.cohort_id == meeting.cohort_id, had_place(meeting)
        )
    )
    contacts = list_contacts(session, school_id, list(ids)).values()
    return [one.name for one in sorted(contacts, key=lambda one: (one.first_name, one.last_name))]


@read_once
def has_been_in(session: Session, school_id: UUID, cohort_id: UUID, parent_id: UUID) -> bool:
    """Whether a parent has, or had, a place in this group."""
    return bool(
        session.scalar(
            select(func.count()).where(
                Enrolment.school_id == school_id,
                Enrolment.cohort_id == cohort_id,
                Enrolment.parent_id == parent_id,
            )
        )
    )


def has_place_since(session: Session, school_id: UUID, cohort_id: UUID, parent_id: UUID) -> datetime | None:
    """When the place that a parent has in this group was taken; None where they have none."""
    return session.scalar(
        select(func.max(Enrolment.joined_at)).where(
            Enrolment.school_id == school_id,
            Enrolment.cohort_id == cohort_id,
            Enrolment.parent_id == parent_id,
            _BELONGS,
        )
    )


def list_cohort_ids(session: Session, school_id: UUID, parent_id: UUID) -> list[UUID]:
    """Groups that a parent is, or was, in."""
    return list(
        session.scalars(
            select(Enrolment.cohort_id)
            .where(Enrolment.school_id == school_id, Enrolment.parent_id == parent_id)
            .order_by(Enrolment.joined_at, Enrolment.id)
        )
    )
