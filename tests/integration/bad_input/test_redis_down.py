"""Redis is away: every page works, messages wait in the database, and nobody is kept waiting for it."""

from __future__ import annotations

import socket
from typing import Any

import psycopg
import pytest
from flask import url_for

from app.extensions import limiter
from app.shell.navigation import HOMES, NAVIGATION
from infra.queue import Bell, answer, ring
from tests.integration.bad_input.conftest import ADDED, application, sign_in_to
from tests.support.reading import value_of


@pytest.fixture(scope="module")
def nowhere():
    """An address where nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return f"redis://127.0.0.1:{port}/0"


@pytest.fixture(scope="module")
def silent():
    """An address that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


@pytest.fixture(scope="module")
def own_app(own_stack, nowhere):
    with application(own_stack.settings(redis_url=nowhere)) as app:
        yield app


@pytest.mark.parametrize(
    "role", ["authority_admin", "commissioner", "lead", "dsl", "facilitator", "parent", "graduate"]
)
def test_the_home_of_every_role_and_what_it_leads_to(own_app, world, role):
    person = world.authority.people.get(role) or world.school.people[role]
    client = sign_in_to(own_app, person)
    with own_app.test_request_context():
        endpoints = {HOMES[person.role], *(place.endpoint for place in NAVIGATION[person.role])}
        addresses = sorted(url_for(endpoint) for endpoint in endpoints)
    for path in addresses:
        assert client.get(path, follow_redirects=True).status_code == 200, path


def test_ready_and_says_that_redis_is_degraded(own_app):
    response = own_app.test_client().get("/readyz")
    assert response.status_code == 200
    assert response.json["ready"] is True
    assert response.json["redis"] == "degraded"
    assert response.json["storage"] == "ok"


def test_a_message_waits_in_the_database(own_app, own_stack, world):
    senco = sign_in_to(own_app, world.school.senco)
    assert senco.post("/school/parents/add", data=ADDED).status_code in (302, 303)
    with psycopg.connect(own_stack.superuser_url) as connection:
        parent_id = value_of(connection, "select parent_id from parent_contact where last_name = 'Canaryson'")
        page = senco.post(f"/school/parents/{parent_id}/invite", follow_redirects=True)
        assert page.status_code == 200
        waiting = connection.execute(
            "select state from outbox where recipient_id = %s", [parent_id]
        ).fetchall()
    assert waiting == [("queued",)]


def test_a_link_can_be_asked_for(own_app, world):
    answer = sign_in_to(own_app, None).post("/new-link", data={"address": world.school.parent.email})
    assert answer.status_code == 303


def test_rates_are_counted_here_meanwhile(own_app):
    client = sign_in_to(own_app, None)
    answers = {
        client.get("/new-link", environ_base={"REMOTE_ADDR": "192.0.2.77"}).status_code for _ in range(245)
    }
    assert answers == {200, 429}
    assert limiter._storage_dead, "the test is void when Redis answered"


@pytest.mark.parametrize("address", ["nowhere", "silent"])
def test_a_bell_gives_up_at_once(request, address):
    url = request.getfixturevalue(address)
    assert ring(url, Bell.MESSAGES) is False
    answer(url, Bell.MESSAGES)


def test_nothing_tries_for_long():
    """The patience of every connection: by default the client tries again for ten seconds."""
    from infra.redis_client import impatient_options

    options = impatient_options()
    assert options["retry"].get_retries() == 0
    assert options["socket_connect_timeout"] + options["socket_timeout"] <= 3
    storage: dict[str, Any] = limiter._storage_options
    assert storage["retry"].get_retries() == 0
