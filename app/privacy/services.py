"""Shows somebody what we hold of them and hands it out as a file; each time is written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session, scoped_session

from app.audit.trail import define, record
from app.identity.roles import Role
from app.privacy import queries, words

SEEN = define("privacy:own_data:opened")
TAKEN = define("privacy:own_data:taken")

AnySession = Session | scoped_session[Any]


def show(
    session: AnySession, role: Role, school_id: UUID, person_id: UUID
) -> tuple[Sequence[words.Part], queries.Shut]:
    """What we hold of this person in the words of the page, and what is not shown. Written down."""
    record(session, SEEN, subject_id=person_id)
    held, shut = queries.list_held(session, role, school_id, person_id)
    return words.parts_of(held), shut


def take(session: AnySession, role: Role, school_id: UUID, person_id: UUID) -> dict[str, Any]:
    """The same as plain values for a file: dates in ISO 8601, nothing left out; what is not shown is named.

    Written down.
    """
    record(session, TAKEN, subject_id=person_id)
    held, shut = queries.list_held(session, role, school_id, person_id)
    taken: dict[str, Any] = {
        key: [{name: _plain(value) for name, value in row.items()} for row in rows]
        for key, rows in held.items()
    }
    if shut.just_now or shut.from_before:
        taken["not_shown"] = {name: _plain(value) for name, value in asdict(shut).items()}
    return taken


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
