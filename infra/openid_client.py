"""Talking to OpenID providers: where to send a browser, and who came back. Authlib speaks the protocol.

What Authlib leaves open is decided here: the audience (it checks none unless asked), one issuer a provider, signatures
by public keys only, no redirects between servers, short timeouts, and what is kept for how long.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OAuthError, OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from requests import RequestException

from infra.clock import now
from infra.openid import PRIVATE_ACCOUNTS, OpenIdProvider, is_guid, is_issuer_of, is_safe

#: Seconds to connect, and to wait for each piece of an answer.
TIMEOUT = (3, 5)
#: Seconds that a discovery document is believed; that an old one serves while no new one can be had; and that a
#: provider which did not answer is left alone.
FRESH, STALE, PAUSE = 3600, 24 * 3600, 10
#: Seconds by which the clocks may differ.
LEEWAY = 60
#: Seconds since somebody typed their password there, or used their phone, that count as now.
JUST_NOW = 300
#: What may sign. No shared secrets, and never "none".
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")

#: No more than says who it is; Microsoft gives `oid` with `profile` only, Google wants a second word.
SCOPES = {"entra": "openid profile", "google": "openid email"}
#: At a staffroom's computer the provider must ask who it is, and not take who was there before.
PROMPTS = {"entra": "select_account", "google": "select_account"}
#: OAuth errors that are the provider's own trouble.
ITS_TROUBLE = frozenset({"server_error", "temporarily_unavailable"})


class OpenIdUnavailable(Exception):
    """The provider cannot be used now; the words say why, for whoever runs the service."""


class OpenIdRefused(Exception):
    """What came back proves nothing. `reason` is one word for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Proof:
    """Who a provider says sits at the browser."""

    issuer: str
    subject: str
    #: A second factor was used there.
    is_strong: bool
    #: It was shown just now, not remembered from before; False too when the provider does not say.
    is_fresh: bool


class _Session(OAuth2Session):
    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        # A redirect would carry the secret, or bring keys, from a place that nobody has named.
        kwargs["allow_redirects"] = False
        return super().request(method, url, *args, **kwargs)


class _App(OAuth2Mixin, OpenIDMixin, BaseApp):
    client_cls = _Session


