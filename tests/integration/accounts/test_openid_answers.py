"""What comes back from a provider is believed only when every part of it fits: else a page, never a session."""

from __future__ import annotations

import hmac
import json
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from joserfc import jwt

from app.accounts import oidc
from infra.openid_client import clients_for
from tests.integration.accounts.openid import BACK, START, at_provider, back_with, journey, off
from tests.integration.accounts.test_staff_sign_in import is_in
from tests.support.openid import CLIENT_ID, CLIENT_SECRET, base64url, new_key

MFA = {"amr": ["mfa"]}


@pytest.fixture(autouse=True)
def _somebody_is_connected(connected, provider, world):
    connected(world.school.lead)
    provider.claims = MFA


def refused(client, response, words="We could not be sure that it is you", status=400):
    assert response.status_code == status
    assert words in response.text
    assert "/sign-in" in response.text
    assert not is_in(client)


def parts(answer: str) -> dict[str, str]:
    return {name: value[0] for name, value in parse_qs(urlsplit(answer).query).items()}


# ---- the way back


@pytest.mark.parametrize("change", ["another", "", "é\u0000", "x" * 5000])
def test_a_changed_state_is_refused_and_the_right_one_still_works(client_for, change):
    client = client_for(None)
    answer = parts(at_provider(off(client)))

    refused(client, client.get(back_with(**(answer | {"state": change}))), "Please start again")
    assert client.get(back_with(**answer)).status_code == 303


def test_a_way_back_without_state_or_code(client_for):
    client = client_for(None)
    answer = parts(at_provider(off(client)))

    refused(client, client.get(BACK), "Please start again")
    refused(client, client.get(back_with(code=answer["code"])), "Please start again")
    refused(client, client.get(back_with(state=answer["state"])), "Please start again")
    refused(client, client.get(back_with(**answer)), "Please start again")


def test_a_way_back_works_once(client_for, provider):
    client = client_for(None)
    answer = at_provider(off(client))
    assert client.get(answer).status_code == 303
    client.post("/sign-out")

    refused(client, client.get(answer), "Please start again")
    assert provider.count("/token") == 1


def test_a_way_back_works_in_the_browser_that_began(client_for):
    client, other = client_for(None), client_for(None)
    off(other)
    answer = at_provider(off(client))

    refused(other, other.get(answer), "Please start again")
    bare = client_for(None)
    refused(bare, bare.get(answer), "Please start again")
    assert client.get(answer).status_code == 303


def test_a_way_back_to_another_providers_door(app, client_for, provider):
    app.extensions["openid"] = clients_for(
        [provider.settings(), provider.settings(name="other", label="Other")]
    )
    client = client_for(None)
    answer = parts(at_provider(off(client)))

    response = client.get(back_with(**answer).replace("/larkfield/", "/other/"))

    refused(client, response, "Please start again")


def test_a_way_back_says_who_answers_and_it_is_another(client_for):
    client = client_for(None)
    answer = at_provider(off(client))

    refused(client, client.get(answer + "&iss=https%3A%2F%2Felsewhere.example"))


def test_ten_minutes_and_no_more(client_for):
    client = client_for(None)
    with time_machine.travel(time.time() - oidc.LIFE - 5, tick=True):
        answer = at_provider(off(client))

    refused(client, client.get(answer), "Please start again")


@pytest.mark.parametrize("error", ["access_denied", "login_required", "<script>", "server_error"])
def test_who_says_no_there_gets_kind_words(client_for, provider, error):
    client = client_for(None)
    state = parts(at_provider(off(client)))["state"]

    response = client.get(back_with(error=error, error_description="<b>Sam Lee</b>", state=state))

    refused(client, response, "You were not signed in with Larkfield ID")
    assert "Sam Lee" not in response.text
    assert provider.count("/token") == 0


def test_saying_no_needs_the_state_too(client_for):
    client = client_for(None)
    answer = at_provider(off(client))

    refused(client, client.get(back_with(error="access_denied", state="x")), "Please start again")
    assert client.get(answer).status_code == 303


# ---- the token


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": [CLIENT_ID, "another"]},
        {"aud": [CLIENT_ID, "another"], "azp": CLIENT_ID},
        {"aud": "another", "azp": CLIENT_ID},
        {"azp": "another"},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 300},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"exp": "soon"},
        {"iat": None},
        {"nbf": 4_000_000_000},
        {"at_hash": "AAAA"},
        {"amr": "not a list"},
        {"auth_time": "yesterday"},
    ],
    ids=str,
)
def test_a_token_of_which_one_part_does_not_fit(client_for, provider, claims):
    provider.claims = MFA | claims
    client = client_for(None)

    refused(client, journey(client))


def without_signature(claims):
    header = base64url(json.dumps({"alg": "none"}).encode())
    return f"{header}.{base64url(json.dumps(claims).encode())}."


def by_secret(claims, secret, named):
    """Signed with something that is known to others, a public key for instance, as if it were a shared secret."""
    header = {"alg": "HS256", **named}
    content = f"{base64url(json.dumps(header).encode())}.{base64url(json.dumps(claims).encode())}"
    return f"{content}.{base64url(hmac.digest(secret, content.encode(), 'sha256'))}"


