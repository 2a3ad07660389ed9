"""Whoever works here hears, at their account's address, of every change to how they come in."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.accounts.services import reset_second_factor
from app.identity.roles import Role
from tests.integration.accounts.conftest import PASSWORD
from tests.integration.accounts.openid import journey
from tests.integration.accounts.test_openid_accounts import CONNECT, at_work, ids_in
from tests.integration.accounts.test_passkeys import ORIGIN, add
from tests.support.authenticator import Authenticator
from tests.support.reading import find_in

__all__ = ["at_work"]

WRITTEN = text(
    "select o.id, o.kind from identity.token t join (select id, kind, created_at from outbox"
    " union all select id, kind, created_at from authority_outbox) o on o.id = t.outbox_id"
    " where t.purpose = 'notice' and t.address = :email order by o.created_at, o.id"
)
NEW = "violin cactus rain at noon"


@pytest.fixture
def told(connection):
    """Kinds of the notices to a person's address that were written since the last call, the oldest first."""
    seen: set[object] = set()

    def ask(person) -> list[str]:
        # Only the superuser reads where a notice goes.
        connection.execute(text("set session authorization default"))
        rows = connection.execute(WRITTEN, {"email": person.email}).all()
        connection.execute(text("set session authorization wb_web"))
        new = [row.kind for row in rows if row.id not in seen]
        seen.update(row.id for row in rows)
        return new

    return ask


@pytest.fixture(params=["dsl", "admin"])
def person(world, request):
    """Somebody at a school, and somebody at the council."""
    return world.school.dsl if request.param == "dsl" else world.authority.admin


def test_of_a_passkey_that_was_added_and_of_one_that_was_removed(app, at_work, told, person, monkeypatch):
    monkeypatch.setattr(app.extensions["settings"], "base_url", ORIGIN)
    _colleague, client = at_work(person)
    told(person)

    assert add(client, Authenticator(ORIGIN)).status_code == 303
    assert told(person) == ["work_passkey_added"]

    address = find_in(r'action="(/my-account/passkeys/[^"]+/remove)"', client.get("/my-account").text)
    client.post(address.group(1))
    assert told(person) == ["work_passkey_removed"]


def test_of_an_account_elsewhere_that_was_connected_and_disconnected(at_work, told, person, provider):
    _colleague, client = at_work(person)
    told(person)

    journey(client, CONNECT)
    assert told(person) == ["work_account_connected"]
    journey(client, CONNECT)
    assert told(person) == []

    client.post(f"/my-account/disconnect/{ids_in(client.get('/my-account').text)[0]}")
    assert told(person) == ["work_account_disconnected"]


def test_of_new_recovery_codes_and_of_a_password_changed_from_inside(at_work, told, person):
    _colleague, client = at_work(person)
    told(person)

    client.post("/my-account/recovery-codes", data={"current": PASSWORD})
    assert told(person) == ["work_codes_renewed"]

    client.post("/my-account/password", data={"current": PASSWORD, "password": NEW})
    assert told(person) == ["work_password_changed"]


def test_of_a_colleagues_reset_and_of_the_app_that_comes_after_it(colleague_of, acting_as, told, world):
    senco = world.school.senco
    told(senco)
    colleague_of(senco)
    assert "work_app_set" not in told(senco)  # the first one

    with acting_as(world.school.lead) as session:
        assert reset_second_factor(session, senco.person_id)
    assert told(senco) == ["work_app_reset"]

    colleague_of(senco)
    assert "work_app_set" in told(senco)


def test_of_a_password_chosen_by_a_colleagues_invitation(
    colleague_of, told, invitation_to, client_for, world
):
    senco = world.school.senco
    colleague_of(senco)
    told(senco)
    token = invitation_to(Role.SENCO, email=senco.email, person_id=senco.person_id, name=senco.name)

    client_for(None).post(f"/invitation/{token}", data={"password": NEW})

    assert "password_was_reset" in told(senco)
