"""What a person sees when something cannot be done: a plain page that says what to do next."""

from __future__ import annotations

from typing import Protocol

from flask import Flask, g, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.shell.edge import undo
from app.shell.handed_in import HandedIn
from app.shell.refusals import Refused
from infra.logs import get_logger
from infra.storage import StorageUnavailable

log = get_logger()

#: Statuses with a page of their own; the others share the nearest.
PAGES = {400, 401, 403, 404, 405, 413, 429, 500, 503}


#: Two changes that waited for each other, or of which one must be made anew (PostgreSQL, appendix A): whoever presses
#: once more comes through.
CAME_BETWEEN = frozenset({"40P01", "40001"})
#: Bytes of a refused body that are read so that the page arrives.
MOST_READ = 64 * 1024 * 1024


class Instead(Protocol):
    """Answered by `app/merging/instead.py`."""

    def instead_of_missing(self) -> Response | None:
        """Where to go on from a page whose subject is another's now; None for the page that says it is not there."""


#: Asked where nothing was found, before the page says so.
instead: HandedIn[Instead] = HandedIn("what stands in the place of what is gone")


class NotFound(Exception):
    """What was asked for is not there, or not theirs: the same answer to both."""


def page(status: int) -> tuple[str, int]:
    """The error page for `status`."""
    shown = status if status in PAGES else (500 if status >= 500 else 400)
    return render_template(f"shell/errors/{shown}.html", status=status), status


def install(app: Flask) -> None:
    """Answer every error with a page; log its kind and place, never its text."""

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> tuple[str, int] | HTTPException:
        if error.code is not None and 300 <= error.code < 400:
            return error
        if error.code == 413:
            _read_the_rest()
        return page(error.code or 500)

    @app.errorhandler(NotFound)
    def _not_found(_error: NotFound) -> tuple[str, int] | Response:
        return instead().instead_of_missing() or page(404)

    @app.errorhandler(Refused)
    def _refused(refused: Refused) -> tuple[str, int]:
        """A wish that no page had a place for: what is true now, and nothing of it is kept."""
        undo()
        return render_template(
            "shell/errors/409.html", words=refused.words, status=refused.status
        ), refused.status

    @app.errorhandler(OperationalError)
    @app.errorhandler(InterfaceError)
    @app.errorhandler(PoolTimeout)
    @app.errorhandler(StorageUnavailable)
    def _unavailable(error: Exception) -> tuple[str, int]:
        if came_between(error):
            log.warning("came_between", exc_info=error)
            undo()
            return render_template(
                "shell/errors/409.html", words=_("Somebody changed this at the same moment as you.")
            ), 409
        log.error("dependency_unavailable", exc_info=error)
        undo()
        # The page must not ask the database again.
        g.setdefault("support", {"lines": [], "contact": None})
        g.setdefault("menu", [])
        return page(503)

    @app.errorhandler(Exception)
    def _defect(error: Exception) -> tuple[str, int]:
        if app.config.get("PROPAGATE_DEFECTS"):
            raise error
        log.error("defect", exc_info=error, path=request.endpoint or "none")
        undo()
        return page(500)

    # Flask's own would print the error's text, and a database's errors quote the row.
    app.log_exception = lambda exc_info: log.error("defect", exc_info=exc_info)  # type: ignore[method-assign]


def came_between(error: Exception) -> bool:
    """Whether the database gave this change up for another at the same moment, and is there all the same."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) in CAME_BETWEEN


def _read_the_rest() -> None:
    """Read a body that is too large to its end, within limits.

    A browser that still sends when the connection is closed shows its own error and never our page.
    """
    source, left = request.environ["wsgi.input"], min(request.content_length or 0, MOST_READ)
    while left > 0 and (piece := source.read(min(left, 65_536))):
        left -= len(piece)