def test_tokens_that_the_provider_did_not_sign(client_for, provider):
    other = new_key()
    public = provider.key.as_pem(private=False)
    named = {"kid": provider.key.kid}

    def changed(claims):
        head, _body, signature = provider.sign_honestly(claims).split(".")
        return f"{head}.{base64url(json.dumps(claims | {'sub': 'other'}).encode())}.{signature}"

    def own_key_in_header(claims):
        header = {"alg": "RS256", **named, "jwk": other.as_dict(private=False)}
        content = f"{base64url(json.dumps(header).encode())}.{base64url(json.dumps(claims).encode())}"
        signature = jwt.encode({"alg": "RS256"}, claims, other).split(".")[2]
        return f"{content}.{signature}"

    for sign in (
        lambda claims: jwt.encode({"alg": "RS256", **named}, claims, other),
        lambda claims: jwt.encode({"alg": "RS256", "kid": "unknown"}, claims, other),
        lambda claims: jwt.encode({"alg": "RS512", **named}, claims, provider.key, algorithms=["RS512"]),
        lambda claims: by_secret(claims, CLIENT_SECRET.encode(), named),
        lambda claims: by_secret(claims, public, named),
        without_signature,
        changed,
        own_key_in_header,
        lambda claims: "",
        lambda claims: "not.a.token",
        lambda claims: "x" * 10_000,
    ):
        provider.sign = sign
        client = client_for(None)
        refused(client, journey(client))


@pytest.mark.parametrize("offered", [["none"], ["HS256"], ["none", "HS256"], "RS256", [7]])
def test_a_provider_that_offers_no_real_signature_is_not_used(client_for, provider, offered):
    provider.metadata = {"id_token_signing_alg_values_supported": offered}
    client = client_for(None)

    refused(client, client.post(START), "does not answer", 503)


def test_none_beside_a_real_algorithm_is_not_taken(client_for, provider):
    provider.metadata = {"id_token_signing_alg_values_supported": ["none", "HS256", "RS256"]}
    provider.sign = without_signature
    client = client_for(None)

    refused(client, journey(client))


def test_new_keys_are_fetched_when_they_are_needed(client_for, provider):
    assert journey(client_for(None)).status_code == 303
    journey(client_for(None))
    assert provider.count("/keys") == 1, "known keys are not asked for again"
    assert provider.count("/.well-known/openid-configuration") == 1

    provider.rotate()
    client = client_for(None)

    assert journey(client).status_code == 303
    assert is_in(client)
    assert provider.count("/keys") == 2


# ---- a provider that is away or broken


@pytest.mark.parametrize(
    "answer", [(500, ""), (200, "<html>"), (200, "[]"), (302, ""), (200, "{}"), (404, "{}")]
)
def test_a_provider_without_a_discovery_document(client_for, provider, answer):
    provider.answers["/.well-known/openid-configuration"] = answer
    client = client_for(None)

    response = client.post(START)

    refused(client, response, "Larkfield ID does not answer", 503)
    assert "password" in response.text
    assert client.get("/sign-in").status_code == 200


def test_a_provider_that_is_switched_off(app, client_for, provider):
    settings = provider.settings(discovery_url="http://127.0.0.1:9/.well-known/openid-configuration")
    app.extensions["openid"] = clients_for([settings])
    client = client_for(None)

    for _ in range(2):
        refused(client, client.post(START), "Larkfield ID does not answer", 503)


@pytest.mark.parametrize("part", ["authorization_endpoint", "token_endpoint", "jwks_uri", "issuer"])
@pytest.mark.parametrize(
    "value", [None, 7, "http://elsewhere.example/x", "javascript:alert(1)", "https://u@x/y"]
)
def test_a_discovery_document_with_an_unsafe_address(client_for, provider, part, value):
    provider.metadata = {part: value}
    client = client_for(None)

    refused(client, client.post(START), "does not answer", 503)


@pytest.mark.parametrize(
    ("path", "answer", "status"),
    [
        ("/token", (500, "oh no"), 503),
        ("/token", (200, "<html>"), 400),
        ("/token", (200, "[]"), 400),
        ("/token", (200, "{}"), 400),
        ("/token", (200, '{"id_token": 7, "access_token": "x"}'), 400),
        ("/token", (400, '{"error": "invalid_grant"}'), 400),
        ("/token", (400, '{"error": "temporarily_unavailable"}'), 503),
        ("/token", (302, ""), 400),
        ("/keys", (500, ""), 503),
        ("/keys", (200, "{}"), 400),
        ("/keys", (200, '{"keys": [{"kty": "RSA"}]}'), 400),
        ("/keys", (200, "<html>"), 503),
    ],
)
def test_a_provider_that_breaks_on_the_way(client_for, provider, path, answer, status):
    client = client_for(None)
    back = at_provider(off(client))
    provider.answers[path] = answer

    words = "does not answer" if status == 503 else "We could not be sure"
    refused(client, client.get(back), words, status)


def test_a_wrong_pkce_secret_gets_no_token(client_for, provider):
    client, thief = client_for(None), client_for(None)
    stolen = parts(at_provider(off(client)))["code"]
    own = parts(at_provider(off(thief)))

    refused(thief, thief.get(back_with(code=stolen, state=own["state"])))
