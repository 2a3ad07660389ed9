"""PostgreSQL goes away and comes back: a page that says so, the sign-in kept, no restart needed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

from app import factory
from app.extensions import db
from infra.database import options_of_pages
from tests.integration.bad_input.conftest import ADDED, application, sign_in_to


@pytest.fixture
def away(own_stack):
    """The database refuses everybody while the block runs."""

    @contextmanager
    def go():
        name = sql.Identifier(own_stack.database)
        with psycopg.connect(own_stack.maintenance_url, autocommit=True) as master:
            master.execute(sql.SQL("alter database {} with allow_connections false").format(name))
            master.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s",
                [own_stack.database],
            )
            try:
                yield
            finally:
                master.execute(sql.SQL("alter database {} with allow_connections true").format(name))

    return go


@pytest.mark.parametrize("role", ["lead", "parent", "authority_admin", None])
def test_a_page_says_so_and_is_back_by_itself(own_app, world, away, role):
    person = role and (world.authority.people.get(role) or world.school.people[role])
    path = {"lead": "/school/parents", "parent": "/", "authority_admin": "/authority/schools"}.get(
        role, "/l/some-link"
    )
    client = sign_in_to(own_app, person)
    before = client.get(path, follow_redirects=True).status_code
    with away():
        answer = client.get(path)
        assert answer.status_code == 503
        assert "Part of the service is not answering" in answer.text
    assert client.get(path, follow_redirects=True).status_code == before, "still signed in"


def test_what_is_sent_meanwhile_is_not_half_saved(own_app, world, away):
    client = sign_in_to(own_app, world.school.senco)
    with away():
        assert client.post("/school/parents/add", data=ADDED).status_code == 503
    assert "Canaryson" not in client.get("/school/parents").text


def test_pages_that_ask_nothing_work(own_app, away):
    client = sign_in_to(own_app, None)
    with away():
        for path in ("/", "/healthz", "/help", "/accessibility"):
            assert client.get(path).status_code == 200, path
        assert client.get("/nowhere").status_code == 404


def test_not_ready_meanwhile(own_app, away):
    client = own_app.test_client()
    with away():
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json["database"] == "down"
    assert client.get("/readyz").status_code == 200


def test_a_connection_cut_in_the_middle_of_a_page(own_app, own_stack, world, monkeypatch):
    from app.recruitment import services

    def cut(session, *_arguments, **_values):
        number = session.execute(text("select pg_backend_pid()")).scalar_one()
        with psycopg.connect(own_stack.superuser_url, autocommit=True) as master:
            master.execute("select pg_terminate_backend(%s)", [number])
        session.execute(text("select 1"))

    client = sign_in_to(own_app, world.school.senco)
    with monkeypatch.context() as patch:
        patch.setattr(services, "add_parent", cut)
        assert client.post("/school/parents/add", data=ADDED).status_code == 503
    assert client.get("/school/parents").status_code == 200


def test_a_restart_between_two_pages_is_not_noticed(own_app, own_stack, world):
    client = sign_in_to(own_app, world.school.senco)
    assert client.get("/school/parents").status_code == 200
    with psycopg.connect(own_stack.maintenance_url, autocommit=True) as master:
        master.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [own_stack.database]
        )
    assert client.get("/school/parents").status_code == 200


def test_with_every_connection_in_use_the_answer_comes_soon(own_stack, world, monkeypatch):
    options: dict[str, Any] = options_of_pages()
    assert options["pool_timeout"] <= 5, "a person waits no longer for a page that says so"
    small = options | {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.2}
    monkeypatch.setattr(factory, "options_of_pages", lambda: small)
    with application(own_stack.settings()) as app:
        client = sign_in_to(app, world.school.senco)
        with app.app_context(), db.engine.connect():
            answer = client.get("/school/parents")
            assert answer.status_code == 503
            assert "Try again in a few minutes" in answer.text
        assert client.get("/school/parents").status_code == 200
