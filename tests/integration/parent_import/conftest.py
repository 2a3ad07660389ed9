"""A school that sends a list, and one in a database of its own."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import text

from tests.support.own import own_app


@pytest.fixture
def own(stack, world):
    with own_app(stack, "leavers") as found:
        yield found


@pytest.fixture
def senco(client_for, world):
    return client_for(world.school.senco)


@pytest.fixture
def send(senco):
    """Send a file; the page that it leads to."""

    def sent(data: str | bytes, name: str = "list.csv"):
        body = data.encode() if isinstance(data, str) else data
        return senco.post(
            "/school/parents/import",
            data={"file": (io.BytesIO(body), name)},
            content_type="multipart/form-data",
            follow_redirects=True,
        )

    return sent


@pytest.fixture
def rows(session_for, world):
    """What the school's staff read by a statement."""

    def read(statement: str, **values: object):
        return session_for(world.school.senco).execute(text(statement), values).all()

    return read
