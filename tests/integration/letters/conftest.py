"""A school with somebody reachable, somebody on paper, and two who share a number; and what prints letters."""

from __future__ import annotations

import pytest

from tests.integration.letters.pages import code_in, letter_of, make, read
from tests.support.own import own_app
from workers.documents import make_worker


@pytest.fixture
def own(stack):
    with own_app(stack, "letters") as found:
        yield found


@pytest.fixture
def school(own, world):
    return world.school


@pytest.fixture
def senco(own, school):
    return own.client(school.senco)


@pytest.fixture
def worker(own):
    worker = make_worker(own.stack.settings())
    worker.storage.ensure_bucket()
    yield worker
    worker.engine.dispose()


@pytest.fixture
def people(own, senco):
    """Ann has a phone, Cy neither phone nor email, Dee the phone of one who said no; their ids by name."""
    for name, reach in {
        "Ann": {"phone": "07700 900811"},
        "Cy": {"on_paper": "y"},
        "Eve": {"phone": "07700 900812"},
        "Dee": {"phone": "07700 900812", "is_shared": "y"},
    }.items():
        senco.post("/school/parents/add", data={"first_name": name, "last_name": "Many", **reach})
        senco.post(
            "/school/parents/add", data={"first_name": name, "last_name": "Many", **reach, "is_shared": "y"}
        )
    found = own.rows("select first_name, parent_id from parent_contact where last_name = 'Many'")
    ids = {row["first_name"]: row["parent_id"] for row in found}
    senco.post(
        f"/school/parents/{ids['Eve']}/answer", data={"to_stage": "said_no", "how": "telephone", "reason": ""}
    )
    return ids


@pytest.fixture
def printed(own, senco, people, worker):
    """`printed(name)`: a letter to them that is made; the code that it has."""

    def do(name: str) -> str:
        make(senco, [people[name]])
        worker.drain()
        return code_in(read(worker, letter_of(own, people[name])))

    return do
