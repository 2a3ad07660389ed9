"""Signing in with a directory of one's own (OpenID Connect): there, back, and whose account it is here.

The journey (state, nonce, PKCE secret) stands in the browser's session row, works once and for ten minutes. Tokens are
read and dropped. An account is known by issuer and subject, never by email; what it may do comes from our memberships.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask import current_app, url_for
from sqlalchemy.exc import IntegrityError

from app.identity.current import session
from app.identity.gate import ask_signing_in, function
from app.identity.websession import VISITOR_IDLE, VISITOR_LIFE, hash_secret, renew_secret
from app.messages.services import token_hash
from app.shell.errors import NotFound
from app.shell.refusals import Refused
from infra.clock import now
from infra.ids import new_id
from infra.logs import get_logger
from infra.openid import OpenIdProvider
from infra.openid_client import OpenIdClient, OpenIdRefused, Proof

PUT = function("put_journey", "hash", "id", "journey", "expires_at", "idle")
TAKE = function("take_journey", "hash", "provider", "state")
USE = function("use_federated", "issuer", "subject")
CONNECT = function("connect_federated", "hash", "id", "provider", "issuer", "subject")
LIST = function("list_federated", "hash")
DISCONNECT = function("disconnect_federated", "hash", "id", "providers")
ACCEPT = function(
    "accept_invitation_elsewhere",
    "hash",
    "id",
    "provider",
    "issuer",
    "subject",
    "account_id",
    "membership_id",
)

#: Seconds from the button to the way back.
LIFE = 10 * 60
#: No code or issuer is longer than this.
LONGEST = 4096

log = get_logger()


class Aim(StrEnum):
    """What somebody went there for."""

    SIGN_IN = "sign_in"
    CONFIRM = "confirm"
    CONNECT = "connect"
    INVITATION = "invitation"


class StartAgain(Refused):
    """This way back belongs to no journey of this browser, or to one that was used or took too long."""


class SaidNo(Refused):
    """The person, or the provider, stopped on the way."""


@dataclass(frozen=True, slots=True)
class Return:
    """Somebody is back, with proof of who they are there."""

    aim: Aim
    proof: Proof
    #: Hash of the invitation that they accept, if that is what they went for.
    invitation: bytes


@dataclass(frozen=True, slots=True)
class Connected:
    """A directory's account that opens this one."""

    federated_id: UUID
    provider: str
    label: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaysIn:
    """How the account behind this session signs in."""

    has_password: bool
    connected: list[Connected]
    #: Providers that could be connected.
    others: list[OpenIdProvider]


# ---- there and back


def list_providers() -> list[OpenIdProvider]:
    """Where people at work may sign in, in the order of the setting."""
    return [client.provider for client in _clients().values()]


def get_provider(name: str) -> OpenIdProvider:
    """The provider of this name. Raises NotFound."""
    return _client(name).provider


def set_out(name: str, aim: Aim, *, invitation: str | None = None) -> str:
    """Begin a journey: the provider's address to send this browser to.

    `invitation`: the secret of the link that is being accepted. Raises NotFound, OpenIdUnavailable.
    """
    client = _client(name)
    state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    address = client.address(
        redirect_uri=redirect_uri(name),
        state=state,
        nonce=nonce,
        verifier=verifier,
        again=aim is Aim.CONFIRM,
    )
    journey = {
        "provider": name,
        "aim": aim.value,
        "state": _hash_state(state),
        "nonce": nonce,
        "verifier": verifier,
        "invitation": token_hash(invitation).hex() if invitation else "",
        "since": int(now().timestamp()),
    }
    if session.secret is None:
        renew_secret(session)
    ask_signing_in(
        PUT,
        hash=_this(),
        id=new_id(),
        journey=json.dumps(journey),
        expires_at=now() + VISITOR_LIFE,
        idle=VISITOR_IDLE,
    )
    return address


