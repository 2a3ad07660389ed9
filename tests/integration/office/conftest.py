"""A school's office, somebody on the list of its school, and a letter to them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from infra.clock import now
from infra.ids import new_id


@pytest.fixture
def office(client_for, world):
    return client_for(world.school.office)


@pytest.fixture
def lead(client_for, world):
    return client_for(world.school.lead)


@pytest.fixture
def as_superuser(connection):
    def run(statement, **values):
        connection.execute(text("set session authorization default"))
        answer = connection.execute(text(statement), values)
        rows = answer.mappings().all() if answer.returns_rows else []
        connection.execute(text("set session authorization wb_web"))
        return rows

    return run


@pytest.fixture
def asks(session_for, world):
    """A statement of somebody's own, as the office."""

    def ask(statement, **values):
        session = session_for(world.school.office)
        return session.execute(text(statement), values)

    return ask


@pytest.fixture
def person(as_superuser, world):
    """`person(name, stage, …)`: somebody on the school's list."""

    def add(name, stage="invited", *, school=None, **contact):
        parent_id, school_id = new_id(), (school or world.school).school_id
        as_superuser(
            "insert into parent (school_id, id, stage, stage_changed_at, invited_at, created_at)"
            " values (:school, :id, :stage, :at, :at, :at)",
            school=school_id,
            id=parent_id,
            stage=stage,
            at=now() - timedelta(days=3),
        )
        values = {
            "phone": "+447700900811",
            "email": "",
            "language": "en",
            "access_needs": "",
            "not_for_office": False,
        } | contact
        as_superuser(
            "insert into parent_contact (school_id, parent_id, first_name, last_name, phone, email, language,"
            " access_needs, not_for_office) values (:school, :id, :first, 'Quill', :phone, :email, :language,"
            " :access_needs, :not_for_office)",
            school=school_id,
            id=parent_id,
            first=name,
            **values,
        )
        return parent_id

    return add


@pytest.fixture
def letter(as_superuser, world):
    """`letter(parent_id)`: a printed invitation whose link still opens."""

    def add(parent_id, *, opens=True, age=timedelta(days=1)):
        letter_id, school = new_id(), world.school
        as_superuser(
            "insert into document (school_id, id, kind, state, file_name, object_key, sha256, size, subject_id,"
            " parent_id, created_by, created_at, next_at) values (:school, :id, 'invitation_letter', 'ready', 'l.pdf',"
            " :key, 'x', 1, :parent, :parent, 'Jo', :at, :at)",
            key=f"t/{school.school_id}/d/{letter_id}/v1",
            school=school.school_id,
            id=letter_id,
            parent=parent_id,
            at=now() - age,
        )
        if opens:
            as_superuser(
                "insert into identity.token (token_hash, salt, purpose, role, in_authority, in_school, person_id,"
                " channel, address, name, outbox_id, expires_at) values (:hash, :hash, 'parent_invitation', 'parent',"
                " :authority, :school, :parent, 'letter', '', 'Q', :id, :until)",
                hash=letter_id.bytes,
                authority=school.authority_id,
                school=school.school_id,
                parent=parent_id,
                id=letter_id,
                until=now() + timedelta(days=9),
            )
        return letter_id

    return add
