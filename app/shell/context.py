"""What every template may use without being handed it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, g, request, url_for
from werkzeug.local import LocalProxy

from app.identity.current import session
from app.identity.websession import idle_seconds
from app.shell import assets
from app.shell.dates import FILTERS
from app.shell.drafts import take_sent
from app.shell.form_tokens import reader, token
from app.shell.kept import kept, phone
from app.shell.navigation import has_begun, home_of, navigation
from app.shell.parsing import listed
from app.shell.who_can_see import is_only_mine, seen_by


def dial(number: str) -> str:
    """The address that a phone dials for a number as people write it."""
    return "tel:" + "".join(sign for sign in number if sign.isdigit() or sign == "+")


def menu_of_this_person() -> list[dict[str, object]]:
    """The entries of the menu; none before somebody has begun, and none where nobody is known. Asked once a request."""
    if "menu" not in g:
        identity = session.identity
        g.menu = navigation(identity.role) if identity and request.endpoint and has_begun(identity) else []
    return g.menu


def _made_for() -> str:
    """Whom a page is made for; empty where nobody could look."""
    return "" if getattr(session, "is_unreachable", False) else reader()


def install(app: Flask, *, support: Callable[[], dict[str, Any]]) -> None:
    """Register the helpers and the per-request values; `support` says whom this person can call."""
    assets.init_app(app)
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.filters["phone"] = phone
    app.jinja_env.filters["dial"] = dial
    app.jinja_env.filters["listed"] = lambda names: listed([kept(name) for name in names])
    # Macros that are imported see no page's values, only these.
    app.jinja_env.globals["csrf_token"] = token
    app.jinja_env.globals.update(seen_by=seen_by, is_only_mine=is_only_mine)

    @app.context_processor
    def _page() -> dict[str, Any]:
        identity = getattr(session, "identity", None) if session else None
        return {
            "csrf_token": token,
            "made_for": _made_for,
            "drafts_sent": take_sent,
            "tenant_name": kept(identity.tenant_name) if identity else None,
            "idle_seconds": idle_seconds(identity.role) if identity else None,
            "still_here_url": url_for("accounts.still_here"),
            "nav": LocalProxy(menu_of_this_person) if session else [],
            "home_url": home_of(identity.role) if identity else url_for("shell.landing"),
            "sign_out_url": url_for("accounts.sign_out"),
            "change_role_url": url_for("accounts.change_role"),
            "account_url": url_for("accounts.my_account") if identity else None,
            "theme_url": url_for("shell.theme", colour=identity.brand_colour[1:])
            if identity and identity.brand_colour
            else None,
            "lang": "en-GB",
            "text_dir": "ltr",
            "languages": [],
            "support": LocalProxy(support),
            "is_demo": app.extensions["settings"].is_demo,
        }
