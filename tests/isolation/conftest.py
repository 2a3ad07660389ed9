"""A connection that serves the application as the web login, and lets a test look at every row in between."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text

from app.extensions import limiter
from tests.isolation.places import add_rows
from tests.support.world import World


@pytest.fixture
def connection(undone_engine: Engine, world: World) -> Iterator[Connection]:
    """As in every suite: the web login, everything undone at the end. Only `Digests` steps out of that login."""
    with undone_engine.connect() as connection, connection.begin() as outer:
        add_rows(connection, world)
        connection.execute(text("set session authorization wb_web"))
        yield connection
        outer.rollback()


@pytest.fixture(autouse=True)
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crawler asks more than a person; limits of traffic would hide what an answer says."""
    monkeypatch.setattr(limiter, "enabled", False)
