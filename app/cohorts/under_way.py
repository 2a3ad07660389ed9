"""Of the groups of a school that are forming or meeting, all at once, where a page asks for each in turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.cohorts.models import Cohort, CohortFacilitator, CohortSession, Enrolment
from app.cohorts.queries import (
    MEMBERS_OF,
    RUNNING,
    Member,
    get_cohort,
    list_facilitator_ids,
    list_members,
    list_sessions,
)
from app.recruitment.published import CONTACTS
from app.states.groups import BELONGS, UNDER_WAY
from tenants.pages import Keep, Part, looked
from tenants.reading import is_look, note_read, read_ahead, was_read
from tenants.together import together

#: Of the groups of a school that are forming or meeting.
_UNDER_WAY = select(Cohort).where(Cohort.school_id == bindparam("school_id"), Cohort.state.in_(UNDER_WAY))
THEIR_IDS = _UNDER_WAY.with_only_columns(Cohort.id)
_THEIR_SESSIONS = (
    select(CohortSession)
    .where(CohortSession.school_id == bindparam("school_id"), CohortSession.cohort_id.in_(THEIR_IDS))
    .order_by(CohortSession.cohort_id, CohortSession.on_date, CohortSession.number)
)
_THEIR_LEADERS = (
    select(CohortFacilitator.cohort_id, CohortFacilitator.facilitator_id)
    .where(CohortFacilitator.school_id == bindparam("school_id"), CohortFacilitator.cohort_id.in_(THEIR_IDS))
    .order_by(CohortFacilitator.assigned_at, CohortFacilitator.facilitator_id)
)


def look_ahead(session: Session, school_id: UUID) -> None:
    """Read the groups that are forming or meeting, their sessions and who leads them by three statements in one trip,
    where a page asks for each in turn."""
    if not is_look(session) or was_read(session, look_ahead, school_id, ("all",)):
        return
    values = {"school_id": school_id}
    with together(session) as ask:
        groups = ask.rows(_UNDER_WAY, values)
        meetings = ask.rows(_THEIR_SESSIONS, values)
        chosen = ask.rows(_THEIR_LEADERS, values)
    sessions: dict[UUID, list[CohortSession]] = {row.Cohort.id: [] for row in groups.value}
    leading: dict[UUID, list[UUID]] = {one: [] for one in sessions}
    for row in meetings.value:
        sessions[row.CohortSession.cohort_id].append(row.CohortSession)
    for row in chosen.value:
        leading[row.cohort_id].append(row.facilitator_id)
    for row in groups.value:
        read_ahead(session, get_cohort, school_id, row.Cohort.id, answer=row.Cohort)
        read_ahead(session, list_sessions, school_id, row.Cohort.id, answer=sessions[row.Cohort.id])
        read_ahead(session, list_facilitator_ids, school_id, row.Cohort.id, answer=leading[row.Cohort.id])


_THEIR_MEMBERS = (
    MEMBERS_OF.add_columns(Enrolment.cohort_id)
    .where(
        Enrolment.school_id == bindparam("school_id"),
        Enrolment.cohort_id.in_(THEIR_IDS),
        Enrolment.status.in_(BELONGS),
    )
    .order_by(CONTACTS.c.first_name, CONTACTS.c.last_name, Enrolment.parent_id)
)


def by_group(query: Callable[..., Any], answer: Callable[[Sequence[Any]], Any]) -> Keep:
    """Has what a statement found of all groups under way ready for who asks for each: rows by their `cohort_id`."""

    def keep(session: Any, rows: Sequence[Any], values: Mapping[str, Any]) -> None:
        theirs: dict[UUID, list[Any]] = {one: [] for one in _under_way(session, values["school_id"])}
        for row in rows:
            theirs[row.cohort_id].append(row)
        for one, found in theirs.items():
            read_ahead(session, query, values["school_id"], one, answer=answer(found))

    return keep


def _under_way(session: Any, school_id: UUID) -> list[UUID]:
    found: list[UUID] = was_read(session, look_ahead, school_id, ("all",))["all"]
    return found


_as_cohorts, _as_sessions = looked(Cohort), looked(CohortSession)


def _keep_groups(session: Any, rows: Sequence[Any], values: Mapping[str, Any]) -> None:
    note_read(session, look_ahead, values["school_id"], {"all": [row.id for row in rows]})
    for one in _as_cohorts(rows):
        read_ahead(session, get_cohort, values["school_id"], one.id, answer=one)


#: Of each group under way, what its queries answer; the groups themselves first.
PARTS_OF_SCHOOL = (
    RUNNING,
    Part(None, _UNDER_WAY, keep=_keep_groups),
    Part(None, _THEIR_SESSIONS, keep=by_group(list_sessions, _as_sessions)),
    Part(
        None,
        _THEIR_LEADERS,
        keep=by_group(list_facilitator_ids, lambda rows: [row.facilitator_id for row in rows]),
    ),
    Part(
        None,
        _THEIR_MEMBERS,
        keep=by_group(list_members, lambda rows: [Member(*row[:-1]) for row in rows]),
    ),
)
