"""A page with mistakes survives *Back*: what a form answers is a page with an address of its own.

Shown as the answer to a press, such a page is gone once somebody has left it: *Back* asks to send the form again or
says that the page is no longer there. So it is kept for a while, sealed, in this browser's session on the server, and
the browser is sent to it: the form's own address and a number that means nothing. No word of the form stands in an
address, in the browser's store or in the open in the database. It is shown to the reader it was made for alone.

A form that is sent to an address which only takes presses stands on another page: the nearest address above it that can
be opened, or the one that `stands_at` names. The browser is sent there, under that page's own guards.

Only a browser that says that it goes to a page is sent on; programs get their answer at once.
"""

from __future__ import annotations

import base64
import json
import secrets
import zlib
from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app, g, make_response, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.identity.current import session
from app.identity.own_pages import address_of
from app.identity.secrets import Unreadable, seal, unseal
from app.shell.edge import undo
from app.shell.form_tokens import reader

#: What a page has that says what is wrong; no other answer to a press is kept.
MISTAKES = "govuk-error-summary"
#: What is answered with such a page: mistakes, and too many tries.
WITH_MISTAKES = (200, 429)
#: In the address, and where the session keeps pages.
ARGUMENT, PAGES = "again", "pages_again"
#: Pages kept for one browser; letters of one when sealed, about five times less than it has.
MOST, LARGEST = 3, 60_000


def install(app: Flask) -> None:
    """Keep each answer to a press that is a page, and show it when its address is opened. After the access guard."""

    @app.before_request
    def _show() -> Response | None:
        number = request.args.get(ARGUMENT)
        if request.method == "POST" or number is None or request.endpoint is None:
            return None
        page = _find(number)
        if page is not None:
            return make_response(page)
        return redirect(address_of(request.endpoint, _arguments()))

    @app.after_request
    def _keep(response: Response) -> Response:
        if request.method != "POST" or request.url_rule is None:
            return response
        if 300 <= response.status_code < 400:
            _forget(request.path)
        if (
            response.status_code not in WITH_MISTAKES
            or response.mimetype != "text/html"
            or request.headers.get("Sec-Fetch-Mode") != "navigate"
            or MISTAKES not in (page := response.data.decode())
            or (stands := _where()) is None
        ):
            return response
        endpoint, arguments = stands
        number = _store(page, address_of(endpoint, arguments).partition("?")[0])
        if number is None:
            return response
        if response.status_code != 200:
            undo()  # being sent on keeps what an error would not
        return redirect(address_of(endpoint, {**arguments, ARGUMENT: number}), 303)


def stands_at(endpoint: str, **arguments: Any) -> None:
    """Say where the form of this press stands, where that is not the nearest address above that of the press."""
    g.form_stands_at = (endpoint, arguments)


def _where() -> tuple[str, Mapping[str, Any]] | None:
    """The page with the form that was sent; None when there is none."""
    if "form_stands_at" in g:
        found: tuple[str, dict[str, Any]] = g.form_stands_at
        return found
    if request.url_rule and request.endpoint and "GET" in (request.url_rule.methods or ()):
        return request.endpoint, _arguments()
    adapter, path = current_app.create_url_adapter(request), request.path
    while adapter is not None and (path := path.rpartition("/")[0]):
        try:
            return adapter.match(path, method="GET")
        except HTTPException:
            continue
    return None


def _arguments() -> dict[str, Any]:
    """What the address says beside the number."""
    found = {**request.args.to_dict(), **(request.view_args or {})}
    return {name: value for name, value in found.items() if name != ARGUMENT}


def _store(page: str, path: str) -> str | None:
    """Keep `page`, to be shown at `path`, for this browser and reader; None when it is too large."""
    packed = base64.b85encode(zlib.compress(page.encode(), 9)).decode()
    number = secrets.token_urlsafe(9)
    sealed = seal(_key(), json.dumps({"path": path, "reader": reader(), "page": packed}))
    if len(sealed) > LARGEST:
        return None
    kept = [*session.get(PAGES, []), [number, path, sealed, request.path]]
    session[PAGES] = kept[-MOST:]
    return number


def _find(number: str) -> str | None:
    for name, path, sealed, _sent_to in session.get(PAGES, []):
        if secrets.compare_digest(name.encode(), number.encode()) and path == request.path:
            try:
                kept = json.loads(unseal(_key(), sealed))
            except Unreadable:
                return None
            if kept["path"] == request.path and kept["reader"] == reader():
                return zlib.decompress(base64.b85decode(kept["page"])).decode()
    return None


def _forget(path: str) -> None:
    """The form was taken: its mistakes are no longer wanted."""
    kept = session.get(PAGES, [])
    left = [page for page in kept if page[-1] != path]
    if len(left) != len(kept):
        session[PAGES] = left


def _key() -> str:
    return current_app.config["SECRET_KEY"]
