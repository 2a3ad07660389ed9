"""How gunicorn runs the service: `gunicorn --config python:infra.webserver wsgi:app`.

Some requests never reach the application, because no request can be read out of them. Gunicorn would answer with its
own page, which repeats what was sent and has no security headers, and would log the sender's address. And its ordinary
worker reads from one browser at a time, so that three that send half a request stop a service of two workers.
"""

from __future__ import annotations

import os
import time
from typing import Any

from gunicorn import util
from gunicorn.http import errors, wsgi
from gunicorn.workers.sync import SyncWorker

from infra.gathering import Gatherer
from infra.headers import headers

worker_class = "infra.webserver.PlainWorker"
#: Answers go through our own hands, to browsers that read slowly.
sendfile = False
control_socket_disable = True

#: What cannot be read, and the status that says why; anything else that gunicorn's parser refuses is a 400.
_STATUS: tuple[tuple[type[Exception], int, str], ...] = (
    (errors.InvalidResponseHeader, 500, "Internal Server Error"),
    (errors.InvalidResponseHeaderName, 500, "Internal Server Error"),
    (errors.LimitRequestLine, 414, "URI Too Long"),
    (errors.LimitRequestHeaders, 431, "Request Header Fields Too Large"),
    (errors.ExpectationFailed, 417, "Expectation Failed"),
    (errors.UnsupportedTransferCoding, 501, "Not Implemented"),
    (errors.ParseException, 400, "Bad Request"),
)
#: Seconds for those who are in the middle of something when the server is told to stop.
STOPPING = 5
_PAGE = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
    "<body><h1>{title}</h1><p>{words}</p></body></html>\n"
)
_UNREAD = "We could not read what your browser sent. Go back, open the page again, and try once more."
#: Where it is our own fault, and nobody knows what was kept of it.
_BROKE = "This went wrong on our side. Wait a minute, then open the page again and see how things stand."


class NamelessResponse(wsgi.Response):
    """A response that does not say what program wrote it."""

    def default_headers(self) -> list[str]:
        return [line for line in super().default_headers() if not line.startswith("Server:")]


# `wsgi.create` makes the response of every request from this name.
wsgi.Response = NamelessResponse


class PlainWorker(SyncWorker):
    """Gunicorn's ordinary worker, which meets whole requests only, and whose own errors are plain pages."""

    def run(self) -> None:
        gatherer = Gatherer(self.sockets, error_answer)
        gatherer.start()
        while self.alive and gatherer.is_alive and self.is_parent_alive():
            self._work(gatherer, 1.0)
        gatherer.stop()
        until = time.monotonic() + min(self.cfg.graceful_timeout, STOPPING)
        while gatherer.is_busy and time.monotonic() < until:
            self._work(gatherer, 0.1)

    def _work(self, gatherer: Gatherer, seconds: float) -> None:
        self.notify()
        if (request := gatherer.get(seconds)) is not None:
            self.handle(*request)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        found = next(((code, words) for kind, code, words in _STATUS if isinstance(exc, kind)), None)
        code, title = found or (500, "Internal Server Error")
        if found:
            self.log.warning("Unreadable request: %s", type(exc).__name__)
        else:
            self.log.error("A request ended with %s", type(exc).__name__)
        try:
            util.write_nonblock(client, error_answer(code, title))
        except Exception:
            self.log.debug("The error page could not be sent")


def error_answer(code: int, title: str) -> bytes:
    """A whole HTTP answer for a request that the application never saw."""
    body = _PAGE.format(title=title, words=_BROKE if code == 500 else _UNREAD).encode()
    https = os.environ.get("BASE_URL", "").startswith("https://")
    lines = {
        **headers(https=https),
        "Cache-Control": "no-store",
        "Connection": "close",
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(body)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {code} {title}\r\n{head}\r\n".encode("latin-1") + body
