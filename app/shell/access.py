"""Who may open which page: one table, put together from each package's `policy.ACCESS`. What is not in it is shut.

A policy names roles per endpoint; `None` among them stands for somebody who is not signed in. It may also name, in
`CONFIRM`, endpoints before which the service asks again who sits there (`app/accounts/confirming.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from app.identity import kept_forms as kept
from app.identity.current import session
from app.identity.roles import Role
from app.shell.edge import after_commit
from app.shell.form_tokens import sent_mark
from infra.logs import get_logger

log = get_logger()

#: Every package with pages.
PACKAGES = (
    "shell",
    "accounts",
    "homes",
    "schools",
    "recruitment",
    "parent_import",
    "signing_up",
    "contact_log",
    "letters",
    "cohorts",
    "merging",
    "presenters",
    "meetings",
    "themes",
    "group_messages",
    "one_to_one",
    "announcements",
    "in_numbers",
    "office",
    "facilitators",
    "measures",
    "outcomes",
    "safeguarding",
    "papers",
    "messages",
    "privacy",
)

AccessTable = Mapping[str, frozenset[Role | None]]
#: Where somebody has to go before their page; None where they may go on.
Asks = Callable[[], Response | None]


class UndeclaredRoute(RuntimeError):
    """A route that no policy names; it would be shut to everybody, so the application does not start."""


def access_table(also: Iterable[AccessTable] = ()) -> dict[str, frozenset[Role | None]]:
    """Endpoint -> roles that may open it. Raises UndeclaredRoute when two policies claim one endpoint."""
    table: dict[str, frozenset[Role | None]] = {}
    for declared in (*(import_module(f"app.{package}.policy").ACCESS for package in PACKAGES), *also):
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


def guard(app: Flask, *, ask_for_pin: Asks, ask_again: Asks, also: Iterable[AccessTable] = ()) -> None:
    """Check every request against the table, before the view and before the database is asked anything.

    `ask_for_pin` is asked of whoever is signed in, `ask_again` before the pages of `CONFIRM`.
    """
    table = access_table(also)
    undeclared = sorted(set(app.view_functions) - set(table))
    if undeclared:
        raise UndeclaredRoute(f"no policy names {', '.join(undeclared)}")
    asks_again = confirm_table()
    app.extensions["access_table"] = table
    app.extensions["asks_again"] = asks_again
    app.extensions["ask_for_pin"], app.extensions["ask_again"] = ask_for_pin, ask_again
    app.before_request(check)


def _note_taken() -> None:
    if g.get("was_taken"):
        kept.note_sent(sent_mark())


def check() -> Response | None:
    """None when this request may go on; else the page to go to. Raises Unauthorized and Forbidden."""
    if request.endpoint is None:
        return None
    known = current_app.extensions
    roles = known["access_table"][request.endpoint]
    identity = session.identity
    if (identity.role if identity else None) in roles:
        if identity and None not in roles and (asked := known["ask_for_pin"]()):
            return asked
        if request.endpoint in known["asks_again"] and (asked := known["ask_again"]()):
            return asked
        if request.method == "POST":
            after_commit(_note_taken)
        return None
    # By way of the links on our pages nobody comes here.
    log.warning("access_denied", method=request.method)
    if identity is None:
        if request.method != "POST":
            return redirect(url_for("accounts.sign_in", ended=1 if session.is_over else None))
        abort(401)
    return abort(403)
