"""A database of its own for tests that commit and kill, and a mailbox that has bad days."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
import redis
import requests
from flask import Flask
from flask.testing import FlaskClient
from psycopg.rows import dict_row
from sqlalchemy import create_engine

from app.extensions import limiter
from app.factory import create_app
from app.identity.gate import close_doors
from app.identity.secrets import seal
from app.messages.services import enqueue
from infra.clock import now
from infra.database import sqlalchemy_url
from infra.ids import new_id
from infra.notify import ApiKey, Notify
from migrations.run import upgrade
from tenants.roles import ensure_login_roles
from tenants.session import ScopedSession
from tests.support.stack import PASSWORDS, TestStack
from tests.support.world import World
from tests.support.world_build import build_world
from workers.dispatch import Dispatcher

API_KEY = "test-00000000-0000-4000-8000-00000000000a-00000000-0000-4000-8000-00000000000b"


def _key(name: str, service: str, secret: str) -> str:
    return f"{name}-00000000-0000-4000-8000-00000000{service}-00000000-0000-4000-8000-00000000{secret}"


#: Of a council's own service, the next key of the same service, and one of another service.
COUNCIL_KEY, NEXT_KEY = _key("council", "000c", "00c1"), _key("next", "000c", "00c2")
OTHER_KEY = _key("other", "000d", "00d1")
TEAM_KEY, TRIAL_KEY = _key("team", "000e", "00e1"), _key("trial", "000f", "00f1")
ALL_KEYS = (API_KEY, COUNCIL_KEY, NEXT_KEY, OTHER_KEY, TEAM_KEY, TRIAL_KEY)


#: Tokens of callbacks that the service takes.
OLD, NEW = "old-" + "x" * 40, "new-" + "y" * 40


@dataclass(frozen=True)
class Mailbox:
    """The running mailbox."""

    url: str

    def messages(self) -> list[dict[str, Any]]:
        return requests.get(f"{self.url}/messages.json", timeout=10).json()

    def of(self, message_id: UUID) -> list[dict[str, Any]]:
        """What was accepted under this outbox row's reference."""
        return [message for message in self.messages() if message["reference"] == str(message_id)]

    def bad_day(self, **faults: float | str) -> None:
        requests.post(f"{self.url}/faults", json=faults, timeout=10).raise_for_status()


