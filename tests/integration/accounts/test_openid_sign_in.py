"""People at work sign in with a directory of their own: by what it proves, never by an email address."""

from __future__ import annotations

import re

import pyotp
import pytest

from app.accounts.services import end_membership
from app.identity.roles import Role
from infra.openid_client import clients_for
from tests.integration.accounts.openid import BACK, START, at_provider, journey, off
from tests.integration.accounts.test_staff_sign_in import is_in, token_in, type_password
from tests.support.reading import find_in

MFA = {"amr": ["pwd", "mfa"]}


def test_who_is_connected_and_used_two_factors_is_in(client_for, connected, provider, cookie_of, world):
    connected(world.school.lead)
    provider.claims = MFA
    client = client_for(None)
    client.get("/new-link/sent")

    address = off(client)
    before = cookie_of(client)
    response = client.get(at_provider(address))

    assert response.status_code == 303
    assert response.location.startswith("/")
    assert is_in(client)
    assert cookie_of(client) != before
    assert world.school.name in client.get("/my-account").text


def test_the_request_says_no_more_than_it_must(client_for, provider):
    address = off(client_for(None))

    sent = dict(re.findall(r"[?&]([^=]+)=([^&]*)", address))
    assert set(sent) == {
        *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce"),
        *("code_challenge", "code_challenge_method"),
    }
    assert sent["scope"] == "openid"
    assert sent["code_challenge_method"] == "S256"


def test_without_a_second_factor_there_ours_is_asked(client_for, colleague_of, connected, provider, world):
    colleague, client = colleague_of(world.school.lead), client_for(None)
    connected(colleague.person)
    provider.claims = {"amr": ["pwd"]}

    response = journey(client)

    assert response.location.endswith("/sign-in/code")
    assert not is_in(client)
    assert client.post("/sign-in/code", data={"code": colleague.app_code()}).status_code == 303
    assert is_in(client)


def test_without_any_second_factor_ours_is_set_up(client_for, connected, world):
    client = client_for(None)
    connected(world.school.lead)

    assert journey(client).location.endswith("/sign-in/set-up")
    assert not is_in(client)
    secret = find_in(r"<strong[^>]*>([A-Z2-7 ]{20,})</strong>", client.get("/sign-in/set-up").text).group(1)
    client.post("/sign-in/set-up", data={"code": pyotp.TOTP(secret.replace(" ", "")).now()})
    assert is_in(client)


def test_a_provider_that_lets_nobody_through_without_two_is_believed(
    app, client_for, connected, provider, world
):
    connected(world.school.lead)
    app.extensions["openid"] = clients_for([provider.settings(mfa="required_by_provider")])
    client = client_for(None)

    journey(client)

    assert is_in(client)


@pytest.mark.parametrize(
    ("changes", "claims"),
    [
        ({"mfa_values": ["c1"]}, {"acrs": ["c1"]}),
        ({"mfa_values": ["urn:two"], "acr_values": "urn:two"}, {"acr": "urn:two"}),
    ],
)
def test_other_words_for_two_factors_can_be_named(
    app, client_for, connected, provider, world, changes, claims
):
    connected(world.school.lead)
    app.extensions["openid"] = clients_for([provider.settings(**changes)])
    provider.claims = claims
    client = client_for(None)

    address = off(client)
    assert ("acr_values=urn%3Atwo" in address) == ("acr_values" in changes)
    client.get(at_provider(address))

    assert is_in(client)


def test_an_email_address_opens_nothing(client_for, colleague_of, provider, world, connection):
    colleague, client = colleague_of(world.school.lead), client_for(None)
    provider.claims = {
        "email": colleague.person.email,
        "email_verified": True,
        "preferred_username": colleague.person.email,
        "name": colleague.person.name,
        "groups": ["authority_admin"],
        **MFA,
    }

    response = journey(client)

    assert response.status_code == 403
    assert "We do not know this Larkfield ID account yet" in response.text
    assert colleague.person.email not in response.text
    assert not is_in(client)


def test_the_same_subject_at_another_issuer_is_somebody_else(app, client_for, connected, provider, world):
    connected(world.school.lead)
    provider.claims = MFA
    provider.base = "/other"
    app.extensions["openid"] = clients_for([provider.settings()])
    client = client_for(None)

    assert journey(client).status_code == 403
    assert not is_in(client)


def test_an_ended_membership_opens_nothing(client_for, connected, acting_as, provider, world):
    person, client = connected(world.school.people["senco"]), client_for(None)
    provider.claims = MFA
    with acting_as(world.school.lead) as session:
        end_membership(session, person.person_id, person.role)

    response = journey(client)

    assert response.status_code == 403
    assert "You have no role here at the moment" in response.text
    assert not is_in(client)


def test_a_parents_pages_are_not_reached_this_way(client_for, connected, provider, world, connection):
    connected(world.school.lead)
    provider.claims = MFA
    client = client_for(None)
    journey(client)

    assert Role.PARENT.label not in client.get("/my-account").text


def test_nothing_that_the_provider_gave_is_kept_or_logged(
    client_for, connected, provider, world, connection, capfd
):
    connected(world.school.lead)
    provider.claims = {"email": "somebody@example.org", **MFA}
    client = client_for(None)
    journey(client)
    provider.claims = {"aud": "another"}
    journey(client)

    logged = "".join(capfd.readouterr())
    assert provider.given
    for secret in (*provider.given, "somebody@example.org", "person-1"):
        assert secret not in logged


# ---- the button


def test_the_button_is_a_form_with_its_token(client_for, provider, with_csrf):
    client = client_for(None)
    page = client.get("/sign-in")

    assert "Continue with Larkfield ID" in page.text
    assert client.get(START).status_code == 405
    assert client.post(START).status_code == 400
    assert client.post(START, data={"csrf_token": token_in(page)}).status_code == 200


def test_without_a_provider_there_is_no_button_and_no_way(client_for, world):
    client = client_for(None)

    assert "Continue with" not in client.get("/sign-in").text
    assert client.post(START).status_code == 404
    assert client.get(BACK).status_code == 404
    signed_in = client_for(world.school.lead)
    assert "account you have already" not in signed_in.get("/my-account").text
    assert signed_in.post("/confirm/with/larkfield").status_code == 404


@pytest.mark.parametrize("name", ["next", "redirect_uri", "return_to", "iss", "url"])
def test_nobody_is_sent_to_an_address_that_a_request_names(client_for, connected, provider, world, name):
    connected(world.school.lead)
    provider.claims = MFA
    client = client_for(None)
    evil = "https://evil.example/"

    address = off(client, f"{START}?{name}={evil}", **{name: evil})
    assert "evil.example" not in address
    response = client.get(at_provider(address) + (f"&{name}={evil}" if name != "iss" else ""))

    assert response.status_code == 303
    assert re.fullmatch(r"/[a-z-]*", response.location)


def test_the_way_back_is_from_the_setting_whatever_host_is_asked(client_for, provider):
    page = client_for(None).post(START, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})

    assert "evil.example" not in page.headers["Refresh"]
    assert (
        "redirect_uri=http%3A%2F%2F127.0.0.1%3A5000%2Fsign-in%2Fwith%2Flarkfield%2Fback"
        in page.headers["Refresh"]
    )


def test_the_password_door_stays_open_beside_it(client_for, colleague_of, connected, world):
    colleague, client = colleague_of(world.school.lead), client_for(None)
    connected(colleague.person)

    assert type_password(client, colleague.person).location.endswith("/sign-in/code")
