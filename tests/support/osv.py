"""A small database of weaknesses on loopback that speaks OSV, for the real pip-audit to ask."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FakeOsv:
    """What it knows is `known`: package -> versions. `mode`: well, empty, page (HTML), error, slow."""

    def __init__(self) -> None:
        self.known = {"jinja2": {"2.4.1"}}
        self.mode = "well"
        self.asked: list[tuple[str, str]] = []
        self.url = ""

    def answer(self, package: str, version: str) -> dict[str, Any]:
        self.asked.append((package, version))
        if self.mode == "empty" or version not in self.known.get(package, ()):
            return {}
        ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}]
        affected = [{"package": {"name": package, "ecosystem": "PyPI"}, "ranges": ranges}]
        return {"vulns": [{"id": f"TEST-{package}", "summary": "A weakness", "affected": affected}]}


@contextmanager
def running_osv() -> Iterator[FakeOsv]:
    """The database on a free port."""
    database = FakeOsv()
    released = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if database.mode == "slow":
                released.wait(20)
            body = json.dumps(database.answer(query["package"]["name"], query["version"])).encode()
            if database.mode == "page":
                body = b"<html>Please sign in to this network</html>"
            self.send_response(503 if database.mode == "error" else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    database.url = f"http://127.0.0.1:{server.server_address[1]}/v1/query"
    try:
        yield database
    finally:
        released.set()
        server.shutdown()
        thread.join()
        server.server_close()
