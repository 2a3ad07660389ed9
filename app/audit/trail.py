"""The audit trail: an event for every change, with a fixed set of keys per event and no personal data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from flask import g, has_request_context
from flask import session as web_session
from sqlalchemy import text
from sqlalchemy.orm import Session, scoped_session

from infra.clock import now
from infra.ids import new_id
from tenants.session import ScopedSession

_INSERT = {
    "school": text(
        "insert into audit_event (school_id, id, event, subject_id, actor_audience, actor_role, actor_id, details,"
        " request_id, at) values (:owner, :id, :event, :subject_id, :audience, :role, :actor, :details, :request, :at)"
    ),
    "authority": text(
        "insert into authority_audit_event (authority_id, id, event, subject_id, actor_audience, actor_role, actor_id,"
        " details, request_id, at)"
        " values (:owner, :id, :event, :subject_id, :audience, :role, :actor, :details, :request, :at)"
    ),
}


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of event, `source:subject:action`, and exactly the keys that its details have."""

    name: str
    keys: frozenset[str]


EVENTS: dict[str, Event] = {}


def define(name: str, keys: tuple[str, ...] = ()) -> Event:
    """Declare an event of a package. Raises ValueError when the name is taken."""
    if name in EVENTS:
        raise ValueError(f"the event {name} is declared twice")
    EVENTS[name] = Event(name, frozenset(keys))
    return EVENTS[name]


def record(
    session: Session | scoped_session[Any],
    event: Event,
    *,
    subject_id: UUID | None = None,
    school_id: UUID | None = None,
    **details: str | int | bool | UUID | None,
) -> None:
    """Write `event` in the change's own transaction: to `school_id`'s trail, else to the scope's own.

    Raises ValueError when the details are not exactly the event's keys.
    """
    if set(details) != event.keys:
        raise ValueError(f"{event.name} takes {sorted(event.keys)}, not {sorted(details)}")
    scope = cast(ScopedSession, session() if isinstance(session, scoped_session) else session).scope
    owner = school_id or scope.school_id
    session.execute(
        _INSERT["school" if owner else "authority"],
        {
            "owner": owner or scope.authority_id,
            "id": new_id(),
            "event": event.name,
            "subject_id": subject_id,
            "audience": scope.audience.value,
            "role": _acting_role(),
            "actor": scope.person_id,
            "details": json.dumps(_plain(details)),
            "request": g.get("request_id", "") if has_request_context() else "",
            "at": now(),
        },
    )


def _acting_role() -> str:
    identity = getattr(web_session, "identity", None) if has_request_context() else None
    return identity.role.value if identity else "system"


def _plain(details: Mapping[str, str | int | bool | UUID | None]) -> dict[str, str | int | bool | None]:
    return {key: str(value) if isinstance(value, UUID) else value for key, value in details.items()}