def come_back(name: str, answer: Mapping[str, str]) -> Return:
    """Judge what the provider sent back by the browser, and ask it who that is.

    Raises NotFound, StartAgain, SaidNo, OpenIdRefused, OpenIdUnavailable.
    """
    client = _client(name)
    journey = _take_journey(name, answer.get("state", ""))
    if answer.get("error"):
        log.info("sign_in_elsewhere_stopped", kind=name)
        raise SaidNo
    code = answer.get("code", "")
    if not 0 < len(code) <= LONGEST:
        raise StartAgain
    try:
        proof = client.identify(
            code=code,
            verifier=journey["verifier"],
            nonce=journey["nonce"],
            redirect_uri=redirect_uri(name),
            response_issuer=answer.get("iss"),
        )
    except OpenIdRefused as error:
        log.warning("sign_in_elsewhere_refused", kind=name, reason=error.reason)
        raise
    return Return(Aim(journey["aim"]), proof, bytes.fromhex(journey["invitation"]))


def redirect_uri(name: str) -> str:
    """Where `name` sends people back to: from BASE_URL alone, whatever host a request claims."""
    base: str = current_app.extensions["settings"].base_url.rstrip("/")
    path = url_for("accounts.back_from_elsewhere", provider=name, _external=False)
    return base + path


def _take_journey(name: str, state: str) -> dict[str, str]:
    journey = ask_signing_in(TAKE, hash=_this(), provider=name, state=_hash_state(state))[0][0]
    if not journey or not 0 <= now().timestamp() - journey["since"] <= LIFE:
        raise StartAgain
    return journey


def _hash_state(state: str) -> str:
    return hashlib.sha256(state.encode("utf-8", "replace")).hexdigest()


# ---- whose account that is here


@dataclass(frozen=True, slots=True)
class Found:
    """The account that a proof opens. No membership: nothing is open to it now."""

    account_id: UUID
    membership_id: UUID | None


def find_account(proof: Proof) -> Found | None:
    """The account that is connected with `proof`; None when nobody has connected it."""
    rows = ask_signing_in(USE, issuer=proof.issuer, subject=proof.subject)
    return Found(rows[0].account_id, rows[0].membership_id) if rows else None


def connect(name: str, proof: Proof) -> bool:
    """Let `proof` open the account behind this session. False when it opens another one."""
    outcome: str = ask_signing_in(
        CONNECT, hash=_this(), id=new_id(), provider=name, issuer=proof.issuer, subject=proof.subject
    )[0][0]
    return outcome == "connected"


def accept(name: str, invitation: bytes, proof: Proof) -> tuple[str, Found | None]:
    """Use up a staff invitation with `proof` in place of a password.

    "accepted" and the account; or, with nothing changed, "over", "taken" (it opens another account than that of this
    very person, who has the role already), "guarded" (that account has a way in already), "closed", or "full" (too many
    share the address).
    """
    try:
        row = ask_signing_in(
            ACCEPT,
            hash=invitation,
            id=new_id(),
            provider=name,
            issuer=proof.issuer,
            subject=proof.subject,
            account_id=new_id(),
            membership_id=new_id(),
        )[0]
    except IntegrityError:
        return "taken", None
    return row.outcome, Found(row.account_id, row.membership_id) if row.outcome == "accepted" else None


def list_ways_in() -> WaysIn:
    """How the account behind this session signs in, and what else it could connect."""
    rows = ask_signing_in(LIST, hash=_this())
    labels = {provider.name: provider.label for provider in list_providers()}
    names = {row.provider for row in rows}
    return WaysIn(
        has_password=bool(rows) and rows[0].has_password,
        connected=[
            Connected(
                row.federated_id,
                row.provider,
                labels.get(row.provider, row.provider),
                row.created_at,
                row.last_used_at,
            )
            for row in rows
            if row.federated_id
        ],
        others=[provider for provider in list_providers() if provider.name not in names],
    )


def disconnect(federated_id: UUID) -> bool:
    """Take a way in away and sign out everywhere else. False when it is the last one. Raises NotFound."""
    outcome: str = ask_signing_in(
        DISCONNECT,
        hash=_this(),
        id=federated_id,
        providers=[provider.name for provider in list_providers()],
    )[0][0]
    if outcome == "unknown":
        raise NotFound
    return outcome == "disconnected"


def _clients() -> dict[str, OpenIdClient]:
    return current_app.extensions["openid"]


def _client(name: str) -> OpenIdClient:
    client = _clients().get(name)
    if client is None:
        raise NotFound
    return client


def _this() -> bytes:
    return hash_secret(session.secret or "")
