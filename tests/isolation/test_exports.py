"""Files and pages to print: each is opened by whoever it is for, and nobody else is in it. What the service remembers
of who asks stands in Redis without who it was."""

from __future__ import annotations

import json

import pytest
from flask import url_for
from redis import Redis
from sqlalchemy import text

from app.extensions import limiter
from app.outcomes.report import SECTIONS
from infra.clock import now
from tests.isolation.crawling import Crawl
from tests.isolation.declared import DRAWN, EXPORTS
from tests.isolation.later import read_redis
from tests.isolation.places import address
from tests.isolation.test_crawl import ROLES
from tests.isolation.test_later import people


def looks_like_a_file(endpoint: str, answer) -> bool:
    name = endpoint.rpartition(".")[2]
    return (
        answer.mimetype != "text/html"
        or "Content-Disposition" in answer.headers
        or any(word in name for word in ("print", "download", "export", "calendar", "csv", "workbook"))
    )


@pytest.fixture
def results(connection, world):
    """A published release of each council, with the council's word in it."""
    for authority in (world.authority, world.other_authority):
        connection.execute(text("reset session authorization"))
        connection.execute(
            text(
                "insert into published.release (authority_id, id, window_key, title, payload, sha256, published_at)"
                " values (:a, :id, '2026-spring', 'Results', :payload, repeat('0', 64), :now)"
            ),
            {
                "a": authority.authority_id,
                "id": authority.ids["release_id"],
                "now": now(),
                "payload": json.dumps(
                    {
                        "sections": {key: {"figures": {}, "domains": []} for key in (*SECTIONS, "change")},
                        "symbols": {},
                        "caveats": [f"Of {authority.canary}"],
                        "window": {"name": "Spring 2026"},
                    }
                ),
            },
        )
        connection.execute(text("set session authorization wb_web"))


def test_every_file_and_print_is_known_and_is_its_readers_own(
    world, app, connection, results, shelf, record_property
):
    paper = world.school.ids["agreement_document_id"]
    shelf(f"t/{world.school.school_id}/d/{paper}/v1")
    seen = set()
    for role in ROLES:
        crawl = Crawl(app, world, connection, role)
        for rule in crawl.rules("GET"):
            if not crawl.may_open(rule) or rule.endpoint in DRAWN:
                continue
            if rule.endpoint in EXPORTS and EXPORTS[rule.endpoint] == role:
                answer = crawl.ask(rule, "export", address(rule, crawl.places.own))
                assert answer.status_code in (200, 302), (rule.endpoint, answer.status_code)
                # There is something of theirs in it, so something of others could be.
                held = answer.get_data(as_text=True) + str(answer.headers)
                own = (
                    world.school.name,
                    world.school.canary,
                    world.authority.canary,
                    str(world.school.school_id),
                    # A phone gets first names and no more.
                    world.school.parent.person_id.hex,
                )
                assert any(word in held for word in own), rule.endpoint
                seen.add(rule.endpoint)
            else:
                answer = crawl.ask(rule, "page", address(rule, crawl.places.own))
            if answer.status_code == 200 and looks_like_a_file(rule.endpoint, answer):
                assert rule.endpoint in EXPORTS, f"{rule.endpoint} gives a file: say so in declared.py"
        assert crawl.faults == []
    record_property("exports", len(seen))
    assert seen == set(EXPORTS)


def test_limits_of_traffic_remember_nobody(
    world, app, connection, client_for, stack, monkeypatch, record_property
):
    """Also not from where somebody asked: an address on the network may be a home."""
    monkeypatch.setattr(limiter, "enabled", True)
    redis = Redis.from_url(stack.stack.redis.url)
    redis.flushall()
    person = world.school.parent
    for client in (client_for(None), client_for(person)):
        for _ in range(3):
            client.post(
                "/sign-in", data={"email": person.email, "address": person.email, "password": "x"},
                environ_base={"REMOTE_ADDR": "198.51.100.77"},
            )  # fmt: skip
    staff = client_for(world.school.senco)
    with app.test_request_context():
        sheet = url_for("cohorts.print_contact_sheet", cohort_id=world.school.ids["cohort_id"])
    assert staff.get(sheet, environ_base={"REMOTE_ADDR": "198.51.100.77"}).status_code == 200
    held = read_redis(redis)
    record_property("redis_keys", len(held))
    redis.flushall()
    for counted in ("accounts.sign_in", "cohorts.print_contact_sheet"):
        assert any(counted in key for key in held), f"{counted} was not counted"
    for key, value in held.items():
        words = f"{key} {value}"
        assert not [word for word in people(world) if word in words], key
        assert "198.51.100.77" not in words, key
