"""An account elsewhere opens an account here when its owner says so from inside, or with an invitation; never else."""

from __future__ import annotations

import re
import time

import pytest

from app.accounts import confirming
from app.identity.roles import Role
from infra.openid_client import clients_for
from tests.integration.accounts.openid import at_provider, journey, off
from tests.integration.accounts.test_staff_sign_in import is_in, type_password

CONNECT = "/my-account/connect/larkfield"
NEW = "jo.new@larkfield.example.org"
MFA = {"amr": ["mfa"]}


@pytest.fixture
def at_work(client_for, colleague_of):
    """A colleague who came in by password and app, and their browser."""

    def make(person):
        colleague, client = colleague_of(person), client_for(None)
        type_password(client, person)
        client.post("/sign-in/code", data={"code": colleague.app_code()})
        assert is_in(client)
        return colleague, client

    return make


def ids_in(page: str) -> list[str]:
    return re.findall(r"/my-account/disconnect/([0-9a-f-]{36})", page)


# ---- My account


def test_connected_from_inside_it_opens_the_door(client_for, at_work, provider, world):
    _colleague, client = at_work(world.school.lead)
    assert "Connect Larkfield ID" in client.get("/my-account").text

    response = journey(client, CONNECT)

    assert response.location.endswith("/my-account")
    page = client.get("/my-account").text
    assert "Larkfield ID is connected" in page
    assert "Connect Larkfield ID" not in page
    assert len(ids_in(page)) == 1
    provider.claims = MFA
    other = client_for(None)
    assert journey(other).status_code == 303
    assert world.school.lead.name in other.get("/my-account").text


def test_connecting_twice_changes_nothing(at_work, provider, world):
    _colleague, client = at_work(world.school.lead)
    journey(client, CONNECT)
    journey(client, CONNECT)

    assert len(ids_in(client.get("/my-account").text)) == 1


def test_what_opens_a_colleagues_account_cannot_open_mine(at_work, connected, provider, world):
    connected(world.school.dsl, "theirs")
    _colleague, client = at_work(world.school.lead)

    response = journey(client, CONNECT)

    assert response.status_code == 409
    assert "opens another account here" in response.text
    assert world.school.dsl.name not in response.text
    assert ids_in(client.get("/my-account").text) == []


def test_a_second_account_elsewhere_with_the_same_email_does_not_merge(
    client_for, connected, provider, world
):
    connected(world.school.lead, "first")
    provider.claims = MFA | {"email": world.school.lead.email, "email_verified": True}
    provider.subject = "second"
    client = client_for(None)

    assert journey(client).status_code == 403
    assert not is_in(client)


def test_only_after_a_password_and_an_app(client_for, provider, world):
    client = client_for(world.school.lead)
    confirmed(client)

    response = client.post(CONNECT)

    assert response.status_code == 403
    assert "A second key is needed" in response.text


def test_connecting_and_disconnecting_ask_again_who_sits_there(at_work, provider, world, monkeypatch):
    _colleague, client = at_work(world.school.lead)
    journey(client, CONNECT)
    (federated_id,) = ids_in(client.get("/my-account").text)
    monkeypatch.setattr(confirming, "TO_SEND", confirming.TO_SEND * -1)

    for path in (CONNECT, f"/my-account/disconnect/{federated_id}"):
        assert client.post(path).location.endswith("/confirm")
    assert ids_in(client.get("/my-account").text) == [federated_id]


def test_parents_have_no_such_thing(client_for, provider, world):
    client = client_for(world.school.parent)

    assert "Larkfield ID" not in client.get("/my-account").text
    assert client.post(CONNECT).status_code == 403


def test_going_there_as_one_and_back_as_another_connects_nothing(at_work, client_for, provider, world):
    colleague, client = at_work(world.school.lead)
    answer = at_provider(off(client, CONNECT))
    client.post("/sign-out")
    type_password(client, colleague.person)

    assert client.get(answer).status_code == 400