@pytest.fixture(scope="session")
def running_mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailbox]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("mailbox", numbered=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "demo.mailbox", "--port", str(port), "--data", str(folder)],
        env={**os.environ, "MAILBOX_API_KEYS": " ".join(ALL_KEYS)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    mailbox = Mailbox(f"http://127.0.0.1:{port}")
    try:
        _wait_for(mailbox, process)
        yield mailbox
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(mailbox: Mailbox, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError("the mailbox did not start")
        try:
            requests.get(f"{mailbox.url}/healthz", timeout=1)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the mailbox did not answer")


@pytest.fixture
def mailbox(running_mailbox: Mailbox) -> Iterator[Mailbox]:
    yield running_mailbox
    running_mailbox.bad_day()


@pytest.fixture(scope="session")
def own_stack(stack: TestStack) -> TestStack:
    """A database beside the shared one: what is committed here disturbs nobody."""
    own = TestStack(stack.stack, "messages_tests")
    with psycopg.connect(stack.stack.postgres.superuser_url, autocommit=True) as connection:
        connection.execute("create database messages_tests")
    ensure_login_roles(own.superuser_url, PASSWORDS)
    upgrade(own.url("wb_owner"))
    return own


@pytest.fixture(scope="session")
def own_world(own_stack: TestStack) -> World:
    made = build_world(own_stack.url("wb_owner"))
    with psycopg.connect(own_stack.superuser_url, autocommit=True) as connection:
        connection.execute("create schema as_it_was")
        for table in MADE_GOOD:
            connection.execute(f"create table as_it_was.{table} as table public.{table}")
    return made


#: What tests of messages change and commit, with its key: the next one finds it as the world has it.
MADE_GOOD = {
    "parent_contact": ("parent_id", "email, phone"),
    "facilitator": ("id", "email, phone, stage"),
    "parent": ("id", "stage, stage_changed_at"),
    "school": ("school_id", "stage"),
    "enrolment": ("id", "status, left_at"),
    "cohort_session": ("id", "on_date, starts_at, ends_at, state, closed_at, moved_from, format, room"),
}


@dataclass(frozen=True)
class Place:
    """One school, a way to write messages into it, and a way to look at what became of them."""

    stack: TestStack
    world: World

    @property
    def parent_id(self) -> UUID:
        return self.world.school.parent.person_id

    def enqueue(self, kind: str = "graduation", **values: Any) -> list[UUID]:
        """Write messages as the school does, and commit. One more does not take the place of the one before."""
        engine = create_engine(sqlalchemy_url(self.stack.url("wb_web")))
        with ScopedSession(engine, scope=values.pop("scope", self.world.school.lead.scope)) as session:
            if kind == "graduation":
                values.setdefault("subject_id", self.world.school.ids["cohort_id"])
            given: dict[str, Any] = {
                "school_id": self.world.school.school_id,
                "recipient_kind": "parent",
                "recipient_id": self.parent_id,
                "dedupe_key": str(new_id()),
                "channels": ["email"],
            } | values
            ids = enqueue(session, kind=kind, **given)
            session.commit()
        engine.dispose()
        return ids

    def sql(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        """Ask or change anything, as the cluster's superuser."""
        with psycopg.connect(self.stack.superuser_url, autocommit=True, row_factory=dict_row) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def row(self, message_id: UUID) -> dict[str, Any]:
        (row,) = self.sql(
            "select * from outbox where id = %s union all select * from authority_outbox where id = %s",
            message_id,
            message_id,
        )
        return row

    def end_leases(self) -> None:
        """As if two minutes had gone by."""
        self.sql("update outbox set lease_until = now() - interval '1 second' where state = 'sending'")
        self.sql("update outbox set next_at = now() where state in ('queued', 'sent')")


@pytest.fixture
def place(own_stack: TestStack, own_world: World, stack: TestStack) -> Iterator[Place]:
    place = Place(own_stack, own_world)
    redis.Redis.from_url(stack.stack.redis.url).flushall()
    place.sql("truncate outbox, authority_outbox, schedule_run, consent_event, notify_key")
    # Whoever agreed did so before anything that a test writes or hears.
    place.sql("update consent set changed_at = least(changed_at, now() - interval '1 hour')")
    # Nor was anybody told today that somebody else has their address.
    place.sql("update identity.account set shared_from = null, shared_told_at = null")
    yield place
    # As it was: what a test writes here is committed.
    place.sql("update parent_contact set texts_stopped_at = null, emails_stopped_at = null")
    place.sql("update consent set given = true where kind <> 'share_attendance'")
    place.sql("update parent set do_not_ask_until = null where id = %s", place.parent_id)
    for table, (key, columns) in MADE_GOOD.items():
        place.sql(
            f"update {table} t set ({columns}) = (select {columns} from as_it_was.{table} k where k.{key} = t.{key})"
            f" where exists (select from as_it_was.{table} k where k.{key} = t.{key}"
            f" and ({', '.join(f'k.{one.strip()}' for one in columns.split(','))})"
            f" is distinct from ({', '.join(f't.{one.strip()}' for one in columns.split(','))}))"
        )


@pytest.fixture
def dispatcher(place: Place, mailbox: Mailbox) -> Iterator[Dispatcher]:
    made = make_dispatcher(place.stack, mailbox.url)
    yield made
    made.engine.dispose()


def make_dispatcher(stack: TestStack, notify_url: str, **changes: Any) -> Dispatcher:
    settings = stack.settings()
    return Dispatcher(
        engine=create_engine(sqlalchemy_url(stack.url("wb_dispatch")), pool_size=5, max_overflow=15),
        notify=Notify(
            base_url=notify_url,
            api_key=API_KEY,
            email_template_id=settings.notify_email_template_id,
            sms_template_id=settings.notify_sms_template_id,
            timeout=5,
        ),
        secret_key=settings.secret("secret_key"),
        **{"lease": timedelta(seconds=120), "base_url": settings.base_url, **changes},
    )


@pytest.fixture
def worker_environment(place: Place, mailbox: Mailbox) -> Callable[..., dict[str, str]]:
    """The environment of a worker process."""

    def make(**changes: str) -> dict[str, str]:
        settings = place.stack.settings(notify_base_url=mailbox.url)
        values = {}
        for name in type(settings).model_fields:
            value = getattr(settings, name)
            if value is not None:
                plain = value.get_secret_value() if hasattr(value, "get_secret_value") else value
                values[name.upper()] = str(plain)
        return {**os.environ, **values, **changes}

    return make


@pytest.fixture(scope="module")
def service(own_stack: TestStack, own_world: World) -> Iterator[Flask]:
    """The application on the database of these tests, which commit."""
    # One limiter serves every application of the process, and takes hold of one only while it is on.
    kept = dict(vars(limiter))
    limiter.enabled = True
    app = create_app(own_stack.settings(notify_callback_tokens=f"{OLD} {NEW}"))
    app.config.update(TESTING=True, PROPAGATE_DEFECTS=True)
    limiter.enabled = False
    yield app
    with app.app_context():
        close_doors()
    app.extensions["storage"].close()
    vars(limiter).clear()
    vars(limiter).update(kept)


@pytest.fixture
def tell(service: Flask, place: Place) -> Iterator[Callable[..., Any]]:
    """`tell(address, body)`: as Notify does."""
    client = FlaskClient(service)

    def send(address: str, body: Any, token: str = NEW, **options: Any) -> Any:
        options.setdefault("json" if isinstance(body, dict | list) else "data", body)
        return client.post(address, headers={"Authorization": f"Bearer {token}"}, **options)

    yield send
    place.sql("truncate delivery_said, text_said")


@pytest.fixture
def enter(place: Place) -> Callable[..., UUID]:
    """`enter(key)`: as a council's administrator does; the id of its row."""

    def set_key(
        key: str, authority_id: UUID | None = None, *, proven: bool = True, at: datetime | None = None
    ) -> UUID:
        settings, key_id = place.stack.settings(), new_id()
        authority_id = authority_id or place.world.school.authority_id
        moment = at or now()
        place.sql(
            "update notify_key set ended_at = %s where authority_id = %s and ended_at is null",
            moment,
            authority_id,
        )
        place.sql(
            "insert into notify_key (authority_id, id, service_id, ending, sealed, email_template_id, sms_template_id,"
            " by_name, set_at, proven_at) values (%s, %s, %s, %s, %s, %s, %s, 'Somebody', %s, %s)",
            *(authority_id, key_id, ApiKey.parse(key).service_id, key[-4:]),
            seal(settings.secret("secret_key"), key),
            *(UUID(settings.notify_email_template_id), UUID(settings.notify_sms_template_id)),
            *(moment, moment if proven else None),
        )
        return key_id

    return set_key


@pytest.fixture
def take_back(place: Place) -> Callable[[], None]:
    def end() -> None:
        place.sql("update notify_key set ended_at = now() where ended_at is null")

    return end


def service_of(key: str) -> str:
    """Of which service at the mailbox a key is."""
    return str(ApiKey.parse(key).service_id)


def elsewhere(place: Place, **values: Any) -> UUID:
    """A message of another council's school."""
    school = place.world.other_school
    return place.enqueue(
        scope=school.lead.scope,
        school_id=school.school_id,
        recipient_id=school.parent.person_id,
        subject_id=school.ids["cohort_id"],
        **values,
    )[0]
