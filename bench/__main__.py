"""`make bench`: what the guard costs, whether size matters, how fast messages go, and how that is beside
what somebody would pick instead. All in one run, side by side.

Absolute figures are this machine's; only the ratios carry over. Nothing here passes or fails. The tables come last,
together: what the programs log on their way stands above them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.beside import MARKS, measure_beside
from bench.data import Fleet, load_fleet
from bench.doors import measure_doors
from bench.outbox import measure_outbox
from bench.pages import measure_page, measure_queries
from bench.scale import FULL, QUICK, Scale
from bench.web import PageResult
from demo.embedded import EmbeddedStack
from tenants.roles import LOGINS, ensure_login_roles

SMALL = 80


def main() -> None:
    """Load two fleets of schools, measure, print."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="England's 24,000 schools, and longer turns")
    parser.add_argument("--schools", type=int, help="schools in the large fleet")
    parser.add_argument("--messages", type=int, help="outbox rows to send")
    parser.add_argument("--pairs", type=int, help="turns of each page beside the peer's")
    options = parser.parse_args()
    said = {name: value for name, value in vars(options).items() if name != "full" and value is not None}
    scale = replace(FULL if options.full else QUICK, **said)
    console = Console(stderr=True)
    passwords = {role: f"bench-{role}" for role in LOGINS}
    with (
        tempfile.TemporaryDirectory(prefix="webelong-bench-") as folder,
        EmbeddedStack(Path(folder) / "stack", durable=False, shared_buffers="2GB") as stack,
    ):
        ensure_login_roles(stack.postgres.superuser_url, passwords)
        fleets = [
            load_fleet(stack, passwords, name, schools, console)
            for name, schools in (("bench_small", SMALL), ("bench_large", scale.schools))
        ]
        steps: tuple[tuple[str, Callable[[], Table]], ...] = (
            ("data", lambda: _fleets(fleets)),
            ("queries", lambda: _queries(fleets, scale)),
            ("the page at two sizes", lambda: _pages(stack, fleets, scale)),
            ("beside the peer", lambda: _beside(stack, fleets[0], Path(folder) / "peer", scale)),
            ("outbox", lambda: _outbox(stack, fleets[-1], scale)),
            ("doors", lambda: _doors(stack, fleets[0], scale)),
        )
        tables: list[Table] = []
        try:
            for what, measure in steps:
                started = time.monotonic()
                tables.append(measure())
                console.print(f"{what}: {time.monotonic() - started:.0f} s")
        finally:
            # What was measured is said, also where a later step failed.
            out = Console(width=None if sys.stdout.isatty() else 160)
            for table in tables:
                out.print(table)


def _fleets(fleets: list[Fleet]) -> Table:
    table = Table("schools", "cohorts", "parents", "sessions", "marks", "loaded in, s", title="Data")
    for fleet in fleets:
        counts = (fleet.schools, fleet.cohorts, fleet.parents, fleet.sessions, fleet.marks)
        table.add_row(*(f"{count:,}" for count in counts), f"{fleet.seconds:.1f}")
    return table


def _queries(fleets: list[Fleet], scale: Scale) -> Table:
    table = Table(
        "schools",
        "guarded, ms",
        "unguarded, ms",
        "guarded / unguarded",
        "range of the ratio",
        title="The cohort page's queries (median of pairs, one process)",
    )
    for fleet in fleets:
        result = measure_queries(fleet, scale)
        table.add_row(
            f"{fleet.schools:,}",
            f"{result.guarded_ms:.2f}",
            f"{result.unguarded_ms:.2f}",
            f"{result.ratio:.2f}x",
            f"{result.lowest:.2f} to {result.highest:.2f}",
        )
    return table


def _pages(stack: EmbeddedStack, fleets: list[Fleet], scale: Scale) -> Table:
    table = Table(
        "schools",
        "requests/s",
        "p50, ms",
        "p95, ms",
        "CPU, ms (web + pg)",
        "against the small fleet",
        title="The whole cohort page, signed in (gunicorn, 2 workers, 4 readers)",
    )
    first = None
    for fleet in fleets:
        result = measure_page(stack, fleet, scale)
        first = first or result
        table.add_row(
            f"{fleet.schools:,}",
            f"{result.per_second:.0f}",
            f"{result.p50_ms:.1f}",
            f"{result.p95_ms:.1f}",
            _cpu(result),
            f"{result.per_second / first.per_second:.2f}x",
        )
    return table


def _beside(stack: EmbeddedStack, fleet: Fleet, folder: Path, scale: Scale) -> Table:
    table = Table(
        "page",
        "requests/s",
        "p50, ms",
        "p95, ms",
        "CPU, ms (web + pg)",
        "kB",
        "CPU, peer / ours",
        "p95, ours / peer",
        title=f"Hot pages in turn with the peer's page of a group, both with {MARKS} marks of a register"
        f" (django-tenants, {scale.tenants} schools; {scale.pairs} pairs)",
    )
    for found in measure_beside(stack, fleet, folder, scale):
        middle = found.cpu_ratios[len(found.cpu_ratios) // 2]
        ratio = f"{middle:.2f}x ({found.cpu_ratios[0]:.2f} to {found.cpu_ratios[-1]:.2f})"
        for what, result, size, ratios in (
            (found.page, found.ours, found.sizes[0], (ratio, f"{found.p95_ratio:.2f}x")),
            ("  the peer meanwhile", found.theirs, found.sizes[1], ("", "")),
        ):
            table.add_row(
                what,
                f"{result.per_second:.0f}",
                f"{result.p50_ms:.1f}",
                f"{result.p95_ms:.1f}",
                _cpu(result),
                f"{size / 1000:.1f}",
                *ratios,
            )
    return table


def _cpu(result: PageResult) -> str:
    return f"{result.cpu_ms:.1f} ({result.web_cpu_ms:.1f} + {result.database_cpu_ms:.1f})"


def _outbox(stack: EmbeddedStack, fleet: Fleet, scale: Scale) -> Table:
    result = measure_outbox(stack, fleet, scale)
    table = Table(
        "what",
        "per second",
        "outbox rows to one",
        title=f"Outbox ({scale.messages:,} rows) beside bare RQ jobs",
    )
    for what, per_second in (
        ("outbox rows in a forking worker: claimed, judged, worded, recorded", result.rows_per_second),
        ("RQ jobs that do nothing, the same worker", result.forked_per_second),
        ("RQ jobs that do nothing, SimpleWorker", result.simple_per_second),
    ):
        table.add_row(what, f"{per_second:.0f}", f"{result.rows_per_second / per_second:.1f}x")
    return table


def _doors(stack: EmbeddedStack, fleet: Fleet, scale: Scale) -> Table:
    table = Table(
        "door",
        "known address, ms",
        "unknown address, ms",
        "apart, ms",
        title="What a stopwatch at the doors can tell (medians, in turn)",
    )
    for result in measure_doors(stack, fleet, presses=scale.presses):
        table.add_row(
            result.door, f"{result.known_ms:.2f}", f"{result.unknown_ms:.2f}", f"{result.apart_ms:.2f}"
        )
    return table


if __name__ == "__main__":
    main()
