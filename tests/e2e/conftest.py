"""The demo, started as anybody would start it, and a real browser."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from werkzeug.serving import make_server

from app.factory import create_app
from app.identity.gate import close_doors
from app.identity.websession import RowSessionInterface, WebSession, start_session
from infra.clock import LONDON, today
from tests.support.browser import PATIENCE
from tests.support.stack import TestStack
from tests.support.world import Person, World

ROOT = Path(__file__).resolve().parents[2]
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.e2e)
            # A chapter of the story is many pages; on a busy machine each takes its time.
            item.add_marker(pytest.mark.timeout(1200))


@dataclass(frozen=True)
class Demo:
    """A running demo: its folder and what demo.json says."""

    folder: Path
    about: dict[str, Any]

    @property
    def base_url(self) -> str:
        return self.about["base_url"]

    def account(self, role: str, **match: Any) -> dict[str, Any]:
        """The first account of that role (and authority, school, name …)."""
        for account in self.about["accounts"]:
            if account["role"] == role and all(account[key] == value for key, value in match.items()):
                return account
        raise LookupError(f"no {role} with {match}")

    def messages(self, to: str) -> list[dict[str, Any]]:
        """What this person got, newest first."""
        return requests.get(
            f"{self.about['mailbox_url']}/messages.json", params={"to": to}, timeout=10
        ).json()

    def wait_for_message(self, to: str, contains: str, *, seconds: float = 90) -> dict[str, Any]:
        """The newest message to this person with these words in it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for message in self.messages(to):
                if contains in f"{message['subject'] or ''} {message['body']}":
                    return message
            time.sleep(0.1)
        raise AssertionError(
            f"nothing that says {contains!r} came; {len(self.messages(to))} other messages did"
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`webelong` with these arguments, against this demo."""
        return subprocess.run(
            [sys.executable, "-m", "app.cli", *arguments],
            cwd=ROOT,
            env=dict(os.environ) | {"WEBELONG_DIR": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`webelong demo` in a folder of its own; stopped with SIGTERM."""
    folder = tmp_path_factory.mktemp("demo") / "webelong"
    log = (folder.parent / "demo.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "demo", "--dir", str(folder)],
        cwd=ROOT,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    until = time.monotonic() + 180
    while not (folder / "demo.json").exists():
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            raise AssertionError(f"the demo did not start: {Path(log.name).read_text()[-3000:]}")
        time.sleep(0.3)
    try:
        yield Demo(folder, json.loads((folder / "demo.json").read_text()))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        log.close()


@pytest.fixture
def open_browser(browser: Browser, demo: Demo) -> Iterator[Callable[..., Page]]:
    """A fresh browser of one person: signed in as an account of the demo, or nobody yet."""
    contexts: list[BrowserContext] = []

    def make(account: dict[str, Any] | None = None, *, viewport: ViewportSize = DESKTOP) -> Page:
        context = browser.new_context(viewport=viewport, base_url=demo.base_url, locale="en-GB")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.problems = problems  # type: ignore[attr-defined]
        if account:
            page.goto(account["sign_in_url"])
        return page

    yield make
    for context in contexts:
        context.close()


# ---- a browser on the application itself, on a copy of the world: what it sends is committed for real


@pytest.fixture(scope="module")
def own(stack: TestStack, world: World) -> Iterator[TestStack]:
    with stack.copy("own_site") as found:
        yield found


@pytest.fixture(scope="module")
def website(own: TestStack) -> Iterator[tuple[str, Flask]]:
    """The application on a copy of the world, at an address of its own."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    address = f"http://localhost:{server.server_port}"
    app = create_app(own.settings(base_url=address))
    server.app = app
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield address, app
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        close_doors()
    app.extensions["storage"].close()


@pytest.fixture
def context(browser: Browser, website: tuple[str, Flask]) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport=PHONE, base_url=website[0])
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


@pytest.fixture
def signed_in(context: BrowserContext, website: tuple[str, Flask]) -> Callable[[Person], Page]:
    """A page of this browser after that person has signed in on it."""

    def come_in(person: Person) -> Page:
        address, app = website
        with app.test_request_context():
            session = WebSession()
            assert start_session(session, person.membership_id, role=person.role)
        name = RowSessionInterface().cookie_name(app)
        context.add_cookies([{"name": name, "value": session.secret or "", "url": address}])
        return context.pages[0] if context.pages else context.new_page()

    return come_in


# ---- the room companion


@pytest.fixture
def session_id(own: TestStack, world: World) -> Iterator[str]:
    """The session of today, that has begun within the hour; what a test marks in it goes again."""
    # Whenever this runs: a phone keeps a room for twelve hours after its session.
    ago = datetime.now(LONDON) - timedelta(hours=1)
    begin = datetime.combine(today(), clock_time.min) + timedelta(
        minutes=min(ago.hour * 60 + ago.minute, 22 * 60) if ago.date() == today() else 0
    )
    times = (begin.time(), (begin + timedelta(minutes=90)).time())
    with psycopg.connect(own.superuser_url, autocommit=True) as connection:
        row = connection.execute(
            "update cohort_session set starts_at = %s, ends_at = %s where cohort_id = %s and number = 4"
            " returning id",
            (*times, world.school.ids["cohort_id"]),
        ).fetchone()
        assert row is not None
        yield str(row[0])
        connection.execute("delete from attendance where session_id = %s", (row[0],))
        connection.execute("delete from session_reflection where session_id = %s", (row[0],))


@pytest.fixture
def marks(own: TestStack, session_id: str) -> Iterator[object]:
    """What the database has: parent -> mark."""
    with psycopg.connect(own.superuser_url, autocommit=True) as connection:

        def ask() -> dict[str, str]:
            rows = connection.execute(
                "select parent_id, mark from attendance where session_id = %s", (session_id,)
            )
            return {row[0].hex: row[1] for row in rows}

        ask.connection = connection  # type: ignore[attr-defined]
        yield ask
