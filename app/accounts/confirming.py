"""Asking again who sits here, before concerns, lists that leave the service and everything we hold of somebody.

A proof lasts ten minutes for looking and thirty for sending a form that was opened in time. A form that comes later
is kept, sealed, and offered again after the proof; nothing of it is done before.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts import throttle
from app.identity import kept_forms as kept
from app.identity import known_browsers
from app.identity.current import me, session
from app.identity.gate import ask_signing_in, function
from app.identity.own_pages import NoPage, address_of
from app.identity.roles import LINK_ROLES
from app.identity.secrets import keyed_hash
from app.identity.websession import hash_secret
from app.messages.links import confirm_code
from app.messages.services import ring_bell
from app.shell.edge import after_commit
from app.shell.navigation import home_of
from app.states.messages import Channel
from infra.clock import now
from infra.ids import new_id

PROOF = function("session_proof", "hash")
CONFIRM = function("confirm_session", "hash", "at")
ADDRESSES = function("own_addresses", "hash")
REQUEST_CODE = function(
    "request_confirm_code", "hash", "channel", "outbox_id", "token_hash", "code_hash", "expires_at"
)
USE_CODE = function("use_confirm_code", "hash", "code_hash")

#: How long a proof lasts: for opening a page, and for sending a form that was open.
TO_LOOK, TO_SEND = timedelta(minutes=10), timedelta(minutes=30)
#: ASVS 5.0, 6.5.5.
CODE_LIFE = timedelta(minutes=10)

#: Where the session keeps the page to come back to.
PAGE = "asked_again_at"


# ---- the proof


def ask_first(*, then: str | None = None) -> Response | None:
    """None while this browser's last proof holds for this request; else the way to the page that asks again.

    `then`: the endpoint to come back to in place of this one, with the same arguments. A page that answers with an
    address elsewhere needs it: browsers hold whatever follows a form to our own addresses.
    """
    seconds = ask_signing_in(PROOF, hash=_this())[0][0]
    is_sent = request.method == "POST"
    if seconds is None or seconds > (TO_SEND if is_sent else TO_LOOK).total_seconds():
        return _ask_again(then or request.endpoint)
    return None


def confirm(at: datetime | None = None) -> None:
    """Remember that whoever sits at this browser has just shown who they are (`at`: or when)."""
    ask_signing_in(CONFIRM, hash=_this(), at=at or now())


def _ask_again(then: str | None) -> Response:
    """Lead to the page that asks, and keep what was wanted: the page's name and arguments, or the form."""
    if request.method == "POST" and (sent := kept.sent_now()) is not None:
        kept.keep_here(sent)
        session.pop(PAGE, None)
    else:
        session[PAGE] = {
            "endpoint": then,
            "arguments": kept.plain({**request.args.to_dict(), **(request.view_args or {})}),
        }
    return redirect(url_for("accounts.confirm"), 303)


def way_back() -> str:
    """The address to go on to after a proof: the kept form's page, the page that was wanted, or home."""
    if kept.kept_form() is not None:
        return url_for("accounts.send_kept")
    wanted = session.pop(PAGE, None)
    if wanted:
        try:
            return address_of(wanted["endpoint"], wanted["arguments"])
        except NoPage:
            pass  # a page of an older version
    return home_of(me().role)


# ---- six digits, for those who sign in by a link


def list_addresses() -> list[tuple[Channel, str]]:
    """Where a code can go, each masked: addresses that this person confirmed at joining, or at least a day ago."""
    row = ask_signing_in(ADDRESSES, hash=_this())[0]
    found = [
        (Channel.EMAIL, row.email if row.email_proves else None),
        (Channel.SMS, row.phone if row.phone_proves else None),
    ]
    return [(channel, masked(address)) for channel, address in found if address]


def own_addresses() -> list[tuple[str, str]]:
    """Every address by which the person who is signed in here comes in, with its channel."""
    rows = ask_signing_in(ADDRESSES, hash=_this())
    found = [("email", rows[0].email), ("sms", rows[0].phone)] if rows else []
    return [(channel, address) for channel, address in found if address]


def list_ways_in() -> list[tuple[Channel, str]]:
    """Where links come to, each masked: also an address that proves nothing yet."""
    row = ask_signing_in(ADDRESSES, hash=_this())[0]
    found = [(Channel.EMAIL, row.email), (Channel.SMS, row.phone)]
    return [(channel, masked(address)) for channel, address in found if address]


def masked(address: str) -> str:
    """Enough of an address for its owner: s•••@example.org, ••• 123."""
    name, at, place = address.partition("@")
    return f"{name[:1]}•••@{place}" if at else f"••• {address[-3:]}"


def send_code(channel: Channel) -> bool:
    """Send six digits to this account's address on `channel`; False when it has none. Raises TooManyTries."""
    account: UUID = me().account_id
    if me().role not in LINK_ROLES:
        return False
    if own := known_browsers.knows("account", account):
        throttle.spend(throttle.CONFIRM_SEND_OWN, account, own)
    else:
        throttle.spend(throttle.CONFIRM_SEND, account)
    outbox_id = new_id()
    sent: bool = ask_signing_in(
        REQUEST_CODE,
        hash=_this(),
        channel=channel.value,
        outbox_id=outbox_id,
        token_hash=keyed_hash(_key(), "confirm-token", outbox_id),
        code_hash=_code_hash(confirm_code(_key(), outbox_id)),
        expires_at=now() + CODE_LIFE,
    )[0][0]
    if sent:
        after_commit(ring_bell)
    return sent


def is_sent_code(code: str, place: str) -> bool:
    """Whether `code` is the one that this browser was sent; it is used now. Raises TooManyTries."""
    throttle.spend_of(throttle.CONFIRM_CODE, me().account_id, _this().hex(), place)
    right: bool = ask_signing_in(USE_CODE, hash=_this(), code_hash=_code_hash(code))[0][0]
    return right


def _code_hash(code: str) -> bytes:
    return keyed_hash(_key(), "confirm-code-hash", _this().hex(), code)


def _this() -> bytes:
    return hash_secret(session.secret or "")


def _key() -> str:
    return current_app.config["SECRET_KEY"]