def test_disconnected_it_opens_nothing_and_others_are_out(client_for, at_work, provider, world):
    _colleague, client = at_work(world.school.lead)
    journey(client, CONNECT)
    provider.claims = MFA
    other = client_for(None)
    journey(other)
    (federated_id,) = ids_in(client.get("/my-account").text)

    assert client.post(f"/my-account/disconnect/{federated_id}").location.endswith("/my-account")

    assert "Disconnected" in client.get("/my-account").text
    assert not is_in(other)
    assert journey(other).status_code == 403


def test_a_colleagues_connection_is_not_mine_to_end(client_for, at_work, connected, provider, world):
    connected(world.school.dsl, "theirs")
    _colleague, client = at_work(world.school.dsl)
    (federated_id,) = ids_in(client.get("/my-account").text)
    _other, mine = at_work(world.school.lead)

    assert mine.post(f"/my-account/disconnect/{federated_id}").status_code == 303
    assert ids_in(client.get("/my-account").text) == [federated_id]


# ---- invitations


def accepted(client, token):
    return journey(client, f"/invitation/{token}/with/larkfield")


def test_an_invitation_is_accepted_without_a_password(client_for, invitation_to, provider, world):
    token, client = invitation_to(Role.SENCO, email=NEW), client_for(None)
    provider.claims = MFA | {"email": "quite.another@example.org"}
    assert "Continue with Larkfield ID" in client.get(f"/invitation/{token}?me=yes").text

    response = accepted(client, token)

    assert response.status_code == 303
    page = client.get("/my-account").text
    assert "Amina Test" in page
    assert "You sign in with an account of another service" in page
    assert "quite.another" not in page
    assert "This invitation was used" in client_for(None).get(f"/invitation/{token}").text
    again = client_for(None)
    assert journey(again).status_code == 303
    assert is_in(again)


def test_accepted_with_one_factor_the_app_is_set_up_first(client_for, invitation_to, provider):
    token, client = invitation_to(Role.SENCO, email=NEW), client_for(None)

    assert accepted(client, token).location.endswith("/sign-in/set-up")
    assert not is_in(client)


def test_the_only_way_in_is_not_taken_away(client_for, invitation_to, provider):
    token, client = invitation_to(Role.SENCO, email=NEW), client_for(None)
    provider.claims = MFA | {"auth_time": int(time.time())}
    accepted(client, token)
    (federated_id,) = ids_in(client.get("/my-account").text)

    client.post(f"/my-account/disconnect/{federated_id}")

    page = client.get("/my-account").text
    assert "your only way in" in page
    assert ids_in(page) == [federated_id]


def test_of_two_one_may_go_while_the_other_still_opens(app, client_for, invitation_to, provider):
    token, client = invitation_to(Role.SENCO, email=NEW), client_for(None)
    provider.claims = MFA | {"auth_time": int(time.time())}
    accepted(client, token)
    one, two = provider.settings(), provider.settings(name="other", label="Other ID")
    app.extensions["openid"] = clients_for([one, two])
    provider.subject = "person-2"
    journey(client, "/my-account/connect/other")
    first, _second = ids_in(client.get("/my-account").text)

    app.extensions["openid"] = clients_for([one])
    client.post(f"/my-account/disconnect/{first}")
    assert len(ids_in(client.get("/my-account").text)) == 2, "the other one's provider is gone"

    app.extensions["openid"] = clients_for([one, two])
    client.post(f"/my-account/disconnect/{first}")
    assert len(ids_in(client.get("/my-account").text)) == 1


def test_an_invitation_does_not_open_an_account_that_has_a_way_in(
    client_for, colleague_of, invitation_to, provider, world
):
    colleague, client = colleague_of(world.school.lead), client_for(None)
    provider.claims = MFA
    token = invitation_to(
        Role.SCHOOL_LEAD, email=colleague.person.email, person_id=colleague.person.person_id
    )
    assert "Continue with" not in client.get(f"/invitation/{token}?me=yes").text

    response = accepted(client, token)

    assert response.status_code == 409
    assert "You have an account here already" in response.text
    assert not is_in(client)
    assert client.get(f"/invitation/{token}").status_code == 200, "it is still good"
    assert journey(client).status_code == 403


