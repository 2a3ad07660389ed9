"""What a signed-in person does about their own account."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.identity import websession
from app.identity.gate import ask
from app.identity.roles import Role
from infra.clock import now
from infra.ids import new_id
from tests.integration.accounts.conftest import PASSWORD, accept_offer
from tests.integration.accounts.test_staff_sign_in import codes_in, is_in, type_password
from tests.support.reading import find_in


@pytest.fixture
def signed_in(client_for, colleague_of, world):
    """A colleague who came in by password and app, and their browser."""
    colleague, client = colleague_of(world.school.lead), client_for(None)
    type_password(client, colleague.person)
    client.post("/sign-in/code", data={"code": colleague.app_code()})
    return colleague, client


def test_signing_out_ends_the_row_not_only_the_cookie(client_for, cookie_of, world):
    client, thief = client_for(world.school.parent), client_for(None)
    thief.set_cookie("webelong", cookie_of(client), domain="localhost")
    assert is_in(thief)

    client.post("/sign-out")

    assert not is_in(client)
    assert not is_in(thief)


def test_signing_out_is_never_a_mistake(client_for):
    assert client_for(None).post("/sign-out").status_code == 303
    assert client_for(None).get("/sign-out").status_code == 405


def test_a_link_never_becomes_a_role_at_work(client_for, invitation_to, link_asked_by, colleague_of, world):
    colleague = colleague_of(world.school.lead)
    token = invitation_to(Role.PARENT, email=colleague.person.email)
    # Only they themselves, signed in at work, make the parent and the colleague one account.
    client_for(colleague.person).post(f"/link/{token}", data={"join": "yes"})
    client = client_for(None)
    client.post(f"/link/{link_asked_by(client, colleague.person.email)}")
    assert is_in(client)
    choice = find_in(r'name="membership" value="([^"]+)"', client.get("/change-role").text).group(1)
    assert choice == str(colleague.person.membership_id)

    response = client.post("/change-role", data={"membership": choice})

    assert response.location.endswith("/sign-in")
    assert client.get("/my-account/password").status_code == 403


def test_a_role_of_somebody_else_cannot_be_chosen(client_for, world):
    client = client_for(world.school.parent)

    for choice in (
        world.school.lead.membership_id,
        world.other_school.parent.membership_id,
        new_id(),
        "x",
        "",
    ):
        assert client.post("/change-role", data={"membership": str(choice)}).status_code == 404
    assert is_in(client)


def test_changing_role_gives_no_more_time(client_for, offered_to, cookie_of, world):
    parent, client = world.school.parent, client_for(None)
    offered_to(parent)
    accept_offer(client_for(parent))
    long_ago = (now() - websession.PARENT_LIFE + timedelta(minutes=5)).isoformat()
    with client.application.test_request_context():
        old = websession.WebSession()
        websession.start_session(
            old, parent.membership_id, role=parent.role, since=datetime.fromisoformat(long_ago)
        )
        old["since"] = long_ago
        websession._save(client.application, old)
    client.set_cookie("webelong", old.secret, domain="localhost")
    choice = find_in(r'name="membership" value="([^"]+)"', client.get("/change-role").text).group(1)

    client.post("/change-role", data={"membership": choice})

    with client.application.test_request_context():
        sealed = ask(websession.OPEN, hash=websession.hash_secret(cookie_of(client)))[0].data
        data = websession._opened(client.application, cookie_of(client), sealed)
    assert cookie_of(client) != old.secret
    assert data["since"] == long_ago


def test_a_changed_password_needs_the_old_one_and_ends_other_sessions(
    signed_in, client_for, cookie_of, world
):
    colleague, client = signed_in
    other, before = client_for(colleague.person), cookie_of(client)

    refused = client.post(
        "/my-account/password", data={"current": "not this one", "password": "violin cactus rain"}
    )
    assert refused.status_code == 200
    assert "This is not your password" in refused.text
    assert is_in(other)
    changed = client.post(
        "/my-account/password", data={"current": PASSWORD, "password": "violin cactus rain"}
    )

    assert changed.status_code == 303
    assert is_in(client)
    assert cookie_of(client) != before
    assert not is_in(other)
    assert type_password(client_for(None), colleague.person).status_code == 200
    assert type_password(client_for(None), colleague.person, "violin cactus rain").status_code == 303


def test_new_recovery_codes_replace_the_old(signed_in, client_for):
    colleague, client = signed_in

    assert client.post("/my-account/recovery-codes", data={"current": "wrong"}).status_code == 200
    client.post("/my-account/recovery-codes", data={"current": PASSWORD})
    shown = codes_in(client.get("/recovery-codes").text)

    other = client_for(None)
    type_password(other, colleague.person)
    assert other.post("/sign-in/recovery-code", data={"code": colleague.codes[0]}).status_code == 200
    assert other.post("/sign-in/recovery-code", data={"code": shown[0]}).status_code == 303


def test_another_browser_can_be_signed_out_from_here(client_for, world):
    here, there, stranger = (
        client_for(world.school.parent),
        client_for(world.school.parent),
        client_for(world.other_school.parent),
    )
    address = find_in(r'action="(/my-account/sessions/[^"]+/end)"', here.get("/my-account").text).group(1)

    # somebody else's is answered as one that is gone
    assert stranger.post(address).status_code == 303
    assert is_in(there)
    assert here.post(address).status_code == 303
    assert not is_in(there)
    assert is_in(here)
