"""The mobile number of somebody who reads concerns: their own to give, proved by six digits, seen by nobody else."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from app.accounts import throttle
from app.identity.current import me, session
from app.identity.gate import ask_signing_in, function
from app.identity.secrets import keyed_hash
from app.identity.websession import hash_secret
from app.messages.links import confirm_code
from app.messages.services import ring_bell
from app.shell.edge import after_commit
from app.states.messages import Channel
from infra.clock import now
from infra.ids import new_id

OWN = function("own_mobile", "hash")
REQUEST = function(
    "request_mobile_code", "hash", "phone", "outbox_id", "token_hash", "code_hash", "expires_at"
)
CONFIRM = function("confirm_mobile", "hash", "code_hash")
REMOVE = function("remove_mobile", "hash")

CODE_LIFE = timedelta(minutes=10)


def find_own() -> str | None:
    """The number that this account has confirmed."""
    found: str | None = ask_signing_in(OWN, hash=_this())[0][0]
    return found


def send_code(phone: str) -> bool:
    """Text six digits to `phone`; nothing is kept of it unless they come back. Raises TooManyTries."""
    account = me().account_id
    throttle.spend(throttle.MOBILE_SEND, account)
    throttle.spend(throttle.CODE_THERE, Channel.SMS, phone)
    outbox_id = new_id()
    sent: bool = ask_signing_in(
        REQUEST,
        hash=_this(),
        phone=phone,
        outbox_id=outbox_id,
        token_hash=keyed_hash(_key(), "mobile-token", outbox_id),
        code_hash=_code_hash(confirm_code(_key(), outbox_id)),
        expires_at=now() + CODE_LIFE,
    )[0][0]
    if sent:
        after_commit(ring_bell)
    return sent


def confirm(code: str) -> bool:
    """Keep the number to which `code` was sent, if this browser asked for it. Raises TooManyTries."""
    throttle.spend(throttle.MOBILE_CODE, me().account_id)
    right: bool = ask_signing_in(CONFIRM, hash=_this(), code_hash=_code_hash(code))[0][0]
    return right


def remove() -> bool:
    """Forget the number: no more texts. False when there was none."""
    gone: bool = ask_signing_in(REMOVE, hash=_this())[0][0]
    return gone


def _code_hash(code: str) -> bytes:
    return keyed_hash(_key(), "mobile-code-hash", _this().hex(), code)


def _this() -> bytes:
    return hash_secret(session.secret or "")


def _key() -> str:
    return current_app.config["SECRET_KEY"]
