"""What somebody typed on a public page is a claim: it shuts nobody out of their own pages."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from infra.ids import new_id
from tests.integration.signing_up.conftest import OVERVIEW
from tests.integration.test_stale_presses import sent
from tests.support.borrowed import as_login

PRICE = "Nothing changes for the first of them now."


@pytest.fixture
def run(connection):
    """`run(statement, **values)` as nobody whom a rule holds."""

    def execute(statement: str, **values):
        with as_login(connection, "postgres"):
            return connection.execute(text(statement), values)

    return execute


@pytest.fixture
def anwar(run, client_for, world):
    """A parent who has come in, in a browser that is signed in; the number that a stranger will type is theirs."""
    parent = world.school.parent
    run("update identity.account set phone = '+447700900751' where id = :id", id=parent.account_id)
    run("update parent_contact set phone = '+447700900751' where parent_id = :id", id=parent.person_id)
    client = client_for(parent)
    assert client.get("/my/answers").status_code == 200
    return client


def shared_from(run, world):
    return run(
        "select shared_from from identity.account where id = :id", id=world.school.parent.account_id
    ).scalar_one()


def taken_in(senco, signup_id):
    """The parent's id in the list."""
    at = f"{OVERVIEW}/{signup_id}"
    page = senco.get(at).text
    done = senco.post(at, data=sent(page, "") | {"knows": "y", "is_shared": "y"} | ANOTHER)
    return page, done.location.rpartition("/")[2]


#: What staff choose where somebody in the list is like them.
ANOTHER = {"who": "new"}


def test_a_stranger_who_types_somebodys_number_shuts_nobody_out(anwar, ruth, senco, run, world):
    """Given a parent in a group, and a stranger who typed their number on the public page
    When staff take the stranger into the list as another person who shares it
    Then the parent's pages stay open, and nobody writes to them of it."""
    page, _ = taken_in(senco, ruth)

    assert PRICE in page
    assert anwar.get("/my/answers").status_code == 200
    assert shared_from(run, world) is None
    assert not run("select count(*) from outbox where kind = 'address_shared'").scalar_one()


def test_once_the_other_has_come_in_themselves_a_pin_is_asked_for(anwar, ruth, senco, run, world):
    """Given the same
    When the newcomer has used a link of their own
    Then the number is shared, the first of them is told, and a PIN is asked for."""
    _, parent_id = taken_in(senco, ruth)
    account = new_id()
    run(
        "insert into identity.account (id, name, phone, created_at)"
        " values (:id, 'Ruth', '+447700900751', app.now())",
        id=account,
    )
    run(
        "insert into identity.membership (id, account_id, role, in_authority, in_school, person_id, created_at)"
        " select gen_random_uuid(), :id, 'parent', m.in_authority, m.in_school, :parent, app.now()"
        " from identity.membership m where m.account_id = :anwar limit 1",
        id=account,
        parent=parent_id,
        anwar=world.school.parent.account_id,
    )

    assert shared_from(run, world) is not None
    assert anwar.get("/my/answers").location == "/my-account/pin"


def test_the_word_of_staff_counts_at_once_as_before(anwar, senco, run, world):
    """Somebody whom staff add by hand: they know them, and read what the tick does."""
    form = {"first_name": "Sam", "last_name": "Partner", "phone": "07700 900751"}
    asked = senco.post("/school/parents/add", data=form)
    assert "Has the first of them joined? We tell them at once" in asked.text
    senco.post("/school/parents/add", data=form | sent(asked.text, "") | {"is_shared": "y"})

    assert shared_from(run, world) is not None
    assert anwar.get("/my/answers").location == "/my-account/pin"


@pytest.mark.parametrize("kind", ["hello", "pass-on"])
def test_a_browser_shows_nothing_again_of_what_was_typed(kind, stranger, senco, address):
    """*Back* after *Thank you* is in the hand of whoever has that phone next: no box says what it is for."""
    if kind == "pass-on":
        senco.post(f"{OVERVIEW}/links/new", data={"kind": "family_hub", "organisation": "Hill Road"})
        [address] = set(re.findall(r"/pass-on/[0-9a-z-]+", senco.get(OVERVIEW).text))
    page = stranger.get(address).text
    form = re.findall(r'<form method="post".*?</form>', page, re.S)[-1]

    assert form.startswith('<form method="post" autocomplete="off"')
    boxes = re.findall(r'<input[^>]*type="(?:text|tel|email)"[^>]*>', form)
    assert len(boxes) == 4
    assert [box for box in boxes if 'autocomplete="off"' not in box] == []
