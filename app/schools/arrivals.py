"""The first time that somebody at work comes in, noted in the list of people that they stand in."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.identity.roles import SCHOOL_PEOPLE, Role
from infra.clock import now
from tenants.scope import Scope
from tenants.session import rows_written

_MARK_STAFF = text(
    "update staff_member set accepted_at = :at where school_id = :school_id and id = :id and accepted_at is null"
)
_MARK_MEMBER = text(
    "update authority_member set accepted_at = :at"
    " where authority_id = :authority_id and id = :id and accepted_at is null"
)


def mark_arrived(session: Session, role: Role, scope: Scope) -> bool:
    """Note that somebody at work came in, as that person; whether it was the first time."""
    marked = session.execute(
        _MARK_STAFF if role in SCHOOL_PEOPLE else _MARK_MEMBER,
        {
            "at": now(),
            "school_id": scope.school_id,
            "authority_id": scope.authority_id,
            "id": scope.person_id,
        },
    )
    return rows_written(marked) > 0
