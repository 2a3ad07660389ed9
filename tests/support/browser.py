"""Which Chromium the browser tests drive."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

#: How Chromium starts where it may be root and has no network.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: Names under which systems install it.
INSTALLED = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
#: Milliseconds that any press or page may take. A test says what happens, not how fast: on two cores that start a
#: demo and run a second suite, a browser's first page alone has taken 15 seconds.
PATIENCE = 60_000


def unmoved(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a browser: under a moved clock it keeps the real time, since libfaketime stops its processes.

    Its pages go by how long something takes, and by what the server says.
    """
    return {
        name: value
        for name, value in environment.items()
        if name != "LD_PRELOAD" and not name.startswith("FAKETIME")
    }


def find_chromium() -> str | None:
    """The path of a Chromium: named, installed, or Playwright's own when it can be had; else None.

    One without a window first: it is the same browser at a third of the CPU for each page.
    """
    for name in (os.environ.get("WEBELONG_CHROMIUM"), *INSTALLED):
        if name and (found := shutil.which(name)):
            return found
    try:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"],
            capture_output=True,
            timeout=120,
            check=True,
        )
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    except (subprocess.SubprocessError, OSError):
        return None
    return path if os.path.exists(path) else None
