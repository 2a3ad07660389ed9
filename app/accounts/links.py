"""One-time links: looked at without using them, used once, asked for, and carried over by six digits."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from flask import current_app

from app.accounts import throttle
from app.accounts.deputies import stands_in
from app.accounts.passwords import SHARERS as AT_ONE_ADDRESS
from app.accounts.passwords import hash_password, is_one_of
from app.identity import known_browsers
from app.identity.current import session
from app.identity.gate import ask_signing_in, function
from app.identity.roles import Role, label_of
from app.identity.secrets import keyed_hash
from app.identity.websession import hash_secret
from app.messages.services import link_token, ring_bell, token_hash
from app.shell.edge import after_commit
from app.states.messages import InvitedBy
from infra.clock import now
from infra.ids import new_id

PEEK = function("peek_token", "hash", "browser_hash")
USE = function("use_link", "hash", "browser_hash", "account_id", "membership_id", "session_hash")
USE_FRESH_START = function("use_fresh_start", "hash", "account_id", "membership_id")
ANSWER_LETTER = function(
    "answer_letter",
    "hash",
    "channel",
    "address",
    "outbox_id",
    "token_hash",
    "browser_hash",
    "code_hash",
    "expires_at",
)
STOP = function("stop_fresh_start", "hash")
NOT_ME = function("not_me", "hash", "id")
USE_CODE = function("use_link_code", "browser_hash", "code_hash")
REQUEST = function(
    "request_link", "channel", "address", "outbox_ids", "hashes", "browser_hash", "code_hashes", "expires_at"
)
ACCEPT = function(
    "accept_staff_invitation", "hash", "password_hash", "account_id", "membership_id", "session_hash"
)
OTHERS = function("others_passwords", "hash")

#: ASVS 5.0, 6.5.5.
LINK_LIFE = timedelta(minutes=10)
CODE_DIGITS = 6
#: So many people at most get a link of their own by one address; so many rows are written, whoever asks.
SHARERS = 6


class LinkState(StrEnum):
    """What can be done with a link."""

    OPEN = "open"
    ELSEWHERE = "elsewhere"
    USED = "used"
    OVER = "over"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says before it is used."""

    state: LinkState
    is_for_staff: bool = False
    is_invitation: bool = False
    #: It sets a new password, and signs nobody in.
    is_reset: bool = False
    #: It gives somebody who was met in person a new way in; or stops that.
    is_fresh_start: bool = False
    is_stop: bool = False
    #: It was printed: whoever holds it says first where a link may go.
    is_letter: bool = False
    role: Role | None = None
    #: What that is called, of a deputy too.
    role_label: str = ""
    name: str = ""
    #: For whom it is, as the school wrote it.
    first_name: str = ""
    invited_by: str = ""
    place: str = ""
    authority_name: str = ""
    phone: str = ""
    #: This very person has the role already: by it they set a new password.
    is_again: bool = False
    #: Under what a password manager keeps the password that is chosen by it; empty when none is, or it is over.
    account_email: str = ""


WRONG = Link(LinkState.WRONG)


def look_at(token: str) -> Link:
    """What `token` is good for. Changes nothing: mail scanners open links."""
    rows = ask_signing_in(PEEK, hash=token_hash(token), browser_hash=_this_browser())
    if not rows:
        return WRONG
    row = rows[0]
    if row.is_used:
        state = LinkState.USED
    elif row.is_over:
        state = LinkState.OVER
    else:
        state = LinkState.ELSEWHERE if row.bound_elsewhere else LinkState.OPEN
    role = Role(row.role) if row.role else None
    return Link(
        state=state,
        is_for_staff=row.purpose == "staff_invitation",
        is_invitation=row.purpose in ("staff_invitation", "parent_invitation"),
        is_reset=row.purpose == "password_reset",
        is_fresh_start=row.purpose == "fresh_start",
        is_stop=row.purpose == "stop",
        is_letter=row.channel == InvitedBy.LETTER,
        role=role,
        role_label=label_of(role, is_deputy=stands_in(role, token=token_hash(token))) if role else "",
        name=row.name,
        first_name=row.first_name,
        invited_by=row.invited_by,
        place=row.school_name or row.authority_name or "",
        authority_name=row.authority_name or "",
        phone=row.contact_phone or "",
        is_again=row.is_again,
        account_email=row.account_email,
    )


def use(token: str, *, join: bool = False) -> UUID | None:
    """Use up a parent's or facilitator's link: the membership to sign in as, or None when somebody was first.

    `join`: an invitation adds to the account that is signed in here; else it makes one of its own.
    """
    return ask_signing_in(
        USE,
        hash=token_hash(token),
        browser_hash=_this_browser(),
        account_id=new_id(),
        membership_id=new_id(),
        session_hash=hash_secret(session.secret or "") if join else None,
    )[0][0]


def use_fresh_start(token: str) -> UUID | None:
    """Use up the link of a fresh start: the membership to sign in as; None when stopped, used or too early."""
    found: UUID | None = ask_signing_in(
        USE_FRESH_START, hash=token_hash(token), account_id=new_id(), membership_id=new_id()
    )[0][0]
    return found


def stop_fresh_start(token: str) -> bool:
    """Somebody at an old address says no: the new way in never opens. False when it is too late, or was stopped."""
    after_commit(ring_bell)
    return bool(ask_signing_in(STOP, hash=token_hash(token))[0][0])


def refuse(token: str) -> bool:
    """Whoever holds this link says that it is not for them: it is dead, and the school is told. False when it was."""
    after_commit(ring_bell)
    return bool(ask_signing_in(NOT_ME, hash=token_hash(token), id=new_id())[0][0])


