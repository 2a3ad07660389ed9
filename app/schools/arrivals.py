"""The first time that somebody at work comes in, noted in the list of people that they stand in."""

from __future__ import annotations

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from app.identity.roles import SCHOOL_STAFF, Role
from app.schools.models import AuthorityMember, StaffMember
from infra.clock import now
from tenants.scope import Scope


def mark_arrived(session: Session, role: Role, scope: Scope) -> bool:
    """Note that somebody at work came in, as that person; whether it was the first time."""
    if role in SCHOOL_STAFF:
        own = (StaffMember.school_id == scope.school_id) & (StaffMember.id == scope.person_id)
        statement = (
            update(StaffMember).where(own, StaffMember.accepted_at.is_(None)).values(accepted_at=now())
        )
    else:
        own = (AuthorityMember.authority_id == scope.authority_id) & (AuthorityMember.id == scope.person_id)
        statement = (
            update(AuthorityMember)
            .where(own, AuthorityMember.accepted_at.is_(None))
            .values(accepted_at=now())
        )
    marked = session.execute(statement.execution_options(synchronize_session=False))
    return isinstance(marked, CursorResult) and marked.rowcount > 0
