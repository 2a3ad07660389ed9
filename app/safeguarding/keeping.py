"""Concerns that name somebody who is to read concerns: from that person they are kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.identity.roles import Role
from app.safeguarding.models import AuthorityConcern, Concern
from app.safeguarding.naming import names_somebody
from app.schools.for_results import stages_of
from app.schools.named_concerns import Naming
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession

#: Roles that read concerns.
READERS = frozenset({Role.SCHOOL_DSL.value, Role.NAMED_OFFICER.value})


def list_naming(name: str, role: str, *, authority_id: UUID, school_id: UUID | None) -> list[Naming]:
    """What may name the person called `name` of all that they would read as `role`; nothing for other roles.

    Read in sessions of the readers themselves, and nothing of it goes further than an id: whoever agrees to an
    appointment need not be a reader.
    """
    if role == Role.SCHOOL_DSL and school_id is not None:
        return list(_at_school(name, role, authority_id, school_id))
    if role == Role.NAMED_OFFICER:
        return list(_at_council(name, role, authority_id))
    return []


def list_naming_to(
    session: Session, reader: Role, name: str, role: str, *, authority_id: UUID, school_id: UUID | None
) -> list[Naming]:
    """What may name the person called `name` of what `reader` reads themselves, in their own scope.

    Nothing for anybody but the readers of that desk: an appointment can be asked for in any name, and whoever has to
    agree would learn by it whom concerns are about. What is kept from the reader is not counted either.
    """
    if role not in READERS:
        return []
    if reader is Role.SCHOOL_DSL and school_id is not None:
        return list(_naming(session, Concern, Concern.school_id == school_id, name, role))
    if reader is Role.NAMED_OFFICER and school_id is None:
        return list(
            _naming(session, AuthorityConcern, AuthorityConcern.authority_id == authority_id, name, role)
        )
    return []


def _at_school(name: str, role: str, authority_id: UUID, school_id: UUID) -> Iterator[Naming]:
    with ScopedSession(db.engine, scope=Scope(Audience.DSL, authority_id, school_id)) as session:
        yield from _naming(session, Concern, Concern.school_id == school_id, name, role)


def _at_council(name: str, role: str, authority_id: UUID) -> Iterator[Naming]:
    with ScopedSession(db.engine, scope=Scope(Audience.OFFICER, authority_id)) as session:
        yield from _naming(
            session, AuthorityConcern, AuthorityConcern.authority_id == authority_id, name, role
        )
        ids = list(stages_of(session, authority_id))
    for school_id in ids:
        yield from _at_school(name, role, authority_id, school_id)


def _naming(session: Session, table: Any, owned: Any, name: str, role: str) -> Iterator[Naming]:
    # What is in doubt goes past a school to the council's officer, whom nobody stands behind.
    doubt = role == Role.SCHOOL_DSL
    rows = session.execute(
        select(table.id, table.about, table.about_name, table.who_else, table.closed_at).where(owned)
    )
    for row in rows:
        if names_somebody(row.about, row.about_name, row.who_else, name, doubt=doubt):
            yield Naming(row.id, row.closed_at is None)
