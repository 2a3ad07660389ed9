"""A parent's own group and its next session. Scope first; another parent's group is not found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    String,
    any_,
    bindparam,
    column,
    func,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.orm import Session

from app.cohorts.models import Cohort, CohortSession, Enrolment
from app.shell.errors import NotFound
from app.states.groups import BELONGS, UNDER_WAY, PlaceState, SessionState
from tenants.pages import Part, first, looked, own_part
from tenants.reading import read_once

#: Sessions at which the parent of this scope was; the database says which.
ATTENDED = any_(func.app.attended_session_ids())
_MY_LEADERS = text("select names from app.my_leaders() where cohort_id = :cohort_id").columns(
    column("names", ARRAY(String))
)


@dataclass(frozen=True, slots=True)
class NextSession:
    """The next session of a parent's own group."""

    id: UUID
    number: int
    on_date: date
    starts_at: time
    ends_at: time
    room: str
    #: Its code, as a `CohortSession` has it; empty where none was chosen.
    topic: str
    i_cannot_come: bool


_MY_GROUP = (
    select(Cohort)
    .join(Enrolment, (Enrolment.school_id == Cohort.school_id) & (Enrolment.cohort_id == Cohort.id))
    .where(
        Cohort.school_id == bindparam("school_id"),
        Enrolment.parent_id == bindparam("parent_id"),
        Enrolment.status.in_(BELONGS),
    )
    .order_by(Cohort.first_on.desc().nulls_first(), Cohort.id)
    .limit(1)
)


@read_once
def find_my_group(session: Session, school_id: UUID, parent_id: UUID) -> Cohort | None:
    """The newest group that this parent is, or was, in."""
    return session.scalar(_MY_GROUP, {"school_id": school_id, "parent_id": parent_id})


#: The parts after it are asked by that group.
MY_GROUP = own_part(
    find_my_group,
    _MY_GROUP,
    first(looked(Cohort)),
    gives={"cohort_id": "id"},
)


def get_my_group(session: Session, school_id: UUID, parent_id: UUID) -> Cohort:
    """The same group. Raises NotFound for somebody who has had none."""
    group = find_my_group(session, school_id, parent_id)
    if group is None:
        raise NotFound
    return group


def find_my_group_id(session: Session, school_id: UUID, parent_id: UUID) -> UUID | None:
    """The group of this parent's newest place, also while the group itself is not shown to them."""
    return session.scalar(
        select(Enrolment.cohort_id)
        .where(
            Enrolment.school_id == school_id,
            Enrolment.parent_id == parent_id,
            Enrolment.status.in_(BELONGS),
        )
        .order_by(Enrolment.joined_at.desc(), Enrolment.cohort_id)
        .limit(1)
    )


def my_group_ids(school_id: Any, parent_id: Any) -> Select[UUID]:
    """Every group that this parent belongs to, for another statement to choose by."""
    return select(Enrolment.cohort_id).where(
        Enrolment.school_id == school_id, Enrolment.parent_id == parent_id, Enrolment.status.in_(BELONGS)
    )


def list_my_names(session: Session, school_id: UUID, parent_id: UUID) -> dict[UUID, str]:
    """Every group that this parent belongs to -> its name."""
    rows = session.execute(
        select(Cohort.id, Cohort.name).where(
            Cohort.school_id == school_id, Cohort.id.in_(my_group_ids(school_id, parent_id))
        )
    )
    return dict(rows.all())


def next_session_of(said: Select[UUID]) -> Select[*tuple[Any, ...]]:
    """The next planned session of the group that parent `parent_id` is in, until its end, as a `NextSession` has it.

    `said` chooses the sessions of which they said that they cannot come.
    """
    return (
        select(
            CohortSession.id,
            CohortSession.number,
            CohortSession.on_date,
            CohortSession.starts_at,
            CohortSession.ends_at,
            func.coalesce(func.nullif(CohortSession.room, ""), Cohort.room).label("room"),
            CohortSession.topic,
            CohortSession.id.in_(said).label("i_cannot_come"),
        )
        .join(Cohort, (Cohort.school_id == CohortSession.school_id) & (Cohort.id == CohortSession.cohort_id))
        .join(
            Enrolment,
            (Enrolment.school_id == CohortSession.school_id)
            & (Enrolment.cohort_id == CohortSession.cohort_id),
        )
        .where(
            CohortSession.school_id == bindparam("school_id"),
            Enrolment.parent_id == bindparam("parent_id"),
            Enrolment.status == PlaceState.IN_GROUP,
            Cohort.state.in_(UNDER_WAY),
            CohortSession.state == SessionState.PLANNED,
            tuple_(CohortSession.on_date, CohortSession.ends_at)
            > tuple_(bindparam("today"), bindparam("time")),
        )
        .order_by(CohortSession.on_date, CohortSession.number)
        .limit(1)
    )


def as_next_session(rows: Sequence[Any]) -> NextSession | None:
    """Of the rows of `next_session_of`; None when there is none to come."""
    return NextSession(*rows[0]) if rows else None


@read_once
def get_my_session(session: Session, school_id: UUID, parent_id: UUID, session_id: UUID) -> CohortSession:
    """A session of a group that this parent belongs to, or one that they came to. Raises NotFound."""
    found = session.scalar(
        select(CohortSession).where(
            CohortSession.school_id == school_id,
            CohortSession.id == session_id,
            or_(
                _belongs(CohortSession.school_id, CohortSession.cohort_id, parent_id),
                CohortSession.id == ATTENDED,
            ),
        )
    )
    if found is None:
        raise NotFound
    return found


def list_attended(session: Session, school_id: UUID, *, among: Select[UUID]) -> list[CohortSession]:
    """Sessions of `among` that this parent came to, the last first; in the parent's own scope.

    They stay theirs after leaving; the database says which they are.
    """
    return list(
        session.scalars(
            select(CohortSession)
            .where(
                CohortSession.school_id == school_id,
                CohortSession.id == ATTENDED,
                CohortSession.id.in_(among),
            )
            .order_by(CohortSession.on_date.desc())
        )
    )


@read_once
def list_my_leaders(session: Session, cohort_id: UUID) -> list[str]:
    """First names of those who lead the group in which this parent has a place; none for any other group."""
    return session.execute(_MY_LEADERS, {"cohort_id": cohort_id}).scalar_one_or_none() or []


MY_LEADERS = Part(
    list_my_leaders,
    _MY_LEADERS,
    takes=("cohort_id",),
    answer=lambda rows: (rows[0].names or []) if rows else [],
)


def _belongs(school_id: Any, cohort_id: Any, parent_id: UUID) -> ColumnElement[bool]:
    return (
        select(Enrolment.cohort_id)
        .where(
            Enrolment.school_id == school_id,
            Enrolment.cohort_id == cohort_id,
            Enrolment.parent_id == parent_id,
            Enrolment.status.in_(BELONGS),
        )
        .exists()
    )
