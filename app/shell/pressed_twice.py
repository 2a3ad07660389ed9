"""A button pressed twice on the way in leads where the first press led.

Coming in gives a browser a new secret, and the one before is worth nothing from then on. A second press was sent with
the one before; browsers drop the answer to the first, and with it the new secret: whoever presses twice would be out
again, their link used up. So the answer is kept for a minute, sealed with what only this browser could send: its secret
of before and every word of the form. Who knows just one of them (a secret that they planted, say) gets nothing.
"""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from flask import Flask, current_app, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.identity.current import session
from app.identity.gate import ask
from app.identity.own_pages import address_of
from app.identity.secrets import Unreadable, keyed_hash, seal_for, unseal_for
from app.identity.websession import DATABASE_AWAY, OPEN, SAVE, RowSessionInterface, hash_secret
from infra.clock import now
from infra.ids import new_id
from infra.logs import get_logger

#: How long a second press is taken for the same as the first.
WHILE = timedelta(minutes=1)
#: The first press may still be under way: so often, and so long each time, is looked again. Seconds.
_LOOKS, _PAUSE = 4, 0.15

log = get_logger()


def install(app: Flask) -> None:
    """Keep the answer to every press that gives a browser a new secret."""
    app.after_request(_keep)


def first_answer(*, wait: bool = False) -> Response | None:
    """The answer that the first of two equal presses got, for this very browser; None when there was none.

    `wait`: the first may not be answered yet.
    """
    same = _this_press()
    if same is None or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return None
    for look in range(_LOOKS if wait else 1):
        if look:
            time.sleep(_PAUSE)
        if (found := _find(same)) is not None:
            session.clear()
            session.secret, session.is_new_secret, session.modified = found["secret"], True, False
            log.info("pressed_twice")
            return redirect(address_of(found["page"], found["values"]), 303)
    return None


def _keep(response: Response) -> Response:
    same = _this_press() if session.replaced and session.is_new_secret else None
    if same is None or response.status_code not in (302, 303) or not response.location:
        return response
    page, values = _page_at(response.location)
    inside = json.dumps({"secret": session.secret, "page": page, "values": values})
    sealed = json.dumps(seal_for(current_app.config["SECRET_KEY"], same, inside))
    try:
        ask(
            SAVE,
            hash=hash_secret(same),
            id=new_id(),
            data=sealed,
            expires_at=now() + WHILE,
            idle=WHILE,
            label="",
        )
    except DATABASE_AWAY:
        log.warning("first_answer_not_kept")  # they are in; only a second press would meet a used form
    return response


def _page_at(location: str) -> tuple[str, dict[str, str]]:
    """The page of ours that an answer leads to, and its values; the front page where it is none of ours."""
    parts = urlsplit(location)
    try:
        page, values = current_app.url_map.bind(request.host).match(parts.path, "GET")
    except HTTPException:
        return "shell.landing", {}
    return page, {name: str(value) for name, value in (*parse_qsl(parts.query), *values.items())}


def _find(same: str) -> dict[str, Any] | None:
    rows = ask(OPEN, hash=hash_secret(same))
    if not rows or not isinstance(rows[0].data, str):
        return None
    try:
        kept: dict[str, Any] = json.loads(unseal_for(current_app.config["SECRET_KEY"], same, rows[0].data))
    except Unreadable:
        return None
    # Whoever left meanwhile stays out.
    return kept if ask(OPEN, hash=hash_secret(kept["secret"])) else None


def _this_press() -> str | None:
    """What two equal presses of one browser have in common, and no other press has; None for what is no press."""
    cookies = cast(RowSessionInterface, current_app.session_interface)
    before = request.cookies.get(cookies.cookie_name(current_app))
    if request.method != "POST" or not before or not request.form:
        return None
    words = json.dumps(sorted(request.form.items(multi=True)))
    return keyed_hash(current_app.config["SECRET_KEY"], "pressed", before, request.full_path, words).hex()
