"""Passkeys of parents and facilitators: one tells two people at one address apart, and opens their own pages alone."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.accounts.confirming import CONFIRM
from app.accounts.services import reset_second_factor
from app.identity.gate import ask_signing_in
from app.identity.roles import Role
from app.identity.websession import hash_secret
from infra.clock import now
from tenants.session import ASSUME
from tests.integration.accounts.test_shared_address import EMAIL, PIN, is_in
from tests.integration.recruitment.test_parents import ALL_YES
from tests.support.authenticator import Authenticator
from tests.support.client import PageClient, sign_in
from tests.support.reading import find_in

ORIGIN = "https://webelong.example"


@pytest.fixture(autouse=True)
def at_a_real_name(app, monkeypatch):
    monkeypatch.setattr(app.extensions["settings"], "base_url", ORIGIN)


def asked(client, address: str) -> dict:
    answer = client.post(address)
    assert answer.status_code == 200, answer.status_code
    return json.loads(answer.text)


def add(client, name: str = "My phone") -> Authenticator:
    """A device that holds the passkey which was just added."""
    device = Authenticator(ORIGIN)
    answer = device.create(asked(client, "/my-account/passkeys/options"))
    assert client.post("/my-account/passkey", data={"name": name, "answer": answer}).status_code == 303
    return device


def try_to_add(client):
    answer = Authenticator(ORIGIN).create(asked(client, "/my-account/passkeys/options"))
    return client.post("/my-account/passkey", data={"name": "Theirs", "answer": answer})


def come_in(client, device: Authenticator):
    client.get("/sign-in")
    answer = device.get(asked(client, "/sign-in/passkey/options"))
    return client.post("/sign-in/passkey", data={"answer": answer})


def show(client, device: Authenticator):
    """Answer on the page that asks who sits there."""
    answer = device.get(asked(client, "/confirm/passkey/options"))
    return client.post("/confirm/passkey", data={"answer": answer})


def remove_first(client):
    found = re.search(r'action="(/my-account/passkeys/[^"]+/remove)"', client.get("/my-account").text)
    assert found
    return client.post(found.group(1), follow_redirects=True)


@pytest.mark.parametrize(("role", "home"), [("parent", "/my"), ("facilitator", "/group")])
def test_one_is_added_listed_and_opens_the_pages_of_its_owner(client_for, world, role, home):
    here = client_for(getattr(world.school, role))
    assert "Add a passkey" in here.get("/my-account").text
    assert "Work laptop" in here.get("/my-account/passkey").text

    device = add(here)

    assert "My phone" in here.get("/my-account").text
    there = client_for(None)
    assert come_in(there, device).location == home
    assert is_in(there)
    # It was unlocked just now: nothing asks again.
    assert there.get("/my-account/way-in").status_code == 200
    remove_first(here)
    assert not is_in(there)


def test_who_sits_here_is_asked_first(app, world):
    client = PageClient(app)
    sign_in(client, world.school.parent, confirmed=timedelta(minutes=31))

    assert client.get("/my-account/passkey").location == "/confirm"
    assert try_to_add(client).location == "/confirm"
    assert "Theirs" not in client.get("/my-account").text
    # The page of people at work is theirs.
    assert client.get("/my-account/passkeys/add").status_code == 403


def test_the_database_asks_for_the_proof_whatever_a_page_forgets(app, world, monkeypatch):
    monkeypatch.setattr("app.accounts.confirming.ask_first", lambda: None)
    client = PageClient(app)
    for _ in range(2):  # in the very first browser a first one needs none
        sign_in(client, world.school.parent, confirmed=timedelta(minutes=31))

    assert "was not added" in try_to_add(client).text


def test_taking_one_away_asks_first(app, client_for, world):
    add(client_for(world.school.parent))
    client = PageClient(app)
    sign_in(client, world.school.parent, confirmed=timedelta(minutes=31))

    remove_first(client)
    assert "My phone" in client.get("/my-account").text
    remove_first(client_for(world.school.parent))


def test_the_addresses_of_its_owner_are_told(client_for, world, connection):
    def told() -> int:
        connection.execute(ASSUME, world.school.lead.scope.as_parameters())
        return connection.execute(
            text("select count(*) from outbox where kind = 'passkey_added'")
        ).scalar_one()

    here = client_for(world.school.parent)
    before = told()

    add(here)
    assert told() > before
    remove_first(here)


@pytest.fixture
def shared(joined, entered, clock):
    """A browser of Ben, who joined before somebody else was entered with his address."""

    def make():
        ben = joined()
        ben.post("/my/welcome/choices", data=ALL_YES | {"known_as": "Ben"})
        clock.set(now() + timedelta(minutes=20))
        entered(email=EMAIL)
        return ben

    return make


@pytest.fixture
def by_a_link(client_for, link_asked_by):
    """A browser of whoever opens the next link to the shared mailbox."""

    def make():
        client = client_for(None)
        client.post(f"/link/{link_asked_by(client, EMAIL)}")
        return client

    return make


def test_at_joining_a_passkey_is_made_in_place_of_the_pin(joined, entered):
    entered(email=EMAIL)
    ben = joined()
    assert "Use a passkey instead" in ben.get("/my-account/pin").text
    assert "Choose a PIN instead" in ben.get("/my-account/passkey").text

    device = Authenticator(ORIGIN)
    answer = device.create(asked(ben, "/my-account/passkeys/options"))
    done = ben.post("/my-account/passkey", data={"name": "My phone", "answer": answer})

    assert done.location == "/my/welcome/choices"
    assert ben.post("/my/welcome/choices", data=ALL_YES | {"known_as": "Ben"}).status_code == 303
    assert is_in(ben)


def test_it_is_asked_for_from_then_on_and_opens_the_private_parts(shared, by_a_link, clock):
    ben = shared()
    assert ben.get("/my/answers").location == "/my-account/pin"
    device = add(ben)
    assert is_in(ben)

    clock.set(now() + timedelta(minutes=40))
    client = by_a_link()
    assert client.get("/my").location == "/pin"
    assert "Use my passkey" in client.get("/pin").text
    # Whoever else reads the mailbox makes none of their own, and takes none away.
    assert client.get("/my-account/passkey").location == "/pin"
    assert try_to_add(client).location == "/pin"
    assert not is_in(client)

    assert show(client, device).location == "/my"
    assert client.get("/my/answers").status_code == 200


def test_whoever_came_in_since_makes_no_first_one(shared, by_a_link, clock):
    shared()
    clock.set(now() + timedelta(minutes=20))
    client = by_a_link()

    assert client.get("/my-account/passkey").location == "/pin"
    assert try_to_add(client).location == "/pin"


def test_coming_in_by_it_tells_them_apart_at_once(shared, client_for):
    device = add(shared())
    there = client_for(None)

    assert come_in(there, device).location == "/my"
    assert is_in(there)


def test_where_an_address_is_shared_the_last_one_stays_until_there_is_a_pin(shared):
    ben = shared()
    device = add(ben)
    assert show(ben, device).status_code == 303

    assert "Choose a PIN first" in remove_first(ben).text
    assert "My phone" in ben.get("/my-account").text
    assert ben.post("/my-account/pin", data={"pin": PIN}).status_code == 303

    assert "The passkey is removed" in remove_first(ben).text
    assert "My phone" not in ben.get("/my-account").text


def test_two_presses_do_not_take_both_of_the_last_two(shared):
    ben = shared()
    device = add(ben)
    show(ben, device)
    add(ben, "My tablet")

    remove_first(ben)
    assert "Choose a PIN first" in remove_first(ben).text


@pytest.fixture
def as_a_parent(app, client_for, invitation_to, cookie_of):
    """A browser of somebody at work in their pages as a parent, by a link, and six digits."""

    def make(person):
        mine = invitation_to(Role.PARENT, email=person.email, name="Dee Reader")
        client = client_for(person)
        assert client.post(f"/link/{mine}", data={"join": "yes"}).status_code == 303
        with app.test_request_context():
            ask_signing_in(CONFIRM, hash=hash_secret(cookie_of(client)), at=now())
        return client

    return make


@pytest.fixture
def lead_as_a_parent(as_a_parent, world):
    return as_a_parent(world.school.dsl)


def test_one_made_by_a_link_opens_nothing_at_work(lead_as_a_parent, client_for, world):
    """An open mailbox and six digits are enough to make one; they are no password and no app."""
    device, there = add(lead_as_a_parent, "Parent phone"), client_for(None)

    assert come_in(there, device).location == "/my"

    assert there.get("/school/concerns").status_code == 403
    at_work = re.findall(r'name="membership" value="([^"]+)"', there.get("/change-role").text)
    assert at_work
    for membership in at_work:
        assert there.post("/change-role", data={"membership": membership}).location == "/sign-in"
    # Not on the list at work either, whose ways in it is none of.
    assert "Parent phone" not in client_for(world.school.dsl).get("/my-account").text


def test_one_made_by_a_link_shows_nobody_who_sits_there_at_work(app, lead_as_a_parent, client_for, world):
    # given a passkey of the parent's pages, and a session at work of the same account that has not shown it for long
    device = add(lead_as_a_parent, "Parent phone")
    at_work = PageClient(app)
    sign_in(at_work, world.school.dsl, confirmed=timedelta(minutes=31))
    # when it is shown there
    assert show(at_work, device).location == "/confirm"
    # then it did not work
    assert "This passkey did not work" in at_work.get("/confirm").text
    assert at_work.get("/school/concerns").location == "/confirm"
    assert at_work.get("/my-account/passkeys/add").location == "/confirm"
    # and it goes on showing who sits in the parent's pages
    assert show(lead_as_a_parent, device).location != "/confirm"


def test_the_database_makes_none_at_work_without_a_proof_whatever_a_page_forgets(app, world, monkeypatch):
    monkeypatch.setattr("app.accounts.confirming.TO_SEND", timedelta(hours=2))
    client = PageClient(app)
    sign_in(client, world.school.dsl, confirmed=timedelta(minutes=31))
    answer = Authenticator(ORIGIN).create(asked(client, "/my-account/passkeys/options"))

    page = client.post("/my-account/passkeys/add", data={"name": "Theirs", "answer": answer}).text

    assert "was not added" in page


def test_whoever_came_in_by_a_link_takes_none_from_work(lead_as_a_parent, client_for, world):
    at_work = client_for(world.school.dsl)
    device = Authenticator(ORIGIN)
    answer = device.create(asked(at_work, "/my-account/passkeys/options"))
    at_work.post("/my-account/passkeys/add", data={"name": "Work laptop", "answer": answer})
    address = find_in(r'action="(/my-account/passkeys/[^"]+/remove)"', at_work.get("/my-account").text)

    assert "Work laptop</" not in lead_as_a_parent.get("/my-account").text
    assert lead_as_a_parent.post(address.group(1)).status_code == 303

    assert come_in(client_for(None), device).location == "/school"


def test_a_colleagues_reset_leaves_what_keeps_their_pages_as_a_parent_theirs(
    as_a_parent, acting_as, client_for, world
):
    device = add(as_a_parent(world.school.senco), "Parent phone")

    with acting_as(world.school.lead) as session:
        assert reset_second_factor(session, world.school.senco.person_id)

    assert come_in(client_for(None), device).location == "/my"
