"""What the route modules share: the blueprint, and how a press ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.schools.appointments import Invited
from app.schools.refusals import Refused
from app.shell.kept import kept

blueprint = Blueprint("schools", __name__)
Page = str | Response | tuple[str, int]


def on_its_way(invited: Invited[Any]) -> str:
    """What to say when somebody was invited."""
    if invited.waits:
        return _(
            "An invitation is on its way to %(name)s. The role begins a day after a second person agrees. Everybody"
            " concerned is told.",
            name=kept(invited.member.name),
        )
    return _("An invitation is on its way to %(name)s.", name=kept(invited.member.name))


def reset_words(reset: Invited[Any]) -> str:
    """What to say when a new app was asked for."""
    if reset.waits:
        return _(
            "%(name)s sees more than you do, so a second person agrees first. Everybody concerned is told. A day after"
            " they agree, press “Reset sign-in app” again.",
            name=kept(reset.member.name),
        )
    return _("%(name)s can set up a new app at the next sign-in.", name=kept(reset.member.name))


def to(endpoint: str, **values: Any) -> Response:
    """Lead on to another page after a change."""
    return redirect(url_for(endpoint, **values), 303)


def press(
    change: Callable[[], object], done: str | Callable[[Any], str], endpoint: str, **values: Any
) -> Response:
    """Do one thing and go on to `endpoint`; what is refused is said there. `done` may speak of the result."""
    try:
        result = change()
    except Refused as refused:
        flash(str(refused))
    else:
        flash(done(result) if callable(done) else done, "success")
    return to(endpoint, **values)
