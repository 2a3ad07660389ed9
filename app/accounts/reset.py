"""A forgotten password: a link to one's own address, a new password, and the second factor as before."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from app.accounts import throttle
from app.accounts.passwords import SHARERS, hash_password
from app.identity import known_browsers
from app.identity.gate import ask_signing_in, function
from app.messages.services import link_token, ring_bell, token_hash
from app.shell.edge import after_commit
from infra.clock import now
from infra.ids import new_id

REQUEST = function("request_password_reset", "email", "outbox_ids", "hashes", "expires_at")
USE = function("use_password_reset", "hash", "password_hash", "outbox_id", "not_after")

LINK_LIFE = timedelta(minutes=30)
#: The notice that it was done is news for so long, should the mail be down.
NOTICE_LIFE = timedelta(days=3)


def request(email: str, visitor: str) -> None:
    """Send a link to `email` for each person at work who has it. Says nothing of whether; does the same either way.

    Raises TooManyTries.
    """
    if own := known_browsers.knows("email", email):
        throttle.spend(throttle.RESET_OWN, email, own)
    else:
        throttle.spend(throttle.VISITOR, visitor)
        throttle.spend(throttle.RESET_HERE, email, visitor)
        throttle.spend(throttle.RESET, email)
    key, outbox_ids = current_app.config["SECRET_KEY"], [new_id() for _ in range(SHARERS)]
    ask_signing_in(
        REQUEST,
        email=email,
        outbox_ids=outbox_ids,
        hashes=[token_hash(link_token(key, outbox_id)) for outbox_id in outbox_ids],
        expires_at=now() + LINK_LIFE,
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
