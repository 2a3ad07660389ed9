"""Where else people at work may sign in: Microsoft Entra, Google, DfE Sign-in, or another OpenID provider."""

from __future__ import annotations

import json
import re
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    SecretStr,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

WELL_KNOWN = "/.well-known/openid-configuration"
#: The directory in which Microsoft keeps people's private accounts.
PRIVATE_ACCOUNTS = "9188040d-6c67-4c5b-b112-36a304b66dad"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]


class OpenIdProvider(BaseModel):
    """One directory, as OIDC_PROVIDERS describes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Part of the redirect address, so it stays as it is once it was registered.
    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,29}$")]
    #: What stands on the button, after "Continue with".
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    kind: Literal["entra", "google", "dfe", "generic"]
    discovery_url: str
    client_id: Word
    client_secret: SecretStr
    #: How the secret is sent, where the provider registered one way and its document does not say which.
    client_auth: Literal["basic", "post"] | None = None
    #: "required_by_provider": it lets nobody through without a second factor. "by_claims": its token must say so.
    mfa: Literal["required_by_provider", "by_claims"] = "by_claims"
    #: Words in the token's amr, acr or acrs that mean a second factor was used.
    mfa_values: tuple[Word, ...] = ("mfa",)
    #: Asked for with every sign-in, where the provider understands it.
    acr_values: str = ""
    #: Entra only: the directories that may come in. Empty: all that the discovery address serves.
    tenants: tuple[Word, ...] = ()

    @field_validator("discovery_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not is_safe(value) or not urlsplit(value).path.endswith(WELL_KNOWN):
            raise ValueError(f"must begin with https:// and end with {WELL_KNOWN}")
        return value

    @field_validator("tenants")
    @classmethod
    def _are_guids(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        found = tuple(item.lower() for item in value)
        if not all(is_guid(item) for item in found):
            raise ValueError("must be directory (tenant) ids like 00000000-0000-0000-0000-000000000000")
        return found

    @model_validator(mode="after")
    def _vouches_for_known_directories(self) -> OpenIdProvider:
        if self.tenants and self.kind != "entra":
            raise ValueError("tenants is for kind entra")
        shared = {"common", "organizations", "consumers"} & set(urlsplit(self.discovery_url).path.split("/"))
        if shared and self.mfa == "required_by_provider" and not self.tenants:
            # Anybody can have a directory of their own, and it asks for what they like.
            raise ValueError("with a shared address, required_by_provider needs tenants")
        return self


def parse_providers(text: str) -> tuple[OpenIdProvider, ...]:
    """The providers in OIDC_PROVIDERS. Raises ValueError, whose words name the place and quote no value."""
    if not text.strip():
        return ()
    try:
        items = json.loads(text)
    except ValueError:
        raise ValueError("must be a JSON list") from None
    if not isinstance(items, list):
        raise ValueError("must be a JSON list")
    found: list[OpenIdProvider] = []
    for number, item in enumerate(items, start=1):
        try:
            found.append(OpenIdProvider.model_validate(item))
        except ValidationError as error:
            problems = "; ".join(
                f"{'.'.join(map(str, problem['loc'])) or 'entry'}: {problem['msg']}"
                for problem in error.errors()
            )
            raise ValueError(f"entry {number}: {problems}") from None
    if len({provider.name for provider in found}) < len(found):
        raise ValueError("every entry needs a name of its own")
    return tuple(found)


def is_safe(address: object) -> bool:
    """Whether secrets may be sent to `address`: https, or http to this machine for trying out."""
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def is_guid(value: object) -> bool:
    """Whether `value` is a directory's or person's id as Microsoft writes it."""
    return isinstance(value, str) and _GUID.fullmatch(value.lower()) is not None


def is_issuer_of(issuer: str, provider: OpenIdProvider) -> bool:
    """Whether a discovery document at the provider's address may speak for `issuer` (Discovery 1.0, section 4.3).

    Microsoft's shared addresses name a pattern, and an address by domain the directory's id: there the host decides.
    """
    said, asked = urlsplit(issuer), urlsplit(provider.discovery_url)
    if _place(said) != _place(asked):
        return False
    if provider.kind == "entra":
        return said.path.endswith("/v2.0")
    return said.path.rstrip("/") + WELL_KNOWN == asked.path


def _place(parts: SplitResult) -> tuple[str, str | None, int | None]:
    # DfE Sign-in writes its port 443 out.
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)
