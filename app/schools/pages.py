"""What the route modules share: the blueprint, and how a press ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.schools import people
from app.schools.appointments import Invited
from app.schools.queries import Colleague
from app.shell.as_shown import if_as_shown
from app.shell.kept import kept

blueprint = Blueprint("schools", __name__)
T = TypeVar("T")
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


def as_listed(find: Callable[[], Colleague], change: Callable[[], T]) -> Callable[[], T]:
    """`change`, which takes away how somebody of a list comes in, for what their line showed. Whoever is gone already
    is said to be: `find` raises Refused."""

    def checked() -> T:
        stands = people.how_they_stand(db.session(), me().scope, find().id)
        return if_as_shown(change, *stands)()

    return checked


def reset_words(reset: Invited[Any]) -> str:
    """What to say when a new app was asked for."""
    if reset.waits:
        return _(
            "%(name)s sees more than you do, so a second person agrees first. Everybody concerned is told. A day after"
            " they agree, press “Reset sign-in app” again.",
            name=kept(reset.member.name),
        )
    return _("%(name)s can set up a new app at the next sign-in.", name=kept(reset.member.name))
