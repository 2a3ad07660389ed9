"""A school whose readers come and go."""

from __future__ import annotations

import pytest

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
