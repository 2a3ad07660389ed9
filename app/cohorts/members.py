"""Who is in a group, by id: now, and while one of its sessions was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.cohorts.models import Cohort, CohortSession, Enrolment
from app.cohorts.times import Timed, begins_at, ends_at
from app.recruitment.queries import list_contacts
from app.states.groups import BELONGS, UNDER_WAY
from tenants.pages import Part
from tenants.reading import read_once
from tenants.ready import Ready

_BELONGS = Enrolment.status.in_(BELONGS)
_OF_GROUP = (Enrolment.school_id == bindparam("school_id"), Enrolment.cohort_id == bindparam("cohort_id"))
#: Whoever has, or had, a place in a group, for another statement to choose by.
EVER = select(Enrolment.parent_id).where(*_OF_GROUP)
_ALL_PLACES = Ready(
    select(Enrolment.parent_id, Enrolment.joined_at, Enrolment.left_at, Enrolment.status).where(*_OF_GROUP)
)


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


@read_once
def list_all_places(session: Session, school_id: UUID, cohort_id: UUID) -> Sequence[Any]:
    """Every place of a group, given back or not: whose, and when it was taken and given back."""
    return _ALL_PLACES.all(session, {"school_id": school_id, "cohort_id": cohort_id})


#: What a page reads ahead of it.
ALL_PLACES = Part(list_all_places, _ALL_PLACES, takes=("school_id", "cohort_id"))


def had_place(place: Any, meeting: Timed) -> bool:
    """Whether this place was held while `meeting` was: taken before its end, and not given back before its start.

    Of a session to come: whoever has a place now.
    """
    left_later = place.left_at is not None and place.left_at > begins_at(meeting)
    return place.joined_at < ends_at(meeting) and (place.status in BELONGS or left_later)


def list_names(session: Session, school_id: UUID, meeting: CohortSession) -> list[str]:
    """The names on its register, for the school's staff and their paper; never a mark."""
    places = list_all_places(session, school_id, meeting.cohort_id)
    ids = [one.parent_id for one in places if had_place(one, meeting)]
    contacts = list_contacts(session, school_id, ids).values()
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
