"""The marks of a register: which there are, which mean that somebody was there, and those of a whole group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.cohorts.under_way import THEIR_IDS, by_group
from app.meetings.models import Attendance
from app.states.groups import HERE, Mark
from tenants.pages import Part
from tenants.reading import read_once
from tenants.ready import Ready

MARKS = (*HERE, Mark.APOLOGY, Mark.ABSENT)

_OF_GROUP = Ready(
    select(Attendance.parent_id, Attendance.session_id, Attendance.mark).where(
        Attendance.school_id == bindparam("school_id"), Attendance.cohort_id == bindparam("cohort_id")
    )
)


class Marked(NamedTuple):
    """One mark as somebody changed it on their page: what they saw there (empty for none), and what they chose."""

    saw: str
    chosen: str


def was_here(mark: str | None) -> bool:
    """Whether a mark says that somebody came, also late or not to the end."""
    return mark in HERE


@read_once
def list_of_group(session: Session, school_id: UUID, cohort_id: UUID) -> dict[UUID, dict[UUID, str]]:
    """Parent -> session -> mark, of those whom the reader may know: staff see who let them see when they come."""
    return _as_marks(_OF_GROUP.all(session, {"school_id": school_id, "cohort_id": cohort_id}))


def _as_marks(rows: Sequence[Any]) -> dict[UUID, dict[UUID, str]]:
    marks: dict[UUID, dict[UUID, str]] = {}
    for row in rows:
        marks.setdefault(row.parent_id, {})[row.session_id] = row.mark
    return marks


OF_GROUP = Part(list_of_group, _OF_GROUP, takes=("school_id", "cohort_id"), answer=_as_marks)
OF_GROUPS = Part(
    None,
    select(Attendance.parent_id, Attendance.session_id, Attendance.mark, Attendance.cohort_id).where(
        Attendance.school_id == bindparam("school_id"), Attendance.cohort_id.in_(THEIR_IDS)
    ),
    keep=by_group(list_of_group, _as_marks),
)
