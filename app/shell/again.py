"""A page with mistakes survives *Back*: what a form answers is a page with an address of its own.

Shown as the answer to a press, such a page is gone once somebody has left it: *Back* asks to send the form again or
says that the page is no longer there. So it is kept for a while, sealed, in this browser's session on the server, and
the browser is sent to it: the form's own address and a number that means nothing. No word of the form stands in an
address, in the browser's store or in the open in the database. It is shown to the reader it was made for alone.

Only a browser that says that it goes to a page is sent on; programs get their answer at once.
"""

from __future__ import annotations

import base64
import json
import secrets
import zlib

from flask import Flask, current_app, make_response, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.accounts.secrets import Unreadable, seal, unseal
from app.shell.form_tokens import reader

#: What a page has that says what is wrong; no other answer to a press is kept.
MISTAKES = "govuk-error-summary"
#: In the address, and where the session keeps pages.
ARGUMENT, PAGES = "again", "pages_again"
#: Pages kept for one browser; letters of one when sealed, about five times less than it has.
MOST, LARGEST = 3, 60_000


def install(app: Flask) -> None:
    """Keep each answer to a press that is a page, and show it when its address is opened. After the access guard."""

    @app.before_request
    def _show() -> Response | None:
        number = request.args.get(ARGUMENT)
        if request.method != "GET" or number is None or request.endpoint is None:
            return None
        page = _find(number)
        if page is not None:
            return make_response(page)
        return redirect(url_for(request.endpoint, **_arguments()))

    @app.after_request
    def _keep(response: Response) -> Response:
        if request.method != "POST" or request.url_rule is None:
            return response
        if 300 <= response.status_code < 400:
            _forget(request.path)
        if (
            response.status_code != 200
            or response.mimetype != "text/html"
            or request.headers.get("Sec-Fetch-Mode") != "navigate"
            or "GET" not in (request.url_rule.methods or ())
            or request.endpoint is None
            or MISTAKES not in (page := response.data.decode())
        ):
            return response
        number = _store(page)
        if number is None:
            return response
        return redirect(url_for(request.endpoint, **_arguments(), **{ARGUMENT: number}), 303)


def _arguments() -> dict[str, str]:
    """What the address says beside the number; names with an underscore mean something to url_for."""
    found = {**request.args.to_dict(), **(request.view_args or {})}
    return {name: value for name, value in found.items() if name != ARGUMENT and not name.startswith("_")}


def _store(page: str) -> str | None:
    """Keep `page` for this browser and reader; None when it is too large."""
    packed = base64.b85encode(zlib.compress(page.encode(), 9)).decode()
    number = secrets.token_urlsafe(9)
    sealed = seal(_key(), json.dumps({"path": request.path, "reader": reader(), "page": packed}))
    if len(sealed) > LARGEST:
        return None
    kept = [*session.get(PAGES, []), [number, request.path, sealed]]
    session[PAGES] = kept[-MOST:]
    return number


def _find(number: str) -> str | None:
    for name, path, sealed in session.get(PAGES, []):
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
    left = [page for page in kept if page[1] != path]
    if len(left) != len(kept):
        session[PAGES] = left


def _key() -> str:
    return current_app.config["SECRET_KEY"]
