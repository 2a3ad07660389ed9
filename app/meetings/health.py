"""How a group is doing, in numbers, for its school's staff."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.cohorts import queries
from app.cohorts.queries import GroupLine
from app.cohorts.times import ends_at
from app.cohorts.timetable import is_to_come
from app.meetings import attendance
from app.states.groups import SessionState
from tenants.together import together


@dataclass(frozen=True, slots=True)
class GroupHealth:
    """A running group in numbers. `came` is of the `sharing`, who let the school see when they come."""

    group: GroupLine
    done: int
    to_come: int
    sharing: int
    came: int
    leaders: int


def group_health(session: Session, school_id: UUID, group: GroupLine) -> GroupHealth:
    """How a group is doing after its last session; whoever shares nothing with the school is not counted."""
    with together(session) as ask:
        meetings = ask(queries.list_sessions, school_id, group.id)
        people = ask(queries.list_members, school_id, group.id)
        leading = ask(queries.list_facilitator_ids, school_id, group.id)
        marked = ask(attendance.list_of_group, school_id, group.id)
    over = [one for one in meetings.value if one.state == SessionState.CLOSED]
    members = [one for one in people.value if one.shares]
    if over:
        members = [one for one in members if one.joined_at < ends_at(over[-1])]
    marks = marked.value
    came = (
        sum(attendance.was_here(marks.get(one.parent_id, {}).get(over[-1].id)) for one in members)
        if over
        else 0
    )
    to_come = sum(map(is_to_come, meetings.value))
    return GroupHealth(group, len(over), to_come, len(members), came, len(leading.value))
