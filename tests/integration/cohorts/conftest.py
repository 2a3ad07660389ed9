"""One long term, so that tests hold on any day of the year; the evening of session 4."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.calendar.school_year import Term
from infra.clock import today
from infra.ids import new_id
from tests.support.evenings import after_the_session, at, day_of_session_4, look  # noqa: F401 - fixtures


@pytest.fixture
def long_term(connection, world):
    """Instead of the world's terms: one of more than a year."""
    half = today() + timedelta(days=-today().weekday() % 7, weeks=3)
    term = Term(
        "Long term",
        today() - timedelta(days=100),
        half,
        half + timedelta(days=4),
        today() + timedelta(days=400),
    )
    with connection.begin_nested():
        connection.execute(text("set local role wb_authority"))
        connection.execute(
            text("select set_config('app.authority', :id, true)"), {"id": str(world.authority.authority_id)}
        )
        connection.execute(text("delete from authority_term"))
        connection.execute(
            text(
                "insert into authority_term (authority_id, id, name, starts_on, half_term_starts_on,"
                " half_term_ends_on, ends_on) values (:authority, :id, 'Long term', :start, :half, :half_end, :end)"
            ),
            {
                "authority": world.authority.authority_id,
                "id": new_id(),
                "start": term.starts_on,
                "half": term.half_term_starts_on,
                "half_end": term.half_term_ends_on,
                "end": term.ends_on,
            },
        )
        connection.execute(text("reset role"))
    return term
