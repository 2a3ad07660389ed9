"""What parents and facilitators keep themselves: a PIN, four words, and the address they come in by.

A PIN tells two people at one address apart. Four words prove somebody who has lost both phone and mailbox. Both are
kept as Argon2id and tried a few times only.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import current_app

from app.accounts import throttle
from app.accounts.confirming import CODE_LIFE
from app.accounts.passwords import hash_password, is_password, plain_pin
from app.accounts.recovery_word_list import WORDS
from app.identity import known_browsers
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

GUARD = function("account_guard", "hash")
OWN_KEYS = function("own_keys", "hash")
SET = function("set_own_key", "hash", "key", "value")
FIND_WORDS = function("find_words", "channel", "address")
REQUEST_MOVE = function(
    "request_move",
    "hash",
    "account_id",
    "channel",
    "address",
    "outbox_id",
    "token_hash",
    "code_hash",
    "expires_at",
)
USE_MOVE = function("use_move", "hash", "code_hash")
DROP = function("drop_address", "hash", "channel")

PIN_DIGITS = 6
#: Four words of 1,851: 43 bits.
HOW_MANY_WORDS = 4

#: Of one visitor, and of all, about one address: a stranger's five do not use up those of its owner elsewhere. Whoever
#: came in by this browser before has five of their own, also where somebody at the same network used theirs up.
WORDS_HERE = throttle.Limit("words_here", 5, timedelta(days=1))
WORDS_THERE = throttle.Limit("words_there", 20, timedelta(days=1))
WORDS_VISITOR = throttle.Limit("words_visitor", 20, timedelta(days=1))
WORDS_AGAIN = throttle.Limit("words_again", 5, timedelta(days=1))
MOVE_SEND = throttle.Limit("move_send", 5, timedelta(minutes=30), 10)
MOVE_CODE = throttle.Limit("move_code", 5, timedelta(minutes=10), 20)


@dataclass(frozen=True, slots=True)
class Guard:
    """What stands between whoever has the phone and this account."""

    is_shared: bool
    #: A PIN or a passkey.
    has_key: bool
    has_pin: bool
    has_words: bool
    may_choose: bool

    @property
    def asks_for(self) -> str:
        """What is asked for before anything is shown.

        Empty; "pin"; "passkey"; "choose": a PIN is chosen now; "shut": nobody can tell who sits here.
        """
        if not self.is_shared:
            return "pin" if self.has_pin else ""
        if self.has_key:
            return "pin" if self.has_pin else "passkey"
        return "choose" if self.may_choose else "shut"


NOBODY = Guard(False, False, False, False, False)


def guard() -> Guard:
    """What guards the account that is signed in here."""
    rows = ask_signing_in(GUARD, hash=_this())
    return Guard(*rows[0]) if rows else NOBODY


def set_pin(pin: str) -> bool:
    """Keep a new PIN.

    False unless this browser has just shown who sits there, or a first one is asked of it: at joining, or after
    somebody else was entered with the same address, in a browser that was signed in before.
    """
    done: bool = ask_signing_in(SET, hash=_this(), key="pin", value=hash_password(pin))[0][0]
    return done


def is_pin(typed: str, place: str) -> bool:
    """Whether this is the PIN of the account that is signed in here. Raises TooManyTries."""
    throttle.spend_of(throttle.PIN, me().account_id, _this().hex(), place)
    rows = ask_signing_in(OWN_KEYS, hash=_this())
    return is_password(rows[0].pin_hash if rows else None, plain_pin(typed))


def new_words() -> list[str] | None:
    """Four new words in place of those before, to be shown once; None as for `set_pin`."""
    words = [secrets.choice(WORDS) for _ in range(HOW_MANY_WORDS)]
    kept: bool = ask_signing_in(
        SET, hash=_this(), key="words", value=hash_password(plain_words(" ".join(words)))
    )[0][0]
    return words if kept else None


def are_words(typed: str, place: str) -> bool:
    """Whether these are the words of the account that is signed in here. Raises TooManyTries."""
    throttle.spend_of(throttle.WORDS, me().account_id, _this().hex(), place)
    rows = ask_signing_in(OWN_KEYS, hash=_this())
    return is_password(rows[0].words_hash if rows else None, plain_words(typed))


def plain_words(typed: str) -> str:
    """Words as they are compared: small letters, one space between, no commas."""
    text = unicodedata.normalize("NFKC", typed).casefold().replace(",", " ").replace(".", " ")
    return " ".join(text.split())


# ---- the way in moves


def ask_to_move(channel: Channel, address: str) -> bool:
    """Send six digits to a new address of the person who is signed in here. False: show first who sits here.

    Raises TooManyTries.
    """
    throttle.spend(MOVE_SEND, me().account_id)
    throttle.spend(throttle.CODE_THERE, channel, address)
    return _request(_this(), None, channel, address)


def ask_to_move_by_words(
    old: tuple[Channel, str], typed: str, new: tuple[Channel, str], visitor: str
) -> None:
    """Send six digits to a new address, if the words belong to somebody at the old one. Says nothing about whether.

    Works in this browser alone. Raises TooManyTries.
    """
    if own := known_browsers.knows(old[0].value, old[1]):
        throttle.spend(WORDS_AGAIN, *old, own)
    else:
        throttle.spend(WORDS_VISITOR, visitor)
        throttle.spend(WORDS_HERE, *old, visitor)
        throttle.spend(WORDS_THERE, *old)
    session["browser"] = session.get("browser") or secrets.token_urlsafe(24)
    words, found = plain_words(typed), None
    rows = ask_signing_in(FIND_WORDS, channel=old[0].value, address=old[1])
    for row in rows:
        if is_password(row.words_hash, words):
            found = row.account_id
    if not rows:
        is_password(None, words)
    if found is None:
        return
    try:
        throttle.spend(throttle.CODE_THERE, *new)
    except throttle.TooManyTries:
        return  # saying so would say that the words are right
    _request(_browser(), found, *new)


def move(code: str) -> UUID | None:
    """Use the six digits in the browser that asked, signed in or not: the membership, or None. Raises TooManyTries."""
    browser = _this() if getattr(session, "identity", None) else _browser()
    throttle.spend(MOVE_CODE, browser.hex())
    found: UUID | None = ask_signing_in(USE_MOVE, hash=browser, code_hash=_code_hash(browser, code))[0][0]
    if found is not None:
        after_commit(ring_bell)
    return found


def drop_lost_address(channel: Channel) -> bool:
    """Take away an address that its owner has lost. False for the only one, or when nobody has shown who sits here."""
    done: bool = ask_signing_in(DROP, hash=_this(), channel=channel.value)[0][0]
    if done:
        after_commit(ring_bell)
    return done


def _request(browser: bytes, account_id: UUID | None, channel: Channel, address: str) -> bool:
    outbox_id = new_id()
    sent: bool = ask_signing_in(
        REQUEST_MOVE,
        hash=browser,
        account_id=account_id,
        channel=channel.value,
        address=address,
        outbox_id=outbox_id,
        token_hash=keyed_hash(_key(), "move-token", outbox_id),
        code_hash=_code_hash(browser, confirm_code(_key(), outbox_id)),
        expires_at=now() + CODE_LIFE,
    )[0][0]
    if sent:
        after_commit(ring_bell)
    return sent


def _code_hash(browser: bytes, code: str) -> bytes:
    return keyed_hash(_key(), "move-code-hash", browser.hex(), code)


def _browser() -> bytes:
    return keyed_hash(_key(), "browser", session.get("browser", ""))


def _this() -> bytes:
    return hash_secret(session.secret or "")


def _key() -> str:
    return current_app.config["SECRET_KEY"]
