"""`make security-report`: runs the tests that hold the promise, and says in figures what they did.

Routes crawled, requests sent, leaks, jobs, keys and exports looked at, walls taken away and missed, rows of OWASP ASVS
shown of all rows that this project set itself. A row is shown when docs/security.md names a test for it and that test
passed now. The exit status is 1 when anything leaked, survived, failed or is missing.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app.shell.access import access_table
from tests.isolation.figures import outcomes, read_properties

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security.md"
ROWS = Path(__file__).with_name("asvs_rows.toml")
CLAIM = re.compile(r"^\| (?P<rows>[^|]+) \| (?P<what>[^|]+) \| (?P<tests>[^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")

progress = Console(stderr=True)
result = Console(soft_wrap=True)


def read_rows() -> dict[str, str]:
    """Row -> what it asks, for all rows that the project set itself."""
    return dict(tomllib.loads(ROWS.read_text(encoding="utf-8"))["rows"])


def expand(written: str) -> list[str]:
    """`3.3.1-4` and `5.4.1/2` and `15.3.1, 15.3.3` as single rows; `6.2` as it stands."""
    rows: list[str] = []
    for part in re.split(r",\s*", written.strip()):
        head, dot, last = part.rpartition(".")
        if match := re.fullmatch(r"(\d+)[-–](\d+)", last):
            rows += [f"{head}.{number}" for number in range(int(match[1]), int(match[2]) + 1)]
        elif "/" in last:
            rows += [f"{head}.{number}" for number in last.split("/")]
        else:
            rows.append(head + dot + last)
    return rows


def read_claims(page: str) -> dict[str, list[tuple[str, str]]]:
    """Row -> tests that the page names for it, as (file, test or '')."""
    claims: dict[str, list[tuple[str, str]]] = {}
    for match in CLAIM.finditer(page):
        tests = TEST.findall(match["tests"])
        for row in expand(match["rows"]) if tests else []:
            claims.setdefault(row, []).extend(tests)
    return claims


def judge(
    rows: Iterable[str], claims: dict[str, list[tuple[str, str]]], ran: dict[tuple[str, str], bool]
) -> tuple[list[str], list[str], list[str]]:
    """Which rows are shown, which are claimed but not shown, and which nobody claims.

    A wider row, `6.2`, is shown by itself or by any claim inside it, `6.2.1`.
    """
    shown, broken, missing = [], [], []
    for row in rows:
        tests = [
            test
            for claim, found in claims.items()
            if claim == row or claim.startswith(f"{row}.")
            for test in found
        ]
        if not tests:
            missing.append(row)
        elif all(_passed(test, ran) for test in tests):
            shown.append(row)
        else:
            broken.append(row)
    return shown, broken, missing


def _passed(test: tuple[str, str], ran: dict[tuple[str, str], bool]) -> bool:
    file, name = test
    found = [passed for (where, what), passed in ran.items() if where == file and name in ("", what)]
    return bool(found) and all(found)


def run_tests(targets: Iterable[str], report: Path) -> int:
    """Run these with pytest beside this process; its exit status."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", str(min(2, os.cpu_count() or 1)),
               "--dist", "worksteal", f"--junitxml={report}", *targets]  # fmt: skip
    with progress.status("The crawl, the attacks and every test that the page names ..."):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        # The last lines name what failed; a crawl's faults are in words above them.
        progress.print(done.stdout[-6000:], markup=False, highlight=False)
    return done.returncode


def run_mutants(report: Path) -> tuple[int, int]:
    """Take every wall away once: how many there were, and how many were missed."""
    command = [sys.executable, "-m", "tests.isolation.mutate", "--without-crawl"]
    with progress.status("One wall at a time ..."):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    report.write_text(done.stdout, encoding="utf-8")
    if done.returncode:
        progress.print(done.stdout[-3000:] + done.stderr[-2000:], markup=False, highlight=False)
    match = re.search(r"^all\s+(\d+)\s+(\d+)$", done.stdout, re.MULTILINE)
    return (int(match[2]), int(match[1])) if match else (0, 0)


def main() -> int:
    started = time.monotonic()
    claims = read_claims(PAGE.read_text(encoding="utf-8"))
    named = {f"{file}::{name}" if name else file for tests in claims.values() for file, name in tests}
    whole = ("tests/isolation", "tests/architecture")
    targets = [*whole, *sorted(test for test in named if not test.startswith(whole))]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        status = run_tests(targets, report)
        figures, ran = read_properties(report), outcomes(report)
        mutants, killed = run_mutants(Path(folder) / "mutants.txt")
    mutants += figures["routes_opened"]
    killed += figures["routes_opened_killed"]
    rows = read_rows()
    shown, broken, missing = judge(rows, claims, ran)
    of = figures.__getitem__
    show(
        ("Routes crawled", len(access_table())),
        ("Requests sent", of("requests")),
        ("Leaks", of("leaks")),
        ("Statements of an attacker", of("statements")),
        ("Laws of the catalogue", of("laws")),
        ("Walls planted for them", of("planted")),
        ("Kinds of jobs run", of("jobs")),
        ("Documents read", of("documents")),
        ("Messages read", of("messages")),
        ("Object keys looked at", of("keys")),
        ("Keys of Redis looked at", of("redis_keys")),
        ("Files and prints opened", of("exports")),
        ("Microseconds for a foreign / an unknown id", f"{of('median_foreign')} / {of('median_unknown')}"),
        ("Walls taken away: missed / all", f"{killed:,} / {mutants:,}"),
        ("ASVS rows shown / all that we set ourselves", f"{len(shown)} / {len(rows)}"),
        ("Tests run", len(ran)),
        ("Seconds", round(time.monotonic() - started)),
    )
    for what, found in (
        ("Claimed, and its test failed or did not run", broken),
        ("Not shown by a test", missing),
    ):
        if found:
            result.print(f"{what}: {', '.join(found)}", highlight=False)
    is_right = (
        not (status or figures["leaks"] or broken) and killed == mutants > 0 and figures["requests"] > 0
    )
    result.print("All held." if is_right else "NOT ALL HELD.", highlight=False)
    return 0 if is_right else 1


def show(*lines: tuple[str, object]) -> None:
    """The table."""
    table = Table("What", "Figure", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    for what, figure in lines:
        table.add_row(what, f"{figure:,}" if isinstance(figure, int) else str(figure))
    result.print(table)


if __name__ == "__main__":
    sys.exit(main())
