"""Microsoft, Google and DfE Sign-in each have ways of their own: as their documents say, played by a provider here."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from infra.openid import PRIVATE_ACCOUNTS
from infra.openid_client import OpenIdClient, OpenIdRefused, OpenIdUnavailable, Proof
from tests.support.openid import CLIENT_SECRET, running_provider

HERE = "http://127.0.0.1:5000/back"
TENANT, OTHER = "11111111-2222-3333-4444-555555555555", "99999999-2222-3333-4444-555555555555"
PERSON = "aaaaaaaa-2222-3333-4444-555555555555"


@pytest.fixture
def provider():
    with running_provider() as found:
        yield found


def come_back(provider, **settings) -> Proof:
    """Go there and be identified."""
    client = OpenIdClient(provider.settings(**settings))
    verifier = "v" * 60
    address = client.address(redirect_uri=HERE, state="s", nonce="n", verifier=verifier)
    answer = requests.get(address, allow_redirects=False, timeout=10)
    code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
    return client.identify(code=code, verifier=verifier, nonce="n", redirect_uri=HERE)


@pytest.fixture
def entra(provider):
    """One directory's own address."""
    provider.base = f"/{TENANT}/v2.0"
    provider.claims = {"tid": TENANT, "oid": PERSON.upper(), "email": "lead@example.org"}
    return provider


def test_entra_knows_people_by_directory_and_object(entra):
    proof = come_back(entra, kind="entra")

    assert proof == Proof(entra.issuer, f"{TENANT}.{PERSON}", is_strong=False, is_fresh=False)
    _path, asked = next(seen for seen in entra.seen if seen[0].endswith("/authorize"))
    assert asked["scope"] == "openid profile", "without profile there is no oid"
    assert asked["prompt"] == "select_account"


@pytest.mark.parametrize(
    "claims",
    [{"oid": None}, {"tid": None}, {"oid": "lead@example.org"}, {"tid": "common"}, {"tid": PRIVATE_ACCOUNTS}],
    ids=str,
)
def test_entra_without_ids_or_with_a_private_account(entra, claims):
    entra.claims |= claims

    with pytest.raises(OpenIdRefused):
        come_back(entra, kind="entra")


@pytest.fixture
def shared(provider):
    """The address for the directories of all organisations: its issuer is a pattern."""
    provider.base = "/organizations/v2.0"
    provider.metadata = {"issuer": f"{provider.url}/{{tenantid}}/v2.0"}
    provider.claims = {"iss": f"{provider.url}/{TENANT}/v2.0", "tid": TENANT, "oid": PERSON}
    return provider


def test_a_shared_address_serves_every_directory_as_itself(shared):
    assert come_back(shared, kind="entra").issuer == f"{shared.url}/{TENANT}/v2.0"


def test_a_shared_address_serves_named_directories_alone(shared):
    with pytest.raises(OpenIdRefused, match="other_directory"):
        come_back(shared, kind="entra", tenants=[OTHER])
    assert come_back(shared, kind="entra", tenants=[OTHER, TENANT], mfa="required_by_provider").is_strong


@pytest.mark.parametrize(
    "claims",
    [{"tid": OTHER}, {"iss": "https://evil.example/v2.0"}, {"tid": None}, {"tid": "{tenantid}"}],
    ids=str,
)
def test_a_token_that_mixes_directories(shared, claims):
    shared.claims |= claims

    with pytest.raises(OpenIdRefused):
        come_back(shared, kind="entra")


def test_a_pattern_is_for_entra_alone(shared):
    with pytest.raises(OpenIdUnavailable, match="another issuer"):
        come_back(shared, kind="generic")


def test_google_is_asked_which_account(provider):
    provider.metadata = {
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"]
    }

    assert come_back(provider, kind="google").subject == "person-1"
    asked = dict(provider.seen)
    assert asked["/authorize"]["scope"] == "openid email"
    assert asked["/authorize"]["prompt"] == "select_account"
    assert asked["/token"]["client_secret"] == CLIENT_SECRET, "in the form, where it needs no coding"


def test_dfe_sign_in_gets_the_secret_in_the_header(provider):
    provider.metadata = {
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"]
    }

    assert come_back(provider, kind="dfe").subject == "person-1"
    asked = dict(provider.seen)
    assert asked["/authorize"]["scope"] == "openid"
    assert "prompt" not in asked["/authorize"]
    assert "client_secret" not in asked["/token"]
    assert come_back(provider, kind="dfe", client_auth="post").subject == "person-1"


def test_a_known_provider_serves_on_while_its_document_is_away(provider, monkeypatch):
    client = OpenIdClient(provider.settings())
    first = client.address(redirect_uri=HERE, state="s", nonce="n", verifier="v" * 60)
    monkeypatch.setattr("infra.openid_client.FRESH", -1)
    provider.answers["/.well-known/openid-configuration"] = (500, "")

    assert client.address(redirect_uri=HERE, state="s", nonce="n", verifier="v" * 60) == first
    client.address(redirect_uri=HERE, state="s", nonce="n", verifier="v" * 60)

    assert provider.count("/.well-known/openid-configuration") == 2, "a pause after it did not answer"
