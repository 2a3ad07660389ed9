"""`make dev`: the website on a running demo's data, with reload, a debugger, and what each request asked and drew.

For one person at their own machine: the debugger runs whatever is typed into it. It listens to this machine alone.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from flask import Flask, g, request, template_rendered
from sqlalchemy import event
from werkzeug.serving import run_simple
from werkzeug.wrappers import Request, Response

from app.extensions import db
from app.factory import create_app

ROOT = Path(__file__).resolve().parents[1]
PANEL = "/dev/requests"
MOST = 40


@dataclass(slots=True)
class Seen:
    """One request: its statements with their milliseconds, and the templates it drew."""

    line: str
    started: float = field(default_factory=time.perf_counter)
    took: float = 0.0
    status: int = 0
    statements: list[tuple[float, str]] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)


class Panel:
    """Notes what requests do, and shows it at `PANEL`, outside of the application and its policies."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.seen: deque[Seen] = deque(maxlen=MOST)
        app.before_request_funcs.setdefault(None, []).insert(0, self._begin)
        app.after_request(self._end)
        template_rendered.connect(self._drawn, app)
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", self._ask)
            event.listen(db.engine, "after_cursor_execute", self._asked)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if Request(environ).path == PANEL:
            return Response(self.page(), mimetype="text/html")(environ, start_response)
        return self.app.wsgi_app(environ, start_response)

    def page(self) -> str:
        """The newest request first; open one to read its statements."""
        rows = []
        for one in reversed(self.seen):
            asked = "".join(
                f"<li>{took:.1f} ms <code>{escape(' '.join(sql.split()))}</code>"
                for took, sql in one.statements
            )
            drawn = "".join(f"<li>{escape(name)}" for name in one.templates)
            spent = sum(took for took, _sql in one.statements)
            rows.append(
                f"<details><summary>{one.status} {escape(one.line)}: {one.took:.0f} ms,"
                f" {len(one.statements)} statements in {spent:.0f} ms, {len(one.templates)} templates</summary>"
                f"<ol>{asked}</ol><ul>{drawn}</ul></details>"
            )
        return f"<!doctype html><html lang=en><title>Requests</title><h1>Requests</h1>{''.join(rows) or 'None yet.'}"

    def _begin(self) -> None:
        g.seen = Seen(f"{request.method} {request.path}")

    def _end(self, response: Response) -> Response:
        seen: Seen | None = g.get("seen")
        if seen and not request.path.startswith("/static/"):
            seen.took, seen.status = (time.perf_counter() - seen.started) * 1000, response.status_code
            self.seen.append(seen)
        return response

    def _drawn(self, _app: Flask, template: Any, **_: Any) -> None:
        if seen := g.get("seen"):
            seen.templates.append(template.name or "")

    def _ask(
        self, _connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool
    ) -> None:
        context.began_at = time.perf_counter()

    def _asked(
        self, _connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool
    ) -> None:
        if seen := g.get("seen"):
            seen.statements.append(((time.perf_counter() - context.began_at) * 1000, statement))


def build_stale_assets() -> None:
    """Build styles and scripts where a source is newer than what was built."""
    built = [path.stat().st_mtime for path in (ROOT / "app/static/build").rglob("*") if path.is_file()]
    sources = [path.stat().st_mtime for path in list_assets()]
    if not built or max(sources) > max(built):
        # It brings its own tools, which are no part of this environment.
        uv = Path(sys.executable).parent / "uv"
        subprocess.run([str(uv), "run", "--quiet", "--script", str(ROOT / "assets/build.py")], check=True)


def list_assets() -> list[Path]:
    """What the styles, scripts and fonts are made of."""
    return [
        path for path in (ROOT / "assets").rglob("*") if path.is_file() and "node_modules" not in path.parts
    ]


def make_dev_app() -> tuple[Flask, Panel]:
    """The application as it runs here: defects go to the debugger, templates are read anew."""
    app = create_app()
    app.config.update(PROPAGATE_DEFECTS=True, PROPAGATE_EXCEPTIONS=True)
    app.jinja_env.auto_reload = True
    return app, Panel(app)


def serve(port: int) -> None:
    """Serve until Ctrl-C; a change of code or of an asset starts it again."""
    build_stale_assets()
    _app, panel = make_dev_app()
    run_simple(
        "127.0.0.1",
        port,
        panel,
        use_reloader=True,
        use_debugger=True,
        threaded=True,
        extra_files=[str(path) for path in list_assets()],
    )
