"""The edge of a request: who it serves, one commit at the end, and nothing of it in the logs but ids."""

from __future__ import annotations

import secrets
import time
from io import BytesIO
from typing import IO

import structlog
from flask import Flask, Request, abort, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.utils import cached_property
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import session
from app.shell.validators import without_unfit_letters
from infra.logs import get_logger
from tenants.reading import begin_look

log = get_logger()


#: What programs send before they open a page, or in place of it: nobody sees the answer, so nothing was seen or done.
NOBODY_LOOKS = ("HEAD", "OPTIONS")
#: Our longest form, a register, has some sixty.
MOST_FIELDS = 1_000


class FewFields(FormDataParser):
    """Forms of so many fields at most: Werkzeug has that limit for forms with files alone."""

    def _parse_urlencoded(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        body = stream.read()
        if body.count(b"&") >= MOST_FIELDS:
            raise RequestEntityTooLarge
        return super()._parse_urlencoded(BytesIO(body), mimetype, content_length, options)


class PlainRequest(Request):
    """A request that is no larger than our pages make it, and whose query holds no letter that cannot be shown."""

    form_data_parser_class = FewFields

    @property
    def max_content_length(self) -> int | None:
        # Only files are large; Werkzeug has no limit of its own for other forms.
        name = "MAX_CONTENT_LENGTH" if self.mimetype == "multipart/form-data" else "MAX_FORM_MEMORY_SIZE"
        return int(current_app.config[name])

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        raise AttributeError("it follows from what is sent")

    @cached_property
    def args(self) -> ImmutableMultiDict[str, str]:
        pairs = super().args.items(multi=True)
        return ImmutableMultiDict((name, without_unfit_letters(value)) for name, value in pairs)


def install(app: Flask) -> None:
    """Open each request in its person's scope and close it with one commit, or with none."""
    app.request_class = PlainRequest

    @app.before_request
    def _begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.started = time.monotonic()
        if session.is_unreachable:
            # Who asks is not known: neither a page of theirs nor the sign-in page would be right.
            abort(503)
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
        if request.method in ("GET", "HEAD"):
            begin_look(db.session())

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

    # After the log's: those registered last run first, and the log tells what was answered in the end.
    @app.after_request
    def _finish(response: Response) -> Response:
        if response.status_code >= 400 or request.method in NOBODY_LOOKS:
            undo()
            return response
        try:
            db.session.commit()
        except SQLAlchemyError as error:
            # A constraint checked at commit, or a database that went away: a page, and nothing half saved.
            undo()
            session.pop("_flashes", None)
            return app.make_response(app.handle_user_exception(error))
        for ring in g.pop("after_commit", ()):
            try:
                ring()
            except Exception as error:  # the change is safe; an error page would say that it is not
                log.error("bell_failed", exc_info=error)
        return response

    @app.teardown_request
    def _discard(_error: BaseException | None) -> None:
        try:
            db.session.remove()
        except SQLAlchemyError:
            log.warning("database_lost")


def undo() -> None:
    """Take back what this request did, also when the database has gone and with it everything to take back."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        log.warning("database_lost")


def after_commit(ring: object) -> None:
    """Call `ring` once this request's change is safe. Called twice with the same function it rings once."""
    waiting = g.setdefault("after_commit", [])
    if ring not in waiting:
        waiting.append(ring)
