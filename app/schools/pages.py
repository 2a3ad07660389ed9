"""What the route modules share: the blueprint, and how a press ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from app.schools.refusals import Refused

blueprint = Blueprint("schools", __name__)
Page = str | Response | tuple[str, int]


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
