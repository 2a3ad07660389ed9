"""Where GOV.UK Notify says by itself what became of a message, and brings a text that somebody wrote.

Answers are for a machine. Notify sends again what is answered with 500 and above or not at all, and nothing else: so
what we understood is 200, whether or not it was of use, and what we did not is 400 with what is missing.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Response, abort, current_app, g, jsonify, make_response, request

from app.extensions import limiter
from app.messages.callbacks import LONGEST, Bearer, keep_delivery, keep_text, who_bears
from app.messages.routes import blueprint
from app.messages.services import ring_bell
from app.shell.edge import after_commit
from app.shell.form_tokens import csrf
from infra.notify import NotUnderstood, told_delivery, told_text
from infra.settings import Settings

#: Wrong tokens from one place; right ones are as many as there are messages.
WRONG = "30/minute"


def _bearer() -> Bearer | None:
    if "bearer" not in g:
        settings: Settings = current_app.extensions["settings"]
        g.bearer = who_bears(request.headers.get("Authorization", ""), settings.callback_tokens)
    bearer: Bearer | None = g.bearer
    return bearer


def _is_right() -> bool:
    """Whether a token of Notify's is borne: it sends again nothing that is answered with 429, whoever else guesses."""
    return _bearer() is not None


@blueprint.post("/notify/delivery")
@csrf.exempt  # type: ignore[untyped-decorator]
@limiter.limit(WRONG, exempt_when=_is_right)
def notify_delivery() -> Response:
    """What became of a message."""
    bearer, said = _said()
    try:
        keep_delivery(bearer, *told_delivery(said))
    except NotUnderstood as missing:
        return _refuse(400, str(missing))
    after_commit(ring_bell)
    return jsonify(taken=True)


@blueprint.post("/notify/text")
@csrf.exempt  # type: ignore[untyped-decorator]
@limiter.limit(WRONG, exempt_when=_is_right)
def notify_text() -> Response:
    """A text that somebody sent to the service's number; the schedule hears it within its next look."""
    bearer, said = _said()
    try:
        keep_text(bearer, told_text(said))
    except NotUnderstood as missing:
        return _refuse(400, str(missing))
    return jsonify(taken=True)


def _said() -> tuple[Bearer, dict[str, Any]]:
    """Who bears a token, and what they sent. Everybody else is shown no more than that there is a door."""
    bearer = _bearer()
    if bearer is None:
        abort(_refuse(401, "A bearer token of this service is needed."))
    body = request.stream.read(LONGEST + 1)
    if len(body) > LONGEST:
        abort(_refuse(413, f"At most {LONGEST} bytes."))
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        abort(_refuse(400, "The body must be a JSON object in UTF-8."))
    return bearer, said


def _refuse(status: int, words: str) -> Response:
    return make_response(jsonify(error=words), status)
