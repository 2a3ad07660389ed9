"""`make test-at AT="2028-02-29 12:00"`: the suite as if the whole machine stood at that moment.

Debian's libfaketime moves every process of ours and PostgreSQL; what measures durations and the file store keep the
real time. Arguments go to pytest; without any, the tests marked `dated` run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.support.browser import find_chromium

ROOT = Path(__file__).resolve().parents[1]
#: The exit code where the machine has no libfaketime.
NOT_MOVABLE = 3
LONDON = ZoneInfo("Europe/London")


def find_library() -> Path | None:
    """Debian's libfaketime (package `libfaketime`), for programs with threads; None where it is not installed."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return found[0] if found else None


def environment(library: Path, moment: datetime) -> dict[str, str]:
    """The variables that move a process, and everything that it starts, to `moment`."""
    ahead = round((moment - datetime.now(LONDON)).total_seconds())
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME": f"{ahead:+d}",
        "DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "WEBELONG_TEST_SHIFT": str(ahead),
        "PYTHONPATH": str(ROOT / "tests" / "support" / "moved"),
    }


def main(arguments: list[str]) -> int:
    """The exit code of pytest; 2 where the moment cannot be read, NOT_MOVABLE where the clock cannot be moved."""
    try:
        moment = datetime.fromisoformat(arguments[0]).replace(tzinfo=LONDON)
    except (IndexError, ValueError):
        print('Say when, in London: make test-at AT="2028-02-29 12:00"')
        return 2
    library = find_library()
    if library is None:
        print(
            "Dated tests under a moved clock were not run: no libfaketime. Install it (apt-get install libfaketime)."
        )
        return NOT_MOVABLE
    print(f"As if it were {moment:%A %d %B %Y, %H:%M} in London.", flush=True)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "--dist",
        "loadscope",
        *(arguments[1:] or ["-m", "dated"]),
    ]
    moved = dict(os.environ) | environment(library, moment)
    if chromium := find_chromium():
        moved["WEBELONG_CHROMIUM"] = chromium
    return subprocess.run(command, cwd=ROOT, env=moved, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
