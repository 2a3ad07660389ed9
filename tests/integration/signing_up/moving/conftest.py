"""A parent of one school who asks at another, as tests press it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from app.extensions import db
from tests.integration.signing_up.conftest import OVERVIEW
from tests.integration.test_stale_presses import sent
from tests.support.borrowed import as_login

OPEN = "select identity.open_to_mover(:id, :membership)"
NEW, ASK, BACK = "/my/new-school", "/my/new-school/ask", "/my/new-school/take-back"


def move(client, at, **typed):
    page = client.get(at)
    assert page.status_code == 200
    return client.post(at, data=sent(page.text, "") | {"agrees": "y"} | typed)


def take_in(staff, signup_id, **typed):
    address = f"{OVERVIEW}/{signup_id}"
    page = staff.get(address)
    return staff.post(address, data=sent(page.text, "") | {"knows": "y"} | typed)


def stage(run, person_id):
    return run("select stage from parent where id = :id", id=person_id).scalar_one()


def memberships(run, person):
    return run(
        "select in_school, person_id from identity.membership where account_id = :id and ended_at is null"
        " and role = 'parent' order by created_at, id",
        id=person.account_id,
    ).all()


@pytest.fixture
def run(connection):
    """`run(statement, **values)` as nobody whom a rule holds."""

    def execute(statement: str, **values):
        with as_login(connection, "postgres"):
            return connection.execute(text(statement), values)

    return execute


@pytest.fixture
def there(world):
    return world.sibling_school


@pytest.fixture
def parent(world):
    return world.school.parent


@pytest.fixture
def mover(client_for, parent):
    return client_for(parent)


@pytest.fixture
def at(there) -> str:
    """The page on which the other school is asked."""
    return f"{ASK}?school={there.school_id}"


@pytest.fixture
def staff_there(client_for, there):
    return client_for(there.senco)


@pytest.fixture
def signups(run):
    """`signups(school)`: what stands in that school's table."""
    return lambda school: run("select * from signup where school_id = :id", id=school.school_id).all()


@pytest.fixture
def asked(mover, at, signups, there):
    """They have pressed; the id of the row there."""
    done = move(mover, at)
    assert (done.status_code, done.location) == (303, NEW)
    return signups(there)[0].id


@pytest.fixture
def without_browser(app):
    """A database session in that person's scope, that no browser of theirs stands behind."""
    with app.test_request_context():

        def make(person):
            db.session.remove()
            session = db.session()
            session.enter(replace(person.scope, browser=None))
            return session

        yield make
