"""A change that the database refuses at the very end: an error page, and nothing half saved."""

from __future__ import annotations

from io import StringIO

import pytest
import structlog
from flask import g
from sqlalchemy.exc import IntegrityError, OperationalError

from app.extensions import RequestSession
from tests.integration.bad_input.conftest import ADDED, sign_in_to


class Refused(Exception):
    """What the driver said, with a person's data in it."""


@pytest.fixture
def log():
    """What the application writes meanwhile."""
    before, buffer = structlog.get_config()["logger_factory"], StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(buffer))
    yield buffer
    structlog.configure(logger_factory=before)


@pytest.fixture
def refuse(monkeypatch):
    """The commit of the next request fails with `error`; `rung` holds what was rung after it."""

    def prepare(error):
        real = RequestSession.commit
        rung = []

        def commit(session):
            monkeypatch.setattr(RequestSession, "commit", real)
            g.after_commit = [lambda: rung.append(1)]
            session.flush()
            raise error("update parent_contact", {"first_name": "Commit-canary"}, Refused("Commit-canary"))

        monkeypatch.setattr(RequestSession, "commit", commit)
        return rung

    return prepare


@pytest.mark.parametrize(("error", "status"), [(IntegrityError, 500), (OperationalError, 503)])
def test_a_refused_commit_is_an_error_page(own_app, own_stack, world, refuse, error, status, log):
    client = sign_in_to(own_app, world.school.senco)
    rung = refuse(error)
    answer = client.post("/school/parents/add", data=ADDED)
    assert answer.status_code == status
    assert "<h1" in answer.text
    assert rung == []
    page = client.get("/school/parents").text
    assert "Canaryson" not in page
    assert "govuk-notification-banner--success" not in page, "a notice of success that never was"
    lines = log.getvalue()
    assert "Commit-canary" not in lines
    assert f'"status": {status}' in lines, "the log says what was answered"


@pytest.mark.parametrize(
    ("code", "status", "said", "phone"),
    [
        ("23514", 500, "", "07700 900767"),
        # Given up for another change at the same moment: the database is there, and the next press comes through.
        ("40P01", 409, "Somebody changed this at the same moment", "07700 900768"),
        ("40001", 409, "Somebody changed this at the same moment", "07700 900769"),
    ],
)
def test_what_the_database_refuses_at_commit(own_app, own_superuser, world, log, code, status, said, phone):
    statement = (
        "create function refuse_late() returns trigger language plpgsql as"
        " $$ begin raise exception 'refused: %', new.first_name using errcode = 'CODE'; end $$;"
        " create constraint trigger late after insert on parent_contact deferrable initially deferred"
        " for each row execute function refuse_late()"
    )
    own_superuser.execute(statement.replace("CODE", code))
    last_name = f"Lateson{code}"
    late = ADDED | {"last_name": last_name, "phone": phone}
    client = sign_in_to(own_app, world.school.senco)
    try:
        answer = client.post("/school/parents/add", data=late)
    finally:
        own_superuser.execute("drop trigger late on parent_contact; drop function refuse_late()")
    assert answer.status_code == status
    assert said in answer.text
    assert "dependency_unavailable" not in log.getvalue()
    assert last_name not in client.get("/school/parents").text
    assert client.post("/school/parents/add", data=late).status_code in (302, 303), (
        "the same again, and it works"
    )
    assert last_name in client.get("/school/parents").text
