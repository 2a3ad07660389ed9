"""A borough with finished groups in a database of its own, copied for every test: the roll-up commits for real."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from psycopg import sql
from sqlalchemy import Connection, Engine, MetaData, create_engine, text

from app.outcomes.rollup import list_windows
from infra.clock import LONDON, now
from infra.database import make_engine, sqlalchemy_url
from infra.ids import new_id
from tenants.roles import ensure_login_roles
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession
from tests.support.client import PageClient, sign_in
from tests.support.own import app_on
from tests.support.stack import PASSWORDS, TestStack
from tests.support.world import Person, World

GROUND, TOWN = "outcomes_ground", "outcomes_town"
CANARY = "canary-borough"
SCHOOLS, PARENTS = 6, 9


@dataclass
class Ground:
    """What was written: the world, the window, and the groups by school."""

    world: World
    window_key: str
    cohorts: dict[UUID, UUID] = field(default_factory=dict)


@dataclass
class Town:
    """One test's own borough."""

    ground: Ground
    stack: TestStack
    rollup: Engine
    owner: Engine
    app: Flask | None = None
    #: What is shut behind the test.
    doors: ExitStack = field(default_factory=ExitStack)

    @property
    def authority_id(self) -> UUID:
        return self.ground.world.authority.authority_id

    @property
    def window_key(self) -> str:
        return self.ground.window_key

    def session(self) -> ScopedSession:
        return ScopedSession(self.rollup, scope=Scope(Audience.ROLLUP, self.authority_id))

    def rows(self, statement: str, **values: Any) -> list[Any]:
        with self.owner.connect() as connection:
            return list(connection.execute(text(statement), values))

    def change(self, statement: str, **values: Any) -> None:
        with self.owner.begin() as connection:
            connection.execute(text(statement), values)

    def client(self, person: Person) -> PageClient:
        if self.app is None:
            self.app = self.doors.enter_context(app_on(self.stack))
        client = PageClient(self.app)
        sign_in(client, person)
        return client


@pytest.fixture(scope="session")
def ground(stack: TestStack, world: World) -> Iterator[Ground]:
    with stack.copy(GROUND) as found:
        yield _build_ground(found, world)


def _build_ground(found: TestStack, world: World) -> Ground:
    engine = create_engine(sqlalchemy_url(found.url("wb_owner")))
    rollup = make_engine(found.url("wb_rollup"))
    with ScopedSession(rollup, scope=Scope(Audience.ROLLUP, world.authority.authority_id)) as session:
        windows = list_windows(session, world.authority.authority_id)
    window = [each for each in windows if each.term_ends_on < now().date()][-1]
    made = Ground(world, window.window.id)
    with engine.begin() as connection:
        connection.execute(text("update cohort set state = 'cancelled' where state = 'closed'"))
        connection.execute(text("delete from release"))
        tables = MetaData()
        tables.reflect(connection)
        for number in range(SCHOOLS):
            _add_school(connection, tables, made, number, window.term_ends_on)
    engine.dispose()
    rollup.dispose()
    return made


@pytest.fixture
def town(stack: TestStack, ground: Ground) -> Iterator[Town]:
    copied = TestStack(stack.stack, TOWN)
    with psycopg.connect(stack.maintenance_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {}").format(sql.Identifier(TOWN), sql.Identifier(GROUND))
        )
        ensure_login_roles(copied.superuser_url, PASSWORDS)
        rollup, owner = (make_engine(copied.url(login)) for login in ("wb_rollup", "wb_owner"))
        town = Town(ground, copied, rollup, owner)
        with town.doors:
            yield town
        rollup.dispose()
        owner.dispose()
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(TOWN)))


def _add_school(connection: Connection, tables: MetaData, made: Ground, number: int, last_on: Any) -> None:
    def add(table: str, **values: Any) -> None:
        connection.execute(tables.tables[table].insert().values(values))

    rng = Random(number)
    school_id, cohort_id, urn = new_id(), new_id(), 991_100 + number
    name = f"{CANARY} school {number}"
    add("register_school", urn=urn, name=name, status="Open", is_open=True, search_name=name, row_digest=b"0")
    add(
        "school", school_id=school_id, authority_id=made.world.authority.authority_id, urn=urn, name=name,
        short_name=name[:28], phase="Primary", controller_code=f"T{number}", controller_name=name, stage="active",
        stage_changed_at=now(), waiting_since=now(), created_at=now(),
    )  # fmt: skip
    at = datetime.combine(last_on, time(20), tzinfo=LONDON)
    add(
        "cohort", school_id=school_id, id=cohort_id, name=f"{CANARY} group", state="closed", starts_at=time(18),
        first_on=last_on - timedelta(weeks=7), closed_at=at, created_at=now(),
    )  # fmt: skip
    sessions = [new_id() for _ in range(8)]
    for index, session_id in enumerate(sessions, start=1):
        add(
            "cohort_session", school_id=school_id, id=session_id, cohort_id=cohort_id, number=index,
            on_date=last_on - timedelta(weeks=8 - index), starts_at=time(18), ends_at=time(19), state="closed",
        )  # fmt: skip
    for index in range(PARENTS):
        parent_id = new_id()
        add(
            "parent",
            school_id=school_id,
            id=parent_id,
            stage="graduated",
            stage_changed_at=now(),
            created_at=now(),
        )
        add(
            "enrolment", school_id=school_id, id=new_id(), cohort_id=cohort_id, parent_id=parent_id,
            status="finished", joined_at=at - timedelta(weeks=9),
        )  # fmt: skip
        # The last parent of each group does not agree to pooled results.
        add(
            "consent", school_id=school_id, parent_id=parent_id, kind="pooled_answers", given=index < PARENTS - 1,
            wording_version="1", changed_at=now(),
        )  # fmt: skip
        for session_id in sessions[: 8 if index % 3 else 3]:
            add(
                "attendance", school_id=school_id, session_id=session_id, parent_id=parent_id,
                cohort_id=cohort_id, mark="present", marked_at=now(),
            )  # fmt: skip
        start = rng.randint(1, 6)
        moved = min(10, max(0, start + (3, 3, 2, 0, 0, -3, 3, 4, 3)[index]))
        for occasion, value in (("before", start), ("after", moved)):
            items = [value] * 12
            items[5] = 10 - value
            add(
                "answer_set", school_id=school_id, id=new_id(), parent_id=parent_id, cohort_id=cohort_id,
                instrument="programme-questions", instrument_version=1, scoring_version=1, occasion=occasion,
                items=items, updated_at=now(), submitted_at=at,
            )  # fmt: skip
    add("rollup_due", school_id=school_id, cohort_id=cohort_id, due_at=now())
    add("activity_due", school_id=school_id, due_at=now())
    made.cohorts[school_id] = cohort_id


@pytest.fixture
def build(town: Town) -> Callable[..., Any]:
    """Builds the window's release and gives its row."""
    from app.outcomes.services import build_release

    def make(window_key: str | None = None, authority_id: UUID | None = None) -> Any:
        authority_id = authority_id or town.authority_id
        with ScopedSession(
            town.rollup, scope=Scope(Audience.ROLLUP, authority_id), expire_on_commit=False
        ) as session:
            windows = list_windows(session, authority_id)
            release = build_release(
                session, authority_id, window_key or town.window_key, "Priya", windows=windows
            )
            session.commit()
            return release

    return make
