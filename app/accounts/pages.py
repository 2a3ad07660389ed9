"""The blueprint of `accounts`, and what its pages share."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.accounts import guarding
from app.identity.current import me, session
from app.identity.kept_forms import FORM
from app.identity.roles import PASSWORD_ROLES, Role
from app.messages import meant
from app.shell.navigation import home_of
from app.shell.pressing import to
from infra.visitors import customer_of, line_of

blueprint = Blueprint("accounts", __name__, template_folder="templates")

#: An invitation that somebody opened before they signed in, to add it to the account that they have.
INVITATION = "invitation"

#: For Flask-Limiter: traffic to the ways in, per address. Guessing has counters of its own (`tries`).
TRAFFIC = "240/minute"


def visitor() -> str:
    """The line that this request came from; kept only as a keyed hash."""
    return line_of(request.remote_addr or "none")


def customer() -> str:
    """The same, as wide as one customer of a provider may have lines."""
    return customer_of(request.remote_addr or "none")


def base_page() -> str:
    """Parents keep their way out and their support lines on every page."""
    return "shell/parent_base.html" if me().role is Role.PARENT else "shell/staff_base.html"


def to_home(role: Role) -> Response:
    """Off to the role's home, or first to what waits for this person: a form of theirs, an invitation or the page of a
    message that they opened.

    303, so that a reload sends nothing.
    """
    if FORM in session:
        return to("accounts.send_kept")
    if role in PASSWORD_ROLES and (invitation := session.pop(INVITATION, None)):
        return to("accounts.invitation", token=invitation, me="yes")
    # A PIN is asked for first, and leads here again.
    if not guarding.what_is_asked() and (opened := meant.take()):
        return to("messages.go", **opened)
    return redirect(home_of(role), 303)


def cannot_be_used() -> str:
    """Of a password that somebody else at the same address has; of nobody in particular."""
    return gettext("This password cannot be used here. Choose another one.")
