"""A school whose readers come and go."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from infra.ids import new_id
from tests.support.own import own_app

TOLD = {
    "about": "child",
    "about_name": "A pupil in year 8",
    "what": "She said: my arm hurts. Zanzibar.",
    "happened_when": "Tuesday after the session",
    "risk_today": "no",
}


@pytest.fixture
def own(stack, world):
    with own_app(stack, "readers") as found:
        yield found


@pytest.fixture
def raise_one(own, world):
    """Raise a concern in the first school; its id and the browser that did.

    `anyway`: after its sender read that nobody can read it now, and whom to call.
    """

    def make(person=None, *, anyway=False, **changes):
        client = own.client(person or world.school.parent)
        told = {"form_id": str(new_id()), **TOLD, **changes}
        if anyway:
            page = client.post("/concerns/new", data=told)
            assert "Nobody here can read this now" in page.text
            told["knows_nobody_reads"] = "yes"
        answer = client.post("/concerns/new", data=told)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"].split("/")[2], client

    return make


@pytest.fixture
def rows(connection):
    """Rows of a statement in a database role's eyes: the one reader of a table, or the dispatcher."""

    def read(statement: str, role: str, **settings: str):
        with connection.begin_nested() as inner:
            connection.execute(text("select set_config('role', :role, true)"), {"role": role})
            for name, value in settings.items():
                connection.execute(
                    text("select set_config(:name, :value, true)"),
                    {"name": f"app.{name}", "value": str(value)},
                )
            found = connection.execute(text(statement)).mappings().all()
            inner.rollback()
        return found

    return read
