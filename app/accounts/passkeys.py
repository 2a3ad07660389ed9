"""Passkeys: keys in a phone or computer that answer a challenge after a finger, face or PIN.

Whoever answers has the device and has been recognised by it: two factors in one. One that a parent or facilitator made
opens their pages and nothing at work, where the same person has a role there. Everything is judged against
BASE_URL, whatever host a request claims. Where that is no name a browser makes passkeys for, there are none.
"""

from __future__ import annotations

import ipaddress
import json
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from flask import current_app
from sqlalchemy import Row
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import (
    generate_challenge,
    options_to_json,
    parse_authentication_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.accounts import throttle
from app.accounts.oidc import list_providers
from app.identity.current import me, session
from app.identity.gate import ask_signing_in, function
from app.identity.roles import LINK_ROLES
from app.identity.websession import hash_secret
from app.shell.refusals import Refused
from infra.clock import now
from infra.ids import new_id
from infra.logs import get_logger

PUT = function("put_challenge", "hash", "challenge", "for", "until")
TAKE = function("take_challenge", "hash", "for")
LIST = function("list_passkeys", "hash")
ADD = function("add_passkey", "hash", "id", "credential_id", "public_key", "sign_count", "name")
FIND = function("find_passkey", "credential_id")
USE = function("use_passkey", "credential_id", "sign_count")
PROVE = function("prove_by_passkey", "hash", "credential_id", "sign_count")
REMOVE = function("remove_passkey", "hash", "id", "providers")

#: From the button to the answer.
CHALLENGE_LIFE = timedelta(minutes=5)
#: Letters of an answer; real ones have two thousand at most.
LONGEST = 16_384

log = get_logger()


class Aim(StrEnum):
    """What a challenge is for; an answer to one opens nothing else."""

    ADD = "add"
    SIGN_IN = "sign_in"
    CONFIRM = "confirm"


class PasskeyRefused(Refused):
    """The answer is not right, and nothing says which part of it."""


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Who asks: the name that passkeys are bound to, and the one origin that answers may come from."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey on its owner's list."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None
    #: It was made at work, and opens what is open to its owner there.
    at_work: bool


def relying_party(base_url: str) -> RelyingParty | None:
    """What BASE_URL makes of us; None where browsers have no passkeys: at a bare number, or without TLS."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
        return None
    except ValueError:
        pass
    if not host or (parts.scheme != "https" and host != "localhost"):
        return None
    port = f":{parts.port}" if parts.port and (parts.scheme, parts.port) not in _USUAL else ""
    return RelyingParty(host, f"{parts.scheme}://{host}{port}")


_USUAL = {("https", 443), ("http", 80)}


def are_possible() -> bool:
    """Whether this service can have passkeys."""
    return _party() is not None


# ---- challenges


def options_to_add() -> str:
    """What the browser needs to make a passkey for the account of this session, as JSON. Raises PasskeyRefused."""
    who = me()
    party = _need_party()
    challenge = _new_challenge(Aim.ADD)
    options = webauthn.generate_registration_options(
        rp_id=party.host,
        rp_name="We Belong",
        # Two people at one mailbox see which of the keys in their device is whose.
        user_name=who.name if who.role in LINK_ROLES else who.email or who.name,
        user_id=who.account_id.bytes,
        user_display_name=who.name,
        challenge=challenge,
        timeout=int(CHALLENGE_LIFE.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=bytes(row.credential_id))
            for row in ask_signing_in(LIST, hash=_this())
        ],
    )
    return options_to_json(options)


def options_to_answer(aim: Aim) -> str:
    """What the browser needs to answer with any passkey that it has for us, as JSON. Raises PasskeyRefused.

    It names no passkey, so that it says nothing about who has one.
    """
    options = webauthn.generate_authentication_options(
        rp_id=_need_party().host,
        challenge=_new_challenge(aim),
        timeout=int(CHALLENGE_LIFE.total_seconds() * 1000),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def _new_challenge(aim: Aim) -> bytes:
    challenge = generate_challenge()
    if (
        not session.secret
        or not ask_signing_in(
            PUT, hash=_this(), challenge=challenge, **{"for": aim.value}, until=now() + CHALLENGE_LIFE
        )[0][0]
    ):
        raise PasskeyRefused  # a browser without its cookie
    return challenge


def _take_challenge(aim: Aim) -> bytes:
    challenge = ask_signing_in(TAKE, hash=_this(), **{"for": aim.value})[0][0]
    if challenge is None:
        raise PasskeyRefused
    return bytes(challenge)


# ---- answers


def add(answer: str, name: str) -> None:
    """Keep the passkey in `answer` under `name`, for the account of this session. Raises PasskeyRefused."""
    party, challenge = _need_party(), _take_challenge(Aim.ADD)
    try:
        made = webauthn.verify_registration_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except _BROKEN as error:
        raise _refused(Aim.ADD, error) from None
    kept = ask_signing_in(
        ADD,
        hash=_this(),
        id=new_id(),
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name.strip()[:60] or "Passkey",
    )[0][0]
    if not kept:
        raise PasskeyRefused


def membership_of(answer: str, visitor: str) -> UUID | None:
    """What is opened by the passkey that gave `answer` to this browser's challenge at the door; None: nothing now.

    Raises PasskeyRefused, the same for every reason, and TooManyTries.
    """
    row, shown = _shown(answer, Aim.SIGN_IN, visitor)
    if not ask_signing_in(USE, credential_id=shown.credential_id, sign_count=shown.new_sign_count)[0][0]:
        raise _refused(Aim.SIGN_IN, ValueError("the counter went back"))
    opened: UUID | None = row.membership_id
    return opened


def prove(answer: str, visitor: str) -> None:
    """Remember that whoever sits at this browser has just shown who they are, by a passkey of this very account.

    The database says which side a key is of: one that was made by a link proves nothing at work.
    Raises as `membership_of`.
    """
    _row, shown = _shown(answer, Aim.CONFIRM, visitor)
    proved = ask_signing_in(
        PROVE, hash=_this(), credential_id=shown.credential_id, sign_count=shown.new_sign_count
    )[0][0]
    if not proved:
        raise _refused(Aim.CONFIRM, LookupError("it opens nothing on this side, or the counter went back"))


def _shown(answer: str, aim: Aim, visitor: str) -> tuple[Row[Any], VerifiedAuthentication]:
    """The passkey that gave `answer`, and what was in it. Nothing is decided by it yet."""
    throttle.spend(throttle.VISITOR, visitor)
    party, challenge = _need_party(), _take_challenge(aim)
    try:
        given = parse_authentication_credential_json(_read(answer))
        rows = ask_signing_in(FIND, credential_id=given.raw_id)
        if not rows:
            raise LookupError("nobody has this passkey")
        row = rows[0]
        if given.response.user_handle not in (None, row.account_id.bytes):
            raise LookupError("it says that it is somebody else's")
        shown = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=bytes(row.public_key),
            # The counter is judged by the statement that keeps it.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _BROKEN as error:
        raise _refused(aim, error) from None
    return row, shown


#: What a made-up answer can raise on its way through the library's parsers.
_BROKEN = (WebAuthnException, ValueError, LookupError, TypeError, OverflowError, struct.error)


def _read(answer: str) -> dict[str, object]:
    if len(answer) > LONGEST:
        raise ValueError("too long for an answer")
    read = json.loads(answer)
    if not isinstance(read, dict):
        raise TypeError("not an answer")
    return read


def _refused(aim: Aim, error: Exception) -> PasskeyRefused:
    log.warning("passkey_refused", kind=aim.value, reason=type(error).__name__)
    return PasskeyRefused()


# ---- the owner's list


def list_mine() -> list[Passkey]:
    """The passkeys of the account behind this session, the oldest first."""
    return [
        Passkey(row.id, row.name, row.created_at, row.last_used_at, row.at_work)
        for row in ask_signing_in(LIST, hash=_this())
    ]


def list_made_here() -> list[Passkey]:
    """Those of them that were made on the side where their owner is signed in now: at work, or by a link."""
    at_work = me().role not in LINK_ROLES
    return [key for key in list_mine() if key.at_work == at_work]


def remove(passkey_id: UUID) -> str:
    """Take a passkey that was made on this side away: "removed", "unknown" or "last", so that it stays.

    At work it is the last when it is the only way in; of a parent or facilitator when nothing else tells them apart
    from whoever has the same address.
    """
    offered = [provider.name for provider in list_providers()]
    outcome: str = ask_signing_in(REMOVE, hash=_this(), id=passkey_id, providers=offered)[0][0]
    return outcome


def _party() -> RelyingParty | None:
    return relying_party(current_app.extensions["settings"].base_url)


def _need_party() -> RelyingParty:
    party = _party()
    if party is None:
        raise PasskeyRefused
    return party


def _this() -> bytes:
    return hash_secret(session.secret or "")