def request(channel: str, address: str, visitor: str, customer: str = "") -> None:
    """Send a link to `address` for each person who comes in by it. Says nothing of whether; takes as long either way.

    The link works in this browser alone. Raises TooManyTries.
    """
    if own := known_browsers.knows(channel, address):
        throttle.spend(throttle.LINK_OWN, channel, address, own)
    else:
        _spend(channel, address, visitor, customer)
    session["asked_for"] = [channel, address]
    key = current_app.config["SECRET_KEY"]
    session["browser"] = session.get("browser") or secrets.token_urlsafe(24)
    outbox_ids = [new_id() for _ in range(SHARERS)]
    made = [link_token(key, outbox_id) for outbox_id in outbox_ids]
    ask_signing_in(
        REQUEST,
        channel=channel,
        address=address,
        outbox_ids=outbox_ids,
        hashes=[token_hash(token) for token in made],
        browser_hash=_this_browser(),
        code_hashes=[_code_hash(code_for(token)) for token in made],
        expires_at=now() + LINK_LIFE,
    )
    after_commit(ring_bell)


def answer_letter(code: str, channel: str, address: str, visitor: str, customer: str = "") -> bool:
    """Send whoever holds a letter a link that works in this browser. False where the letter has ended.

    Raises TooManyTries.
    """
    throttle.spend(throttle.LETTER, token_hash(code).hex())
    _spend(channel, address, visitor, customer)
    session["asked_for"] = [channel, address]
    session["browser"] = session.get("browser") or secrets.token_urlsafe(24)
    outbox_id = new_id()
    token = link_token(current_app.config["SECRET_KEY"], outbox_id)
    after_commit(ring_bell)
    return bool(
        ask_signing_in(
            ANSWER_LETTER,
            hash=token_hash(code),
            channel=channel,
            address=address,
            outbox_id=outbox_id,
            token_hash=token_hash(token),
            browser_hash=_this_browser(),
            code_hash=_code_hash(code_for(token)),
            expires_at=now() + LINK_LIFE,
        )[0][0]
    )


def _spend(channel: str, address: str, visitor: str, customer: str) -> None:
    throttle.spend(throttle.VISITOR, visitor)
    throttle.spend(throttle.LINK_VISITOR, visitor)
    throttle.spend(throttle.LINK_CUSTOMER, customer or visitor)
    here, in_all = (
        (throttle.LINK_TEXT_HERE, throttle.LINK_TEXT)
        if channel == "sms"
        else (throttle.LINK_HERE, throttle.LINK)
    )
    throttle.spend(here, channel, address, visitor)
    throttle.spend(in_all, channel, address)


def code_for(token: str) -> str:
    """The digits that carry a link to the browser that asked for it."""
    number = int.from_bytes(keyed_hash(current_app.config["SECRET_KEY"], "link-code", token)[:8], "big")
    return str(number % 10**CODE_DIGITS).zfill(CODE_DIGITS)


def use_code(code: str, visitor: str) -> UUID | None:
    """The membership behind a link that this browser asked for and another one opened. Raises TooManyTries."""
    browser = _this_browser()
    if browser is None:
        return None
    if not known_browsers.knows(*session.get("asked_for", ())):
        throttle.spend(throttle.LINK_CODE_VISITOR, visitor)
    throttle.spend(throttle.LINK_CODE, browser.hex())
    return ask_signing_in(USE_CODE, browser_hash=browser, code_hash=_code_hash(code))[0][0]


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a staff invitation, and whose account has the role now; none when nothing was done."""

    outcome: str
    account_id: UUID | None

    @property
    def password_set(self) -> bool:
        return self.outcome in ("new", "again")


def accept(token: str, password: str) -> Accepted:
    """Use up a staff invitation by choosing how to sign in. It is "new": an account of its own, whoever else has the
    address; or "again": another choice for this very person, who has the role already.

    Nothing is done when it is "over", or "full": too many share the address.
    """
    return _accept(token, password_hash=hash_password(password))


def add_to_my_account(token: str) -> Accepted:
    """Use up a staff invitation by adding its role to the account that is signed in here at work: "joined".

    Nothing is done when it is "over", or "other": nobody is signed in, or this person has another account.
    """
    return _accept(token, session_hash=hash_secret(session.secret or ""))


def _accept(token: str, *, password_hash: str | None = None, session_hash: bytes | None = None) -> Accepted:
    row = ask_signing_in(
        ACCEPT,
        hash=token_hash(token),
        password_hash=password_hash,
        account_id=new_id(),
        membership_id=new_id(),
        session_hash=session_hash,
    )[0]
    return Accepted(row.outcome, row.account_id)


def is_somebody_elses(token: str, password: str, visitor: str) -> bool:
    """Whether somebody else who shares the address of this link has this password: it would tell nobody apart.

    It costs a try, like guessing at the door. Raises TooManyTries.
    """
    throttle.spend(throttle.VISITOR, visitor)
    throttle.spend(throttle.PASSWORD_HERE, token_hash(token).hex(), "")
    others = [row.password_hash for row in ask_signing_in(OTHERS, hash=token_hash(token))]
    return is_one_of(others, password, places=AT_ONE_ADDRESS)


def _this_browser() -> bytes | None:
    mark = session.get("browser")
    return keyed_hash(current_app.config["SECRET_KEY"], "browser", mark) if mark else None


def _code_hash(code: str) -> bytes:
    return keyed_hash(current_app.config["SECRET_KEY"], "link-code-hash", session.get("browser"), code)
