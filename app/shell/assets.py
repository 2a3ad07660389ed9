"""Addresses of the built stylesheet, script, fonts and images, which change with their content."""

import json
from pathlib import Path

from flask import Flask, url_for

from app.shell import components

#: Content coding -> what the build adds to a file's name (`assets/build.py`).
COMPRESSED = {"br": ".br", "gzip": ".gz"}
BUILD_FOLDER = Path(__file__).resolve().parents[1] / "static" / "build"


class AssetsMissing(RuntimeError):
    """The assets were not built, or lack the file asked for."""


class Assets:
    """Knows the published name of every built file.

    In debug mode the manifest is read again whenever a new build replaces it.
    """

    def __init__(self, folder: Path = BUILD_FOLDER, *, reload: bool = False):
        self.manifest = folder / "manifest.json"
        self.reload = reload
        self._read_at = 0.0
        self._names: dict[str, str] = {}

    @property
    def names(self) -> dict[str, str]:
        """Plain name -> published name. Raises AssetsMissing where nothing was built."""
        if self._names and not self.reload:
            return self._names
        try:
            changed_at = self.manifest.stat().st_mtime
            if changed_at != self._read_at:
                self._names = json.loads(self.manifest.read_text(encoding="utf-8"))
                self._read_at = changed_at
        except FileNotFoundError as error:
            raise AssetsMissing(
                f"The stylesheet and script are not built ({self.manifest} is missing). "
                "Run `make .venv`, or `.venv/bin/uv run --script assets/build.py`."
            ) from error
        return self._names

    def url(self, name: str) -> str:
        """Address of a built file by its plain name: `app.css`, `app.js`, `images/mark.svg`."""
        try:
            published = self.names[name]
        except KeyError:
            raise AssetsMissing(
                f"No built file is called {name}. There are: {', '.join(self.names)}."
            ) from None
        return url_for("static", filename=f"build/{published}")

    def path(self, name: str) -> Path:
        """Where that file lies, for one that is served under an address of its own. Raises KeyError."""
        return self.manifest.parent / self.names[name]


def init_app(app: Flask) -> Assets:
    """Give templates `asset(name)`, and what the design system needs besides.

    Raises AssetsMissing at start rather than serving pages without a stylesheet.
    """
    assets = Assets(reload=app.debug)
    if not assets.names:
        raise AssetsMissing(f"{assets.manifest} names no files. Build the assets again.")
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset"] = assets.url
    components.init_app(app)
    return assets
