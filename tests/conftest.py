"""Fixtures for every suite. Each person of the world has a fixture of their own name through `client_for`."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Connection, Engine, create_engine, text

from app.extensions import db, limiter
from app.factory import create_app
from app.identity.gate import close_doors
from app.message_kinds import load
from infra.database import sqlalchemy_url
from tests.support.borrowed import as_login
from tests.support.browser import FLAGS, find_chromium, unmoved
from tests.support.client import PageClient, sign_in
from tests.support.clock import Clock, sign_with_the_machines_time
from tests.support.hashes import hash_quickly
from tests.support.own import close_idle
from tests.support.stack import TestStack, running_stack
from tests.support.world import Person, World
from tests.support.world_build import build_world

# Tests are made for each kind before there is an application.
load()
sign_with_the_machines_time()
hash_quickly()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestStack]:
    """PostgreSQL, Redis and S3, migrated and empty but for the world."""
    with running_stack(Path(tmp_path_factory.mktemp("stack", numbered=True))) as found:
        yield found
        close_idle()


@pytest.fixture(scope="session")
def world(stack: TestStack) -> World:
    """Two authorities, two schools each, somebody in every role: committed once, read by all."""
    made = build_world(stack.url("wb_owner"))
    stack.freeze()
    return made


@pytest.fixture(scope="session")
def shared_app(stack: TestStack, world: World) -> Iterator[Flask]:
    app = create_app(stack.settings())
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_DEFECTS=True)
    # A suite asks more often than anybody; what is limited has tests of its own.
    limiter.enabled = False
    yield app
    with app.app_context():
        close_doors()
    app.extensions["storage"].close()


@pytest.fixture(scope="session")
def undone_engine(stack: TestStack, world: World) -> Iterator[Engine]:
    """One server process and one cache of compiled statements for all tests: both are slow to warm."""
    # The superuser's: only that one may also take the place of wb_signin, within the same transaction.
    # Nothing is prepared under a name, as on pages' connections: each rollback would throw it away again.
    engine = create_engine(
        sqlalchemy_url(stack.superuser_url),
        pool_size=1,
        pool_pre_ping=True,
        connect_args={"prepare_threshold": None},
    )
    yield engine
    engine.dispose()


@pytest.fixture
def connection(undone_engine: Engine) -> Iterator[Connection]:
    """A connection as wb_web whose every change, who it is among them, is undone at the end of the test."""
    with undone_engine.connect() as connection, connection.begin() as outer:
        connection.execute(text("set session authorization wb_web"))
        yield connection
        outer.rollback()


@pytest.fixture
def app(shared_app: Flask, connection: Connection) -> Iterator[Flask]:
    """The application on `connection`: requests commit into a savepoint, the test ends with nothing changed."""

    @contextmanager
    def identity_connection(login: str) -> Iterator[Connection]:
        with as_login(connection, login):
            yield connection

    with shared_app.app_context():
        engines = cast(dict[str | None, Any], db.engines)
        real = engines[None]
        engines[None] = connection
        db.session.remove()
        cast(Any, db.session).configure(join_transaction_mode="create_savepoint")
    shared_app.extensions["identity_connection"] = identity_connection
    yield shared_app
    with shared_app.app_context():
        db.session.remove()
        cast(Any, db.session).configure(join_transaction_mode="conditional_savepoint")
        engines[None] = real
    del shared_app.extensions["identity_connection"]


@pytest.fixture(scope="session")
def clock_hand(stack: TestStack) -> Iterator[psycopg.Connection[Any]]:
    """What turns the database's clock, all day: a connection of its own for each turn is slow."""
    with psycopg.connect(stack.url("wb_owner"), autocommit=True) as owner:
        yield owner


@pytest.fixture
def clock(stack: TestStack, connection: Connection, clock_hand: psycopg.Connection[Any]) -> Iterator[Clock]:
    """Moves the time of application and database together; put right again when the test ends."""
    with Clock(stack.url("wb_owner"), open_transaction=connection, owner=clock_hand) as moved:
        yield moved


@pytest.fixture
def client_for(app: Flask) -> Callable[[Person | None], PageClient]:
    """A browser signed in as that person of the world (None: not signed in). It checks every page it gets."""

    def make(person: Person | None) -> PageClient:
        client = PageClient(app)
        if person is not None:
            sign_in(client, person)
        return client

    return make


@pytest.fixture
def shelf(app: Flask) -> Iterator[Callable[[str], None]]:
    """`shelf(key)`: put a file there, which is gone again after the test. The world's documents have rows alone."""
    storage = app.extensions["storage"]
    storage.ensure_bucket()
    kept: list[str] = []

    def put(key: str) -> None:
        storage.put(key, b"paper", "application/pdf", sha256(b"paper").hexdigest())
        kept.append(key)

    yield put
    for key in kept:
        storage.remove(key)


@pytest.fixture
def session_for(app: Flask) -> Iterator[Callable[[Person], object]]:
    """A database session in that person's scope; one per test."""
    with app.test_request_context():

        def make(person: Person) -> object:
            db.session.remove()
            session = db.session()
            session.enter(person.scope)
            return session

        yield make


@pytest.fixture(scope="session")
def owner_engine(stack: TestStack) -> Iterator[Engine]:
    engine = create_engine(sqlalchemy_url(stack.url("wb_owner")), pool_size=1, pool_pre_ping=True)
    yield engine
    engine.dispose()


@pytest.fixture
def as_owner(connection: Connection, owner_engine: Engine) -> Iterator[Connection]:
    """The owner's view of what was committed before this test, for looking only."""
    with owner_engine.connect() as owner:
        yield owner
        owner.rollback()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for a whole process: a second one beside it would not start."""
    path = os.environ.get("WEBELONG_CHROMIUM") or find_chromium()
    if path is None:
        pytest.skip("no Chromium")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=path, args=list(FLAGS), env={**unmoved(os.environ)}
        )
        yield found
        found.close()


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: nobody looks through it for rubbish again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


#: What depends on the day, by folder or file: run once more under a moved clock.
DATED = (
    "unit/accounts",
    "unit/cohorts",
    "unit/messages",
    "unit/outcomes",
    "unit/schools",
    "unit/shell",
    "integration/accounts/test_invitations.py",
    "integration/accounts/test_links.py",
    "integration/cohorts",
    "integration/messages/test_schedule.py",
    "integration/test_clock.py",
)


#: Files that take a minute and more, the longest first; browser tests come third.
LONG = {
    "test_story.py": 0,
    "test_every_page.py": 1,
    "test_crawl.py": 3,
    "test_every_state.py": 4,
    "test_neighbours.py": 5,
    "test_write_then_read.py": 6,
    "test_every_answer.py": 7,
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, so that nobody waits for one of them at the end; all else as the dice fell."""
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).as_posix().startswith(DATED):
            item.add_marker(pytest.mark.dated)
    items.sort(key=lambda item: LONG.get(item.path.name, 2 if item.path.parent.name == "e2e" else 8))
