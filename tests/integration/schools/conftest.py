"""Schools that are only in the register, and a lead with what the database holds for them."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from sqlalchemy import create_engine, text

from app.extensions import db
from app.schools.register_school import fold
from infra.database import sqlalchemy_url
from infra.ids import new_id

OPEN_URN, CLOSED_URN, FOREIGN_URN = 990_150, 990_151, 990_250

_ADD = text(
    "insert into register_school (urn, name, la_code, la_name, phase, status, is_open, closed_on, postcode,"
    " postcode_norm, trust_code, trust_name, search_name, row_digest)"
    " values (:urn, :name, :la, 'Somewhere', 'Primary', :status, :open, :closed, 'E8 1AB', 'E81AB', :trust, :trust,"
    " :search, '0')"
)


@pytest.fixture(scope="session", autouse=True)
def register_rows(stack, world):
    """One open school with a trust, one closed, one of the other authority; gone when all is over."""
    engine = create_engine(sqlalchemy_url(stack.url("wb_owner")))
    rows = (
        (OPEN_URN, "St Mary’s Roman Catholic Voluntary Aided Primary School", "801", None, "T-77"),
        (CLOSED_URN, "Old Mill Primary School", "801", date(2020, 8, 31), None),
        (FOREIGN_URN, "Faraway Primary School", "802", None, None),
    )
    with engine.begin() as owner:
        for urn, name, la, closed, trust in rows:
            owner.execute(
                _ADD,
                {
                    "urn": urn,
                    "name": name,
                    "la": la,
                    "status": "Closed" if closed else "Open",
                    "open": closed is None,
                    "closed": closed,
                    "trust": trust,
                    "search": fold(name),
                },
            )
    yield
    with engine.begin() as owner:
        owner.execute(
            text("delete from register_school where urn = any(:urns)"),
            {"urns": [OPEN_URN, CLOSED_URN, FOREIGN_URN]},
        )
    engine.dispose()


@pytest.fixture
def lead(client_for, world):
    return client_for(world.school.lead)


@pytest.fixture
def ask(app, world):
    """What the database holds, seen in the lead's scope."""

    def run(sql, person=None, **values):
        with app.app_context():
            db.session.remove()
            session = db.session()
            session.enter((person or world.school.lead).scope)
            rows = session.execute(text(sql), values).all()
            db.session.rollback()
            return rows

    return run


@pytest.fixture
def ready(own, world):
    """A school whose list is done and whose agreement is accepted: its page at the council."""
    school, document = world.school.school_id, new_id()
    own.rows("update school set stage = 'set_up' where school_id = %s", school)
    own.rows(
        "insert into document (school_id, id, kind, file_name, state, object_key, sha256, size, next_at, created_at)"
        " values (%s, %s, 'signed_agreement', 'a.pdf', 'ready', %s, %s, 1, now(), now())",
        school,
        document,
        f"t/{school}/d/{document}/v1",
        hashlib.sha256(b"signed").hexdigest(),
    )
    own.client(world.authority.admin).post(f"/authority/schools/{school}/agreement/{document}/accept")
    return f"/authority/schools/{school}"