def test_at_the_address_of_a_colleague_it_makes_an_account_of_its_own(
    client_for, colleague_of, invitation_to, provider, world
):
    """An address finds nobody: what is the colleague's stays theirs."""
    colleague, client = colleague_of(world.school.lead), client_for(None)
    provider.claims = MFA
    token = invitation_to(Role.SENCO, email=colleague.person.email, name="Jo New")

    assert accepted(client, token).status_code == 303

    assert "Jo New" in client.get("/my-account").text
    assert "School lead" not in client.get("/change-role").text


def test_an_invitation_for_one_person_is_not_accepted_as_another(
    client_for, connected, colleague_of, invitation_to, provider, world
):
    connected(world.school.dsl)
    lead = colleague_of(world.school.lead).person
    provider.claims = MFA
    token = invitation_to(Role.SCHOOL_LEAD, email=lead.email, person_id=lead.person_id)
    client = client_for(None)

    response = accepted(client, token)

    assert response.status_code == 409
    assert "opens another account here" in response.text
    assert not is_in(client)


def test_who_is_connected_already_gains_the_role_with_the_same_account(
    client_for, connected, invitation_to, provider, world
):
    connected(world.school.dsl)
    provider.claims = MFA
    token, client = invitation_to(Role.SENCO, email=NEW), client_for(None)

    assert accepted(client, token).status_code == 303

    roles = client.get("/change-role").text
    assert "SENCO" in roles
    assert "Safeguarding lead (DSL)" in roles


def test_an_invitation_that_ended_meanwhile(client_for, invitation_to, provider, acting_as, world):
    token, client = invitation_to(Role.SENCO, email=NEW), client_for(None)
    provider.claims = MFA
    answer = at_provider(off(client, f"/invitation/{token}/with/larkfield"))
    client_for(None).post(f"/invitation/{token}", data={"password": "violin cactus rain"})

    response = client.get(answer)

    assert response.status_code == 410
    assert not is_in(client)
    assert client.post(f"/invitation/{token}/with/larkfield").location.endswith(f"/invitation/{token}")


def test_a_parents_link_does_not_invite_them_to_work_here(client_for, invitation_to, provider):
    token, client = invitation_to(Role.PARENT, email="parent.new@example.org"), client_for(None)

    assert client.post(f"/invitation/{token}/with/larkfield").location.endswith(f"/invitation/{token}")
    assert client.post("/invitation/nothing/with/larkfield").status_code == 303


# ---- once more, before what asks again


def test_who_has_no_app_here_confirms_at_the_provider(client_for, connected, provider, world):
    person, client = connected(world.school.dsl), client_for(None)
    provider.claims = MFA
    journey(client)
    page = client.post(CONNECT)
    assert page.location.endswith("/confirm")
    assert "Continue with Larkfield ID" in client.get("/confirm").text

    address = off(client, "/confirm/with/larkfield")
    assert "prompt=login" in address
    assert "max_age=0" in address
    assert journey(client, "/confirm/with/larkfield").status_code == 403, "it did not say when"
    provider.claims = MFA | {"auth_time": int(time.time()) - 3600}
    assert journey(client, "/confirm/with/larkfield").status_code == 403, "an hour ago"
    provider.claims = {"auth_time": int(time.time())}
    assert journey(client, "/confirm/with/larkfield").status_code == 403, "one factor"
    provider.claims = MFA | {"auth_time": int(time.time())}
    connected(world.school.lead, "somebody-else")
    assert journey(client, "/confirm/with/larkfield").status_code == 403, "somebody else"

    provider.subject = "person-1"
    assert journey(client, "/confirm/with/larkfield").status_code == 303
    off(client, CONNECT)
    assert person.name in client.get("/my-account").text


def confirmed(client):
    """This browser has just shown who sits at it."""
    with client.application.test_request_context(
        headers={"Cookie": f"webelong={client.get_cookie('webelong').value}"}
    ):
        confirming.confirm()
