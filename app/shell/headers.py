"""Puts the headers of `infra/headers.py` on every response, errors included; says what a browser may keep of it."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.wrappers import Response

from app.identity.current import session
from infra.headers import headers

#: The address of a built file, and of a colour, changes with what it says.
FOR_EVER = frozenset({"static", "shell.theme"})
KEEP_FOR_EVER = "public, max-age=31536000, immutable"
#: In the address: marks of somebody else wait on this phone for whoever made them; the page erases all that is not of
#: them by itself (`assets/room-store.js`).
WAITING = "waiting"
#: Statuses of a static file that a browser may keep.
KEPT = (200, 206, 304)


def install(app: Flask) -> None:
    """Put the headers on every response."""

    @app.after_request
    def _add(response: Response) -> Response:
        for name, value in headers(https=app.config["SESSION_COOKIE_SECURE"]).items():
            response.headers.setdefault(name, value)
        here = request.host_url
        if response.location and response.location.startswith(here):
            # The router's own redirects name the host that the request claims. A path leads back to where it came from.
            response.location = f"/{response.location[len(here) :].lstrip('/')}"
        is_file = (
            request.endpoint in FOR_EVER
            and request.method in ("GET", "HEAD")
            and response.status_code in KEPT
        )
        response.headers["Cache-Control"] = KEEP_FOR_EVER if is_file else "no-store"
        if getattr(session, "forget_cookie", False) and WAITING not in request.args:
            # Not "cookies": that would empty the whole registered domain, and a council has other services on it.
            # Ours is deleted by name. Not "cache": some browsers take seconds over it, and no page is ever stored.
            response.headers.setdefault("Clear-Site-Data", '"storage"')
        return response
