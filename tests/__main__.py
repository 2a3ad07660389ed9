"""`make test`: lint, contracts, types, then every suite that this machine can run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.moved import NOT_MOVABLE
from tests.moved import main as moved_main
from tests.support.browser import find_chromium

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

_HOW = "apt-get install chromium-headless-shell"
LEAP_DAY = "2028-02-29 12:00"
PRODUCT = ("app", "demo", "tenants", "workers", "infra", "migrations", "wsgi.py", "hatch_build.py")
CHECKS = (
    ("lint", [BIN / "ruff", "check", "."]),
    ("format", [BIN / "ruff", "format", "--check", "--quiet", "."]),
    ("import contracts", [BIN / "lint-imports"]),
    ("types", [BIN / "mypy"]),
    (
        "security lint",
        [BIN / "bandit", "-c", "pyproject.toml", "-q", "-ll", "-ii", "-r", *PRODUCT],
    ),
    ("secrets", [BIN / "python", "-m", "tests.supply.secrets"]),
)


def main(arguments: list[str]) -> int:
    """Exit code 0 when everything passed. Arguments go to pytest, after a run of the checks."""
    # Dozens of processes are started; each would compile all that it imports anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    broken = []
    for name, command in CHECKS:
        done = subprocess.run(
            [str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False
        )
        print(f"{name}: {'ok' if done.returncode == 0 else 'FAILED'}", flush=True)
        if done.returncode:
            broken.append(name)
            print(done.stdout[-6000:], done.stderr[-2000:], flush=True)
    chromium = find_chromium()
    # The order is ours (tests/conftest.py); what takes long is said.
    options = ["-q", "-n", str(min(2, os.cpu_count() or 1)), "--dist", "loadscope", "--no-loadscope-reorder"]
    options += ["--durations", "12", "--durations-min", "10"]
    environment = dict(os.environ)
    if chromium:
        environment["WEBELONG_CHROMIUM"] = chromium
    else:
        options += ["-m", "not e2e"]
        print(
            "Browser tests (tests/e2e) were skipped: no Chromium was found. Install one"
            f" ({_HOW if shutil.which('apt-get') else 'playwright install chromium'}),"
            " or name it in WEBELONG_CHROMIUM.",
            flush=True,
        )
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *arguments], cwd=ROOT, env=environment, check=False
    )
    # The day that most calendars get wrong; any other by `make test-at`.
    moved = 0 if arguments else moved_main([LEAP_DAY])
    if broken:
        print(f"Also failed: {', '.join(broken)}.", flush=True)
    return tests.returncode or (0 if moved == NOT_MOVABLE else moved) or bool(broken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
