"""Forms that could not be taken when they were sent, kept sealed and offered again to the very same person.

Two places. In the browser's own session: a form that came after a proof had run out. In a table of its own: what
somebody sent after their session had ended; it is for hours, readable with our key alone, and comes back only to the
account and role that the form was made for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from flask import current_app, request, session

from app.identity import known_browsers
from app.identity.gate import ask_signing_in, function
from app.identity.own_pages import NoPage, address_of
from app.identity.secrets import Unreadable, keyed_hash, seal, seal_for, unseal, unseal_for
from infra.clock import now
from infra.ids import new_id

#: The field of a form that holds its token, as Flask-WTF names it.
FIELD = "csrf_token"

KEEP = function("keep_form", "id", "made_for", "sealed", "until")
WAITING = function("waiting_form", "made_for")
DROP = function("drop_form", "id", "made_for")

#: How long words wait for their writer to sign in again.
LIFE = timedelta(hours=8)
#: Letters of one form; the longest concern has a tenth.
LONGEST = 200_000
#: A form with one of these is not kept, whatever else is in it: its page is opened again.
SECRETS = frozenset({"password", "current", "code", "pin", "words", "answer", "api_key"})
#: Where the session keeps a form.
FORM = "kept_form"


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What somebody sent and was not taken. `fields` in the order of the form; `row`: its place in the table.

    `typed_elsewhere`: when, where it came from a browser that is not known to be this one.
    """

    endpoint: str
    address: str
    fields: list[tuple[str, str]]
    row: str | None = None
    made_for: str | None = None
    typed_elsewhere: datetime | None = None


def sent_now() -> dict[str, Any] | None:
    """What this request sent, to be kept; None when there is a secret or a file in it, or too much.

    What a script sends (JSON) its page keeps itself.
    """
    if request.endpoint is None or request.is_json or SECRETS & set(request.form) or has_file():
        return None
    fields = [pair for pair in request.form.items(multi=True) if pair[0] != FIELD]
    if sum(len(name) + len(value) for name, value in fields) > LONGEST:
        return None
    arguments = {**request.args.to_dict(), **(request.view_args or {})}
    return {"endpoint": request.endpoint, "arguments": plain(arguments), "fields": fields}


def has_file() -> bool:
    """Whether the form of this request is one that sends a file."""
    return request.mimetype == "multipart/form-data"


def plain(arguments: dict[str, Any]) -> dict[str, str]:
    """Arguments of an address as text."""
    return {name: str(value) for name, value in arguments.items()}


def as_form(kept: dict[str, Any]) -> KeptForm | None:
    """The form in `kept`; None when its page is gone."""
    try:
        address = address_of(kept["endpoint"], kept["arguments"])
    except NoPage:
        return None
    fields = [(name, value) for name, value in kept["fields"]]
    is_here = "at" not in kept or (kept["browser"] and kept["browser"] == known_browsers.name())
    elsewhere = None if is_here else datetime.fromisoformat(kept["at"])
    return KeptForm(kept["endpoint"], address, fields, kept.get("row"), kept.get("made_for"), elsewhere)


# ---- in this browser


def keep_here(kept: dict[str, Any]) -> None:
    """Keep it in this browser's session."""
    session[FORM] = seal(_key(), json.dumps(kept))


def kept_form() -> KeptForm | None:
    """The form that is kept for this browser, if there is one that can be sent; any other is dropped."""
    if FORM not in session:
        return None
    try:
        form = as_form(json.loads(unseal(_key(), session[FORM])))
    except Unreadable:
        form = None
    if form is None:
        session.pop(FORM)
    return form


def drop_kept_form() -> None:
    """It was sent, or is not wanted. Another that waits for the same person takes its place."""
    kept = kept_form()
    session.pop(FORM, None)
    if kept and kept.row and kept.made_for:
        ask_signing_in(DROP, id=kept.row, made_for=_place_of(kept.made_for))
        bring_back(kept.made_for)


def mark() -> str:
    """A name for the form that is kept for this browser; its pages send it back with the form."""
    return keyed_hash(_key(), "kept-form", session[FORM]).hex()[:16]


def note_sent(sent_mark: str) -> None:
    """Called for each form that was taken: when it came from a page with the kept words in it, they wait no longer.

    Another form at the same address leaves them where they are.
    """
    if FORM not in session or not compare_digest(sent_mark.encode(), mark().encode()):
        return
    if (kept := kept_form()) and kept.address.partition("?")[0] == request.path:
        drop_kept_form()


# ---- until they have signed in again


def keep_for(made_for: str) -> bool:
    """Keep what this request sent for whom its page was made for. False when it cannot be kept."""
    kept = sent_now()
    if kept is None:
        return False
    kept |= {"browser": known_browsers.name(), "at": now().isoformat()}
    sealed = seal_for(_key(), made_for, json.dumps(kept))
    done: bool = ask_signing_in(
        KEEP, id=new_id(), made_for=_place_of(made_for), sealed=sealed, until=now() + LIFE
    )[0][0]
    return done


def bring_back(made_for: str) -> None:
    """Put the latest form that waits for this account and role, and that has a page, into their new session."""
    for row in ask_signing_in(WAITING, made_for=_place_of(made_for)):
        try:
            kept = json.loads(unseal_for(_key(), made_for, row.sealed))
        except Unreadable:
            continue
        if as_form(kept) is None:
            continue
        keep_here({**kept, "row": str(row.id), "made_for": made_for})
        return


def _place_of(made_for: str) -> bytes:
    return keyed_hash(_key(), "kept-for", made_for)


def _key() -> str:
    return current_app.config["SECRET_KEY"]
