"""What OIDC_PROVIDERS may say, and for which issuer a discovery document may speak."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from infra.openid import OpenIdProvider, is_issuer_of, is_safe, parse_providers
from infra.settings import Settings

TENANT = "11111111-2222-3333-4444-555555555555"
ENTRA = f"https://login.microsoftonline.com/{TENANT}/v2.0"
SHARED = "https://login.microsoftonline.com/organizations/v2.0"
WELL_KNOWN = "/.well-known/openid-configuration"
GOOD = {
    "name": "council",
    "label": "Microsoft",
    "kind": "entra",
    "discovery_url": ENTRA + WELL_KNOWN,
    "client_id": "an-id",
    "client_secret": "very-secret-indeed",
}


def provider(**changes) -> OpenIdProvider:
    return OpenIdProvider.model_validate(GOOD | changes)


def test_nothing_is_on_by_itself():
    assert parse_providers("") == parse_providers("  ") == parse_providers("[]") == ()


def test_a_list_of_providers_in_their_order():
    found = parse_providers(json.dumps([GOOD, GOOD | {"name": "school"}]))

    assert [item.name for item in found] == ["council", "school"]
    assert found[0].mfa == "by_claims"
    assert "very-secret" not in repr(found)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "With Space"},
        {"name": "../x"},
        {"name": ""},
        {"label": ""},
        {"label": "x" * 41},
        {"kind": "facebook"},
        {"discovery_url": "http://login.example.org" + WELL_KNOWN},
        {"discovery_url": "https://login.example.org/"},
        {"discovery_url": "https://user@login.example.org" + WELL_KNOWN},
        {"discovery_url": "https://login.example.org:x" + WELL_KNOWN},
        {"discovery_url": "https://login.example.org/?a=" + WELL_KNOWN},
        {"client_id": ""},
        {"mfa": "yes"},
        {"tenants": ["contoso.com"]},
        {"kind": "google", "tenants": [TENANT]},
        {"discovery_url": SHARED + WELL_KNOWN, "mfa": "required_by_provider"},
        {"colour": "blue"},
    ],
    ids=str,
)
def test_a_wrong_entry_is_named_and_its_secret_is_not(changes):
    with pytest.raises(ValueError, match="entry 2") as caught:
        parse_providers(json.dumps([GOOD | {"name": "first"}, GOOD | changes]))
    assert "very-secret" not in str(caught.value)


@pytest.mark.parametrize("text", ["{", "{}", "7", '"x"', "[7]", json.dumps([GOOD, GOOD])])
def test_rejects_a_malformed_list_of_providers(text):
    with pytest.raises(ValueError, match=r"list|entry|name of its own"):
        parse_providers(text)


def test_a_shared_address_may_be_trusted_for_named_directories():
    found = provider(discovery_url=SHARED + WELL_KNOWN, mfa="required_by_provider", tenants=[TENANT.upper()])

    assert found.tenants == (TENANT,)


def test_the_settings_say_which_setting_is_wrong():
    known: dict[str, Any] = {
        "secret_key": "x" * 40,
        "database_url": "postgresql://x",
        "redis_url": "redis://x",
        "s3_access_key": "x",
        "s3_secret_key": "x",
        "s3_bucket": "x",
        "notify_api_key": "x",
        "webelong_mode": "test",
    }
    with pytest.raises(ValidationError) as caught:
        Settings(**known | {"oidc_providers": "[{]"})
    (problem,) = caught.value.errors()
    assert problem["loc"] == ("oidc_providers",)
    settings = Settings(**known | {"oidc_providers": json.dumps([GOOD])})
    assert settings.openid_providers[0].name == "council"
    assert "very-secret" not in repr(settings)


@pytest.mark.parametrize(
    ("kind", "asked", "issuer", "fits"),
    [
        ("entra", ENTRA, ENTRA, True),
        ("entra", SHARED, "https://login.microsoftonline.com/{tenantid}/v2.0", True),
        ("entra", "https://login.microsoftonline.com/council.gov.uk/v2.0", ENTRA, True),
        ("entra", ENTRA, f"https://sts.windows.net/{TENANT}/", False),
        ("google", "https://accounts.google.com", "https://accounts.google.com", True),
        ("google", "https://accounts.google.com", "https://evil.example", False),
        ("google", "https://accounts.google.com", "http://accounts.google.com", False),
        ("dfe", "https://oidc.signin.education.gov.uk", "https://oidc.signin.education.gov.uk:443", True),
        ("dfe", "https://oidc.signin.education.gov.uk", "https://oidc.signin.education.gov.uk:444", False),
        ("generic", "https://id.example/a", "https://id.example/a/", True),
        ("generic", "https://id.example/a", "https://id.example/b", False),
    ],
)
def test_a_document_speaks_for_its_own_place(kind, asked, issuer, fits):
    assert is_issuer_of(issuer, provider(kind=kind, discovery_url=asked + WELL_KNOWN)) is fits


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://id.example/x", True),
        ("http://127.0.0.1:8080/x", True),
        ("http://localhost/x", True),
        ("http://id.example/x", False),
        ("https:///x", False),
        ("https://a@id.example/x", False),
        ("https://id.example/x#y", False),
        ("javascript:alert(1)", False),
        ("https://id.example:99999/", False),
        ("https://[x/", False),
        (None, False),
        (7, False),
    ],
)
def test_secrets_go_to_safe_addresses_only(address, safe):
    assert is_safe(address) is safe
