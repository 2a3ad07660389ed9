"""The edge of a request: who it serves, one commit at the end, and nothing of it in the logs but ids."""

from __future__ import annotations

import secrets
import time

import structlog
from flask import Flask, g, request, session
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from app.extensions import db
from infra.logs import get_logger

log = get_logger()


def install(app: Flask) -> None:
    """Open each request in its person's scope and close it with one commit, or with none."""

    @app.before_request
    def _begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.started = time.monotonic()
        identity = session.identity
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id, endpoint=request.endpoint or "none")
        if identity:
            structlog.contextvars.bind_contextvars(
                authority_id=str(identity.authority_id),
                school_id=str(identity.school_id or ""),
                audience=identity.audience,
            )
            db.session().enter(identity.scope)

    @app.after_request
    def _finish(response: Response) -> Response:
        if response.status_code >= 400:
            db.session.rollback()
        else:
            # Services have flushed; a constraint checked at commit still ends as an error page, not half a change.
            db.session.commit()
            for ring in g.pop("after_commit", ()):
                ring()
        return response

    @app.after_request
    def _log(response: Response) -> Response:
        if request.endpoint not in ("static", "shell.healthz", "shell.readyz"):
            log.info(
                "request",
                method=request.method,
                status=response.status_code,
                duration_ms=round((time.monotonic() - g.get("started", time.monotonic())) * 1000),
            )
        return response

    @app.teardown_request
    def _discard(_error: BaseException | None) -> None:
        try:
            db.session.remove()
        except OperationalError:
            log.warning("database_lost")


def after_commit(ring: object) -> None:
    """Call `ring` once this request's change is safe. Called twice with the same function it rings once."""
    waiting = g.setdefault("after_commit", [])
    if ring not in waiting:
        waiting.append(ring)
