"""Asking again who sits here, before concerns, lists that leave the service and everything we hold of somebody.

A proof lasts ten minutes for looking and thirty for sending a form that was opened in time. A form that comes later
is kept, sealed, and offered again after the proof; nothing of it is done before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app, redirect, request, session, url_for
from werkzeug.routing import BuildError
from werkzeug.wrappers import Response

from app.accounts import tries
from app.accounts.gate import ask, function
from app.accounts.roles import LINK_ROLES
from app.accounts.secrets import Unreadable, keyed_hash, seal, unseal
from app.accounts.websession import hash_secret
from app.messages.links import confirm_code
from app.messages.models import Channel
from app.messages.services import ring_bell
from app.shell.edge import after_commit
from app.shell.navigation import home_of
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

#: A form with one of these is not kept, whatever else is in it: its page is opened again.
SECRETS = frozenset({"password", "current", "code", "answer"})

#: Where the session keeps the page to come back to, and a form that came too late.
PAGE, FORM = "asked_again_at", "kept_form"


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What somebody sent when their proof was too old. `fields` in the order of the form."""

    endpoint: str
    address: str
    fields: list[tuple[str, str]]


# ---- the proof


def ask_first() -> Response | None:
    """None while this browser's last proof holds for this request; else the way to the page that asks again."""
    seconds = ask(PROOF, hash=_this())[0][0]
    is_sent = request.method == "POST"
    if seconds is None or seconds > (TO_SEND if is_sent else TO_LOOK).total_seconds():
        return _ask_again()
    if is_sent and (kept := kept_form()) and kept.address == request.path:
        after_commit(drop_kept_form)
    return None


def confirm(at: datetime | None = None) -> None:
    """Remember that whoever sits at this browser has just shown who they are (`at`: or when)."""
    ask(CONFIRM, hash=_this(), at=at or now())


def _ask_again() -> Response:
    """Lead to the page that asks, and keep what was wanted: the page's name and arguments, or the form."""
    if request.method == "POST" and not SECRETS & set(request.form):
        kept = {
            "endpoint": request.endpoint,
            "arguments": _plain(request.view_args or {}),
            "fields": [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"],
        }
        session[FORM] = seal(_key(), json.dumps(kept))
        session.pop(PAGE, None)
    else:
        session[PAGE] = {
            "endpoint": request.endpoint,
            "arguments": _plain({**request.args.to_dict(), **(request.view_args or {})}),
        }
    return redirect(url_for("accounts.confirm"), 303)


def way_back() -> str:
    """The address to go on to after a proof: the kept form's page, the page that was wanted, or home."""
    if kept_form() is not None:
        return url_for("accounts.send_kept")
    wanted = session.pop(PAGE, None)
    if wanted:
        try:
            return url_for(wanted["endpoint"], **wanted["arguments"])
        except BuildError:
            pass  # a page of an older version
    return home_of(session.identity.role)


# ---- a form that came too late


def kept_form() -> KeptForm | None:
    """The form that is kept for this browser, if there is one that can be sent."""
    try:
        kept = json.loads(unseal(_key(), session.get(FORM, "")))
        return KeptForm(
            kept["endpoint"],
            url_for(kept["endpoint"], **kept["arguments"]),
            [(name, value) for name, value in kept["fields"]],
        )
    except (Unreadable, BuildError):
        return None


def drop_kept_form() -> None:
    """It was sent, or is not wanted."""
    session.pop(FORM, None)


# ---- six digits, for those who sign in by a link


def list_addresses() -> list[tuple[Channel, str]]:
    """Where a code can go, each masked: only addresses that this account has proved."""
    row = ask(ADDRESSES, hash=_this())[0]
    found = [(Channel.EMAIL, row.email), (Channel.SMS, row.phone)]
    return [(channel, masked(address)) for channel, address in found if address]


def masked(address: str) -> str:
    """Enough of an address for its owner: s•••@example.org, ••• 123."""
    name, at, place = address.partition("@")
    return f"{name[:1]}•••@{place}" if at else f"••• {address[-3:]}"


def send_code(channel: Channel) -> bool:
    """Send six digits to this account's address on `channel`; False when it has none. Raises TooManyTries."""
    account: UUID = session.identity.account_id
    if session.identity.role not in LINK_ROLES:
        return False
    tries.spend(tries.CONFIRM_SEND, account)
    outbox_id = new_id()
    sent: bool = ask(
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


def is_sent_code(code: str) -> bool:
    """Whether `code` is the one that this browser was sent; it is used now. Raises TooManyTries."""
    tries.spend(tries.CONFIRM_CODE, session.identity.account_id)
    right: bool = ask(USE_CODE, hash=_this(), code_hash=_code_hash(code))[0][0]
    return right


def _code_hash(code: str) -> bytes:
    return keyed_hash(_key(), "confirm-code-hash", _this().hex(), code)


def _plain(arguments: dict[str, Any]) -> dict[str, str]:
    # Names with an underscore before them mean something to url_for.
    return {name: str(value) for name, value in arguments.items() if not name.startswith("_")}


def _this() -> bytes:
    return hash_secret(session.secret or "")


def _key() -> str:
    return current_app.config["SECRET_KEY"]
