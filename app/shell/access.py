"""Who may open which page: one table, put together from each package's `policy.ACCESS`. What is not in it is shut.

A policy names roles per endpoint; `None` among them stands for somebody who is not signed in. It may also name, in
`CONFIRM`, endpoints before which the service asks again who sits there (`app/accounts/confirming.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from flask import Flask, abort, current_app, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.accounts import confirming, kept
from app.accounts.guarding import ask_for_pin
from app.accounts.roles import Role
from app.shell.edge import after_commit
from infra.logs import get_logger

log = get_logger()

#: Every package with pages.
PACKAGES = (
    "shell",
    "accounts",
    "homes",
    "schools",
    "recruitment",
    "cohorts",
    "facilitators",
    "measures",
    "outcomes",
    "safeguarding",
    "documents",
    "messages",
    "privacy",
)

AccessTable = Mapping[str, frozenset[Role | None]]


class UndeclaredRoute(RuntimeError):
    """A route that no policy names; it would be shut to everybody, so the application does not start."""


def access_table() -> dict[str, frozenset[Role | None]]:
    """Endpoint -> roles that may open it. Raises UndeclaredRoute when two policies claim one endpoint."""
    table: dict[str, frozenset[Role | None]] = {}
    for package in PACKAGES:
        declared: AccessTable = import_module(f"app.{package}.policy").ACCESS
        for endpoint, roles in declared.items():
            if endpoint in table:
                raise UndeclaredRoute(f"{endpoint} is declared twice")
            table[endpoint] = frozenset(roles)
    return table


def confirm_table() -> frozenset[str]:
    """Endpoints that open only a short while after a proof. Raises UndeclaredRoute when one is in no access table."""
    asked: set[str] = set()
    for package in PACKAGES:
        asked |= getattr(import_module(f"app.{package}.policy"), "CONFIRM", frozenset())
    unknown = sorted(asked - set(access_table()))
    if unknown:
        raise UndeclaredRoute(f"asked again before {', '.join(unknown)}, which no policy opens")
    return frozenset(asked)


def guard(app: Flask) -> None:
    """Check every request against the table, before the view and before the database is asked anything."""
    table = access_table()
    undeclared = sorted(set(app.view_functions) - set(table))
    if undeclared:
        raise UndeclaredRoute(f"no policy names {', '.join(undeclared)}")
    asks_again = confirm_table()
    app.extensions["access_table"] = table

    app.extensions["asks_again"] = asks_again
    app.before_request(check)


def check() -> Response | None:
    """None when this request may go on; else the page to go to. Raises Unauthorized and Forbidden."""
    if request.endpoint is None:
        return None
    roles = current_app.extensions["access_table"][request.endpoint]
    identity = session.identity
    if (identity.role if identity else None) in roles:
        if identity and None not in roles and (asked := ask_for_pin()):
            return asked
        if request.endpoint in current_app.extensions["asks_again"] and (asked := confirming.ask_first()):
            return asked
        if request.method == "POST":
            after_commit(kept.note_sent)
        return None
    # By way of the links on our pages nobody comes here.
    log.warning("access_denied", method=request.method)
    if identity is None:
        if request.method == "GET":
            return redirect(url_for("accounts.sign_in", ended=1 if session.is_over else None))
        abort(401)
    return abort(403)
