"""What a home shows of groups, put together from what their package answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.cohorts import my_queries as mine
from app.cohorts import queries as cohorts
from app.cohorts.models import Cohort, CohortSession
from app.documents.queries import find_my_certificate
from app.identity.websession import Identity
from app.meetings import queries as meetings
from app.meetings.health import GroupHealth, group_health
from app.meetings.notes import list_my_meetings
from app.meetings.view import my_line
from app.states.groups import UNDER_WAY, GroupState
from tenants.together import together


def list_health(session: Session, school_id: UUID) -> list[GroupHealth]:
    """How each group that has met is doing."""
    running = [one for one in cohorts.list_running(session, school_id) if one.state == GroupState.RUNNING]
    with together(session) as ask:
        found = [ask(group_health, school_id, group) for group in running]
    return [health.value for health in found if health.value.done]


@dataclass(frozen=True, slots=True)
class MyGroup:
    """A parent's group, as far as there is one; else the meetings of earlier ones."""

    group: Cohort | None = None
    sessions: list[CohortSession] = field(default_factory=list)
    leaders: list[str] = field(default_factory=list)
    certificate_id: UUID | None = None
    line: list[dict[str, Any]] = field(default_factory=list)
    meetings: Sequence[Any] = ()


def read_my_group(session: Session, who: Identity) -> MyGroup:
    """The group of whoever asks, with what their home shows of it."""
    group = mine.find_my_group(session, who.own_school_id, who.person_id)
    if group is None:
        return MyGroup(meetings=list_my_meetings(session, who.own_school_id))
    with together(session) as ask:
        sessions = ask(cohorts.list_sessions, who.own_school_id, group.id)
        leaders = ask(mine.list_my_leaders, group.id)
        certificate = ask(find_my_certificate, who.own_school_id, who.person_id, group.id)
        notes = ask(meetings.list_notes_states, who.own_school_id, group.id)
        notices = ask(meetings.list_my_notices, who.own_school_id, who.person_id, group.id)
    return MyGroup(
        group,
        sessions.value,
        leaders.value if group.state in UNDER_WAY else [],
        certificate.value,
        my_line(sessions.value, notes.value, notices.value) if sessions.value else [],
    )
