"""The real server process: what it writes, and what a browser gets whose upload is far too large."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from app.identity.websession import RowSessionInterface
from infra.headers import HEADERS
from tests.integration.bad_input.conftest import application
from tests.support.client import PageClient, sign_in
from tests.support.reading import cookie_of

ROOT = Path(__file__).parents[3]
CONFIG = ["--config", "python:infra.webserver"]
FORGED = '{"event": "forged"}'


@pytest.fixture(scope="module")
def server(own_stack, world, tmp_path_factory):
    """Gunicorn with one worker; `(address, its log)`."""
    settings = own_stack.settings()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if value is not None:
            environment[name.upper()] = str(
                value.get_secret_value() if hasattr(value, "get_secret_value") else value
            )
    written = tmp_path_factory.mktemp("server") / "log"
    with written.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *CONFIG, "wsgi:app", "--bind", "127.0.0.1:0"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        address = _address(process, written)
        requests.get(f"{address}/readyz", timeout=60)
        yield address, written
    finally:
        process.terminate()
        process.wait(20)


def _address(process, log: Path) -> str:
    for _ in range(300):
        for line in log.read_text().splitlines():
            if "Listening at: " in line:
                return line.split("Listening at: ")[1].split()[0]
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(log.read_text())


@pytest.fixture(scope="module")
def cookies(own_stack, world):
    """The cookie of each role that is asked for."""
    found = {}
    with application(own_stack.settings()) as app:
        for role in ("lead", "senco", "parent", "facilitator", "dsl"):
            client = PageClient(app)
            sign_in(client, world.school.people[role])
            name = RowSessionInterface().cookie_name(app)
            found[role] = {name: cookie_of(client, name)}
    return found


def test_an_upload_that_is_far_too_large_gets_its_page(server, cookies):
    address, _log = server
    answer = requests.post(
        f"{address}/school/set-up/agreement",
        files={"file": ("agreement.pdf", b"x" * (30 * 1024 * 1024), "application/pdf")},
        cookies=cookies["lead"],
        timeout=60,
    )
    assert answer.status_code == 413
    assert "A file can have 10 MB at most" in answer.text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200),
        (b"GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n", 404),
        (b"secret-canary\r\n\r\n", 400),
        (b"GET /secret-canary HTTP/9.9\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nsecret canary: x\r\n\r\n", 400),
        (b"GET /?secret-canary=" + b"x" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: secret-canary" + b"x" * 20_000 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: secret-canary\r\n\r\n", 501),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: secret-canary\r\n\r\n", 400),
    ],
    ids=["page", "none", "line", "version", "header", "long line", "long header", "coding", "length"],
)
def test_also_what_no_request_can_be_read_from_is_answered_with_headers(server, sent, status):
    address, log = server
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(sent)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        page = answer.read().decode()
    assert answer.status == status
    for name, value in HEADERS.items():
        assert answer.headers.get_all(name) == [value], name
    assert answer.headers.get_all("Cache-Control") == ["no-store"]
    assert "Server" not in answer.headers
    assert "canary" not in page + str(answer.headers) + log.read_text()


def test_the_log_has_no_person_in_it_and_cannot_be_forged(server, cookies, world):
    address, log = server
    school = world.school
    pages = {
        "senco": [
            "/school",
            "/school/parents",
            f"/school/parents/{school.ids['parent_id']}",
            "/school/groups",
        ],
        "parent": ["/", "/me"],
        "facilitator": ["/"],
        "dsl": ["/school", f"/school/concerns/{school.ids['concern_id']}"],
    }
    for role, paths in pages.items():
        for path in paths:
            requests.get(f"{address}{path}", cookies=cookies[role], timeout=30)
    query = {"text": f"Log-canary\r\n{FORGED}"}
    requests.get(f"{address}/school/parents", params=query, cookies=cookies["senco"], timeout=30)
    requests.get(
        f"{address}/link/secret-canary%0d%0a{FORGED}", headers={"User-Agent": "agent-canary"}, timeout=30
    )
    requests.post(f"{address}/new-link", data={"address": "log-canary@example.org"}, timeout=30)
    words = log.read_text()
    for person in school.people.values():
        for secret in (person.name, person.email, person.phone):
            assert not secret or secret not in words, "a person's data in the log"
    for word in ("canary", "07700", "@example.org", "forged"):
        assert word.lower() not in words.lower(), word
    lines = [line for line in words.splitlines() if line.startswith("{")]
    assert len(lines) > 8
    assert all(isinstance(json.loads(line), dict) for line in lines)
