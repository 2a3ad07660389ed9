"""Cookies and what a proxy says: over TLS, on plain http, behind a proxy and with somebody pretending to be one."""

from __future__ import annotations

import re

import pytest
from flask import request

from tests.integration.bad_input.conftest import application, sign_in_to

HTTPS = "https://together.example.org"
SPOOFED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "444",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "for=203.0.113.9;host=evil.example;proto=https",
    "X-Real-IP": "203.0.113.9",
    "X-Original-URL": "/school",
    "X-Rewrite-URL": "/school",
    "X-HTTP-Method-Override": "DELETE",
}


@pytest.fixture(scope="module")
def own_stack(stack, world):
    with stack.copy("cookies_and_proxies") as copy:
        yield copy


@pytest.fixture(scope="module", params=["http", "https"])
def any_app(own_stack, request):
    base = {"https": {"base_url": HTTPS}, "http": {}}[request.param]
    with application(own_stack.settings(**base)) as app:
        yield app


def cookies_of(answer) -> list[tuple[str, set[str]]]:
    found = []
    for line in answer.headers.getlist("Set-Cookie"):
        pair, *attributes = line.split("; ")
        found.append((pair.partition("=")[0], {item.partition("=")[0].lower() for item in attributes}))
        assert "samesite=lax" in line.lower()
    return found


def test_every_cookie_that_is_set_or_taken_away(any_app, world):
    https = any_app.config["SESSION_COOKIE_SECURE"]
    client = any_app.test_client()
    base = HTTPS if https else "http://localhost"
    page = client.get("/sign-in", base_url=base)
    answers = [page, client.post("/sign-in", data={"email": "nobody@example.org"}, base_url=base)]
    for path in ("/", "/new-link", "/school", "/nowhere"):
        answers.append(client.get(path, base_url=base))
    signed_in = sign_in_to(any_app, world.school.lead)
    answers.append(signed_in.post("/sign-out", base_url=base) if https else signed_in.post("/sign-out"))
    answers.append(client.get("/leave", base_url=base))
    seen = [cookie for answer in answers for cookie in cookies_of(answer)]
    assert seen
    for name, attributes in seen:
        assert name in {f"{'__Host-' if https else ''}{ours}" for ours in ("webelong", "webelong-known")}
        assert {"httponly", "path"} <= attributes
        assert ("secure" in attributes) == https
        assert "domain" not in attributes


def test_over_tls_every_answer_says_so_for_a_year(any_app):
    expected = "max-age=31536000; includeSubDomains" if any_app.config["SESSION_COOKIE_SECURE"] else None
    client = any_app.test_client()
    for path in ("/", "/nowhere", "/school", "/static/none.css", "/healthz", "/leave"):
        for method in ("GET", "POST", "OPTIONS"):
            assert client.open(path, method=method).headers.get("Strict-Transport-Security") == expected, path


def seen_by(app, headers) -> dict[str, object]:
    """What the application believes of a request."""
    with app.test_client() as client:
        client.get("/help", headers=headers)
        return {
            "address": request.remote_addr,
            "host": request.host,
            "secure": request.is_secure,
            "root": request.root_path,
            "path": request.path,
            "method": request.method,
        }


def test_without_a_proxy_nobody_is_believed(own_stack, world):
    with application(own_stack.settings()) as app:
        assert seen_by(app, SPOOFED) == seen_by(app, {})
        page = app.test_client().get("/", headers=SPOOFED)
        assert "evil.example" not in page.text + str(page.headers)
        lost = app.test_client().get("/school", headers=SPOOFED)
        assert re.match(r"/(?!/)", lost.headers["Location"])


def test_behind_one_proxy_only_what_it_adds_is_believed(own_stack, world):
    with application(own_stack.settings(proxy_hops=1)) as app:
        said = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "http, https"}
        found = seen_by(app, SPOOFED | said)
        assert found["address"] == "198.51.100.7"
        assert found["secure"] is True
        assert found["root"] == ""
        assert found["path"] == "/help"
        assert found["method"] == "GET"
