"""A school's open sign-up page, and somebody who writes there."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

OVERVIEW = "/school/sign-up"
#: What somebody types.
RUTH = {
    "first_name": "Ruth",
    "last_name": "Newcomer",
    "phone": "07700 900751",
    "language": "en",
    "agrees": "y",
}


@pytest.fixture
def senco(client_for, world):
    return client_for(world.school.senco)


@pytest.fixture
def stranger(client_for):
    return client_for(None)


@pytest.fixture
def address(senco) -> str:
    """The path of the page that staff opened."""
    page = senco.post(f"{OVERVIEW}/open", follow_redirects=True)
    return address_on(page.text)


def address_on(page: str) -> str:
    """The address that staff are shown."""
    found = re.search(r"/hello/[0-9a-z-]+", page)
    assert found, "no address on the page"
    return found.group()


@pytest.fixture
def rows(session_for, world):
    """`rows()`: what stands in the school's table, the oldest first."""

    def read():
        return (
            session_for(world.school.senco).execute(text("select * from signup order by said_at, id")).all()
        )

    return read


@pytest.fixture
def ruth(stranger, address, rows):
    """Ruth has written; her row's id."""
    assert stranger.post(address, data=RUTH).status_code == 303
    return rows()[0].id
