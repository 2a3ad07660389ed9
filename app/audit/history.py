"""Who did what to somebody or something, read from the trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    DateTime,
    FromClause,
    Select,
    String,
    Uuid,
    bindparam,
    column,
    func,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, scoped_session

from app.audit.trail import Event
from tenants.ready import Ready
from tenants.scope import Scope

_TRAIL = table(
    "audit_event",
    column("school_id", Uuid),
    column("id", Uuid),
    column("subject_id", Uuid),
    column("event", String),
    column("details", JSONB),
    column("at", DateTime),
    column("actor_id", Uuid),
)
_DONE = (
    text(
        "select school_id, id, subject_id, event, details, at, actor_id from audit_event"
        " where school_id = :school_id and subject_id = any (:subjects) and event = any (:events)"
        " order by at desc, id desc limit :most"
    )
    .columns(
        column("school_id"),
        column("id"),
        column("subject_id"),
        column("event"),
        column("details", JSONB),
        column("at"),
        column("actor_id"),
    )
    .subquery("done")
)
_LAST_AT_SCHOOL = text(
    "select subject_id, max(at) from audit_event where school_id = :owner and event = :event"
    " and subject_id = any (:subjects) group by subject_id"
)
_LAST_AT_COUNCIL = text(
    "select subject_id, max(at) from authority_audit_event where authority_id = :owner and event = :event"
    " and subject_id = any (:subjects) group by subject_id"
)
#: An event and what it is about are written together, a moment apart.
TOGETHER = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Done:
    """One entry of the trail: `who` is empty where it was not a person of the school, or nobody knows."""

    subject_id: UUID
    event: str
    details: dict[str, Any]
    at: datetime
    actor_id: UUID | None
    who: str

    def is_of(self, moment: datetime, **details: Any) -> bool:
        """Whether this is the entry of something that happened at `moment` with these details."""
        return abs(self.at - moment) <= TOGETHER and all(
            self.details.get(key) == value for key, value in details.items()
        )


def list_done(
    session: Session | scoped_session[Any],
    school_id: UUID,
    subjects: Sequence[UUID],
    events: Sequence[str],
    *,
    actors: FromClause,
    most: int = 200,
) -> list[Done]:
    """Who did these things to these subjects, newest first.

    `actors` has `school_id`, `id` and `name` of whoever may be named, where this audience may read it.
    """
    values = {"school_id": school_id, "subjects": list(subjects), "events": list(events), "most": most}
    return [Done(*row) for row in _done_by(actors).all(session, values)]


def done_about(
    actors: FromClause, subjects: Select[*tuple[Any, ...]], events: Sequence[str], *, most: int = 200
) -> Select[*tuple[Any, ...]]:
    """What reads the same of a school's subjects that another statement chooses, for who makes `Done` of its rows."""
    newest = (
        select(_TRAIL)
        .where(
            _TRAIL.c.school_id == bindparam("school_id"),
            _TRAIL.c.subject_id.in_(subjects),
            _TRAIL.c.event.in_(events),
        )
        .order_by(_TRAIL.c.at.desc(), _TRAIL.c.id.desc())
        .limit(most)
        .subquery("done")
    )
    return _named(newest, actors)


@cache
def _done_by(actors: FromClause) -> Ready:
    """The statement, for each of the few things that say who may be named."""
    return Ready(_named(_DONE, actors))


def _named(events: FromClause, actors: FromClause) -> Select[*tuple[Any, ...]]:
    done = events.c
    return (
        select(
            done.subject_id,
            done.event,
            done.details,
            done.at,
            done.actor_id,
            func.coalesce(actors.c.name, ""),
        )
        .outerjoin(actors, (actors.c.school_id == done.school_id) & (actors.c.id == done.actor_id))
        .order_by(done.at.desc(), done.id.desc())
    )


def list_last(
    session: Session | scoped_session[Any], scope: Scope, event: Event, subjects: Sequence[UUID]
) -> dict[UUID, datetime]:
    """When this was last done to each of these, by the trail of the place that `scope` is of."""
    values = {"owner": scope.school_id or scope.authority_id, "event": event.name, "subjects": list(subjects)}
    rows = session.execute(_LAST_AT_SCHOOL if scope.school_id else _LAST_AT_COUNCIL, values)
    return {row[0]: row[1] for row in rows}
