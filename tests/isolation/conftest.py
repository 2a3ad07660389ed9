"""A connection that serves the application as the web login, and lets a test look at every row in between."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text

from app.extensions import limiter
from infra.database import sqlalchemy_url
from tests.isolation.places import add_rows
from tests.support.stack import TestStack
from tests.support.world import World


@pytest.fixture
def connection(stack: TestStack, world: World) -> Iterator[Connection]:
    """As in every suite: the web login, everything undone at the end. Only `Digests` steps out of that login."""
    engine = create_engine(sqlalchemy_url(stack.superuser_url))
    with engine.connect() as connection, connection.begin() as outer:
        add_rows(connection, world)
        connection.execute(text("set session authorization wb_web"))
        yield connection
        outer.rollback()
    engine.dispose()


@pytest.fixture(autouse=True)
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crawler asks more than a person; limits of traffic would hide what an answer says."""
    monkeypatch.setattr(limiter, "enabled", False)
