"""The real server process: what it writes, and what a browser gets whose upload is far too large."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.integration.bad_input.conftest import application
from tests.support.client import PageClient, sign_in

ROOT = Path(__file__).parents[3]
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
    socket = tmp_path_factory.mktemp("server") / "log"
    with socket.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", "127.0.0.1:0", "--no-control-socket"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        address = _address(process, socket)
        requests.get(f"{address}/readyz", timeout=60)
        yield address, socket
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
            name = app.session_interface.cookie_name(app)
            found[role] = {name: client.get_cookie(name).value}
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
