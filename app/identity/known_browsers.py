"""Browsers that somebody came in by before: a cookie that lives for months, and opens nothing.

It says as whom and from which address somebody has come in here, each as a keyed hash. Whoever guesses at a door from
the same network, or at the same mailbox, uses up the tries of the place; a browser that came in before has a few of
its own. It is written when nothing is asked any more of whoever sits there, and goes with *Exit this page*.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

from app.identity.secrets import Unreadable, keyed_hash, seal, unseal
from infra.clock import now

NAME = "webelong-known"
LIFE = timedelta(days=180)
#: Written anew when it is older than this.
FRESH = timedelta(days=30)
#: People and addresses of one browser; the latest stay.
MOST = 12


@dataclass(frozen=True, slots=True)
class _Known:
    browser: str = ""
    marks: list[str] = field(default_factory=list)
    at: datetime | None = None


def install(app: Flask) -> None:
    """Send the cookie with the answer to whoever has just become known."""

    @app.after_request
    def _send(response: Response) -> Response:
        if g.pop("forget_browser", False):
            response.delete_cookie(cookie_name(), path="/", secure=_is_https(), httponly=True, samesite="Lax")
        elif (known := g.pop("newly_known", None)) is not None:
            text = json.dumps({"browser": known.browser, "marks": known.marks, "at": now().isoformat()})
            response.set_cookie(
                cookie_name(),
                seal(_key(), text),
                max_age=int(LIFE.total_seconds()),
                path="/",
                secure=_is_https(),
                httponly=True,
                samesite="Lax",
            )
        return response


def knows(*what: object) -> str:
    """A name for this browser, where somebody came in by it as `what`; empty elsewhere."""
    known = _known()
    return known.browser if _mark(known.browser, what) in known.marks else ""


def name() -> str:
    """The name of this browser; empty where nobody came in yet."""
    return _known().browser


def remember(*whats: tuple[object, ...]) -> None:
    """From now on this browser is known as each of these."""
    known = _known()
    browser = known.browser or secrets.token_hex(16)
    marks = [_mark(browser, what) for what in whats]
    is_fresh = known.at is not None and now() - known.at < FRESH
    if is_fresh and set(marks) <= set(known.marks):
        return
    others = [one for one in known.marks if one not in marks]
    g.newly_known = g.known = _Known(browser, [*others, *marks][-MOST:], now())


def forget() -> None:
    """Take the cookie away."""
    g.forget_browser = True


def cookie_name() -> str:
    """By which the browser keeps it."""
    return f"__Host-{NAME}" if _is_https() else NAME


def _known() -> _Known:
    if "known" not in g:
        g.known = _read(request.cookies.get(cookie_name(), ""))
    found: _Known = g.known
    return found


def _read(cookie: str) -> _Known:
    if not cookie or len(cookie) > 4000:
        return _Known()
    try:
        said = json.loads(unseal(_key(), cookie))
        at = datetime.fromisoformat(said["at"])
        return _Known(said["browser"], said["marks"], at) if now() - at < LIFE else _Known()
    except (Unreadable, KeyError, TypeError, ValueError):
        return _Known()


def _mark(browser: str, what: tuple[object, ...]) -> str:
    return keyed_hash(_key(), "known-browser", browser, *what).hex()[:16] if browser else "-"


def _is_https() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _key() -> str:
    return current_app.config["SECRET_KEY"]