class OpenIdClient:
    """One provider, with what was last learned about it. May be used by several threads."""

    def __init__(self, provider: OpenIdProvider) -> None:
        self.provider = provider
        self._app: _App | None = None
        self._learned = self._asked = float("-inf")
        self._lock = Lock()

    def address(
        self, *, redirect_uri: str, state: str, nonce: str, verifier: str, again: bool = False
    ) -> str:
        """Where to send the browser. `again`: they must show who they are, remembered or not.

        Raises OpenIdUnavailable.
        """
        extra = {"prompt": PROMPTS.get(self.provider.kind), "acr_values": self.provider.acr_values}
        if again:
            extra |= {"prompt": "login", "max_age": "0"}
        return self._ready().create_authorization_url(
            redirect_uri,
            state=state,
            nonce=nonce,
            code_verifier=verifier,
            **{name: value for name, value in extra.items() if value},
        )["url"]

    def identify(
        self, *, code: str, verifier: str, nonce: str, redirect_uri: str, response_issuer: str | None = None
    ) -> Proof:
        """Change `code` for a token, check it and forget it. Raises OpenIdRefused or OpenIdUnavailable."""
        app = self._ready()
        issuer = app.server_metadata["issuer"]
        # RFC 9207: an answer that says where it comes from must come from here.
        if response_issuer is not None and "{tenantid}" not in issuer and response_issuer != issuer:
            raise OpenIdRefused("response_issuer")
        try:
            token = app.fetch_access_token(redirect_uri, code=code, code_verifier=verifier)
            claims = app.parse_id_token(
                token,
                nonce=nonce,
                claims_options={
                    "iss": {
                        "essential": True,
                        "validate": lambda claims, value: self._is_ours(claims, value),
                    },
                    "aud": {"essential": True, "value": self.provider.client_id},
                },
                leeway=LEEWAY,
            )
        except RequestException as error:
            raise OpenIdUnavailable(f"it did not answer ({type(error).__name__})") from None
        except OAuthError as error:
            if error.error in ITS_TROUBLE:
                raise OpenIdUnavailable("it says that it is in trouble") from None
            raise OpenIdRefused(str(error.error or "oauth")[:40]) from None
        except JoseError as error:
            raise OpenIdRefused(type(error).__name__) from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise OpenIdRefused("unreadable") from None
        if claims is None:
            raise OpenIdRefused("no_token")
        return self._proof(claims)

    def check(self) -> None:
        """Ask for discovery document and keys, afresh. Raises OpenIdUnavailable with what is wrong."""
        app = self._discover()
        try:
            keys = app.fetch_jwk_set(force=True)
        except (RequestException, ValueError) as error:
            raise OpenIdUnavailable(f"its keys cannot be had ({type(error).__name__})") from None
        if not isinstance(keys, dict) or not keys.get("keys"):
            raise OpenIdUnavailable("it publishes no keys")

    # What a token must be

    def _is_ours(self, claims: dict[str, Any], issuer: object) -> bool:
        app = self._ready()
        return issuer == app.server_metadata["issuer"].replace("{tenantid}", str(claims.get("tid")))

    def _proof(self, claims: dict[str, Any]) -> Proof:
        # Several audiences: somebody else could hand our token on.
        if claims["aud"] not in (self.provider.client_id, [self.provider.client_id]):
            raise OpenIdRefused("audience")
        subject = self._directory_subject(claims) if self.provider.kind == "entra" else claims["sub"]
        if not subject or len(subject) > 255 or len(claims["iss"]) > 255:
            raise OpenIdRefused("subject")
        words = _words(claims.get("amr")) | _words(claims.get("acr")) | _words(claims.get("acrs"))
        is_strong = self.provider.mfa == "required_by_provider" or bool(words & set(self.provider.mfa_values))
        shown_at = claims.get("auth_time")
        is_fresh = isinstance(shown_at, int | float) and now().timestamp() - shown_at <= JUST_NOW
        return Proof(issuer=claims["iss"], subject=subject, is_strong=is_strong, is_fresh=is_fresh)

    def _directory_subject(self, claims: dict[str, Any]) -> str:
        tenant, person = claims.get("tid"), claims.get("oid")
        if not is_guid(tenant) or not is_guid(person):
            raise OpenIdRefused("no_directory_id")
        tenant, person = str(tenant).lower(), str(person).lower()
        allowed = self.provider.tenants
        if tenant == PRIVATE_ACCOUNTS or (allowed and tenant not in allowed):
            raise OpenIdRefused("other_directory")
        return f"{tenant}.{person}"

    # What is known of the provider

    def _ready(self) -> _App:
        with self._lock:
            now = time.monotonic()
            if self._app is not None and now - self._learned < FRESH:
                return self._app
            if now - self._asked >= PAUSE:
                self._asked = now
                try:
                    self._app, self._learned = self._discover(), now
                    self._asked = float("-inf")
                    return self._app
                except OpenIdUnavailable:
                    if self._app is None or now - self._learned >= STALE:
                        raise
            if self._app is not None and now - self._learned < STALE:
                return self._app
            raise OpenIdUnavailable("it did not answer a moment ago")

    def _discover(self) -> _App:
        try:
            with _Session(default_timeout=TIMEOUT) as session:
                answer = session.request("GET", self.provider.discovery_url, withhold_token=True)
                said = answer.json() if answer.status_code == 200 else None
        except ValueError:
            # Also what `requests` raises for a body that is no JSON.
            said = None
        except RequestException as error:
            raise OpenIdUnavailable(
                f"its discovery document is out of reach ({type(error).__name__})"
            ) from None
        if not isinstance(said, dict):
            raise OpenIdUnavailable(
                f"its discovery document cannot be read (status {answer.status_code}, not JSON or moved)"
            )
        return self._app_for(said)

    def _app_for(self, said: dict[str, Any]) -> _App:
        for field in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not is_safe(said.get(field)):
                raise OpenIdUnavailable(f"its discovery document has no safe {field}")
        issuer = said.get("issuer")
        if not isinstance(issuer, str) or not is_issuer_of(issuer, self.provider):
            raise OpenIdUnavailable("its discovery document speaks for another issuer")
        offered = said.get("id_token_signing_alg_values_supported", ["RS256"])
        algorithms = [name for name in ALGORITHMS if name in offered] if isinstance(offered, list) else []
        if not algorithms:
            raise OpenIdUnavailable("it signs with nothing that we accept")
        return _App(
            framework=None,
            name=self.provider.name,
            client_id=self.provider.client_id,
            client_secret=self.provider.client_secret.get_secret_value(),
            client_kwargs={
                "scope": SCOPES.get(self.provider.kind, "openid"),
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": self._client_auth(said),
                "default_timeout": TIMEOUT,
            },
            issuer=issuer,
            authorization_endpoint=said["authorization_endpoint"],
            token_endpoint=said["token_endpoint"],
            jwks_uri=said["jwks_uri"],
            id_token_signing_alg_values_supported=algorithms,
        )

    def _client_auth(self, said: dict[str, Any]) -> str:
        if self.provider.client_auth:
            return f"client_secret_{self.provider.client_auth}"
        # In a form a secret may hold any letter; DfE Sign-in offers that and expects the header all the same.
        ways = said.get("token_endpoint_auth_methods_supported") or []
        is_form = self.provider.kind != "dfe" and "client_secret_post" in ways
        return "client_secret_post" if is_form else "client_secret_basic"


def clients_for(providers: Iterable[OpenIdProvider]) -> dict[str, OpenIdClient]:
    """A client for each provider, by name, in their order."""
    return {provider.name: OpenIdClient(provider) for provider in providers}


def _words(claim: object) -> set[str]:
    if isinstance(claim, str):
        return {claim}
    return {item for item in claim if isinstance(item, str)} if isinstance(claim, list) else set()
