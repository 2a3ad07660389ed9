"""A forgotten password: a link to one's own address, a new password, and the second factor as before."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from app.accounts import tries
from app.accounts.gate import ask_signing_in, function
from app.accounts.passwords import hash_password
from app.messages.services import link_token, ring_bell, token_hash
from app.shell.edge import after_commit
from infra.clock import now
from infra.ids import new_id

REQUEST = function("request_password_reset", "email", "outbox_id", "hash", "expires_at")
USE = function("use_password_reset", "hash", "password_hash", "outbox_id", "not_after")

LINK_LIFE = timedelta(minutes=30)
#: The notice that it was done is news for so long, should the mail be down.
NOTICE_LIFE = timedelta(days=3)


def request(email: str, visitor: str) -> None:
    """Send a link to `email` if somebody at work has it. Says nothing about whether; does the same either way.

    Raises TooManyTries.
    """
    tries.spend(tries.VISITOR, visitor)
    tries.spend(tries.RESET, email)
    outbox_id = new_id()
    token = link_token(current_app.config["SECRET_KEY"], outbox_id)
    ask_signing_in(
        REQUEST, email=email, outbox_id=outbox_id, hash=token_hash(token), expires_at=now() + LINK_LIFE
    )
    after_commit(ring_bell)


def set_password(token: str, password: str) -> bool:
    """Use up the link: the new password holds, every session ends, the owner is told. False when it was over."""
    done: bool = ask_signing_in(
        USE,
        hash=token_hash(token),
        password_hash=hash_password(password),
        outbox_id=new_id(),
        not_after=now() + NOTICE_LIFE,
    )[0][0]
    if done:
        after_commit(ring_bell)
    return done
