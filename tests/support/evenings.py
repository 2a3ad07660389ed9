"""Fixtures of a group's evenings: the clock on the day of the world's session 4, and rows as one person sees them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import CursorResult, Row, text

from app.extensions import db
from infra.clock import LONDON
from tests.support.clock import Clock
from tests.support.reading import value_of
from tests.support.stack import TestStack
from tests.support.world import Person, World


@pytest.fixture
def look(app: Flask) -> Callable[..., list[Row[Any]]]:
    """Rows as that person sees them, inside the test's own transaction."""

    def ask(person: Person, statement: str, **values: object) -> list[Row[Any]]:
        # A context of its own: a request of the test's browsers must find no open session.
        with app.test_request_context():
            session = db.session()
            session.enter(person.scope)
            found = session.execute(text(statement), values)
            rows = list(found) if isinstance(found, CursorResult) and found.returns_rows else []
            session.commit()
            db.session.remove()
        return rows

    return ask


@pytest.fixture(scope="session")
def day_of_session_4(stack: TestStack, world: World) -> date:
    """The day on which the world was made; a run of tests may go on past midnight."""
    asked = "select on_date from cohort_session where school_id = %s and cohort_id = %s and number = 4"
    with psycopg.connect(stack.superuser_url) as connection:
        key = (world.school.school_id, world.school.ids["cohort_id"])
        on: date = value_of(connection, asked, key)
        return on


@pytest.fixture
def at(clock: Clock, day_of_session_4: date) -> Callable[..., datetime]:
    """Makes it so late, by the clock in England, on the day of the world's session 4 (5:45pm to 7:15pm)."""
    on = day_of_session_4

    def set_clock(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
        return clock.set(datetime.combine(on + timedelta(days=days), time(hour, minute), LONDON))

    return set_clock


@pytest.fixture
def after_the_session(at: Callable[..., datetime]) -> datetime:
    """Session 4 is over, by the clock, and not closed."""
    return at(19, 30)
