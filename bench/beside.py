"""The page of a group beside the peer's, in interleaved pairs; and our other hot pages."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from bench.data import Fleet
from bench.hot import hot_pages
from bench.scale import Scale
from bench.web import PageResult, Server, ours, served
from demo.embedded import EmbeddedStack

#: Of a register that nobody is away from: ten people at seven sessions.
MARKS, MARK = 70, ">Here<"


@dataclass(frozen=True)
class Beside:
    """One page in pairs of turns, ours and the peer's: medians, and the ratios pair by pair."""

    page: str
    ours: PageResult
    theirs: PageResult
    cpu_ratios: tuple[float, ...]
    p95_ratio: float
    sizes: tuple[int, int]


def measure_beside(stack: EmbeddedStack, fleet: Fleet, folder: Path, scale: Scale) -> Iterator[Beside]:
    """Each hot page of ours in turn with the peer's page of a group."""
    with _peer(stack, folder, scale.tenants) as (peer, cookie, path), ours(stack, fleet) as we:
        pages = hot_pages(fleet)
        for server, own_path, own_cookie in ((we, *pages[0][1:]), (peer, path, cookie)):
            if (shown := server.get(own_path, own_cookie).count(MARK)) != MARKS:
                raise RuntimeError(
                    f"{own_path} shows {shown} marks, not {MARKS}: the two do not show the same"
                )
        for name, own_path, own_cookie in pages:
            yield _compare(name, (we, own_path, own_cookie), (peer, path, cookie), scale)


def _compare(name: str, own: tuple[Server, str, str], other: tuple[Server, str, str], scale: Scale) -> Beside:
    sizes = []
    for server, path, cookie in (own, other):
        sizes.append(len(server.get(path, cookie).encode()))
        server.read(path, cookie, 1)
    turns: list[tuple[PageResult, PageResult]] = []
    for turn in range(scale.pairs):
        read = {
            side: (own, other)[side][0].read(*(own, other)[side][1:], scale.seconds)
            for side in ((0, 1) if turn % 2 else (1, 0))
        }
        turns.append((read[0], read[1]))
    return Beside(
        name,
        _median([pair[0] for pair in turns]),
        _median([pair[1] for pair in turns]),
        tuple(sorted(theirs.cpu_ms / own.cpu_ms for own, theirs in turns)),
        statistics.median(own.p95_ms / theirs.p95_ms for own, theirs in turns),
        (sizes[0], sizes[1]),
    )


def _median(results: list[PageResult]) -> PageResult:
    fields = ("per_second", "p50_ms", "p95_ms", "web_cpu_ms", "database_cpu_ms")
    return PageResult(*(statistics.median(getattr(one, field) for one in results) for field in fields))


@contextmanager
def _peer(stack: EmbeddedStack, folder: Path, tenants: int) -> Iterator[tuple[Server, str, str]]:
    """The peer with its schools, somebody signed in at the last, and the page of a group there."""
    base = stack.postgres.superuser_url.rsplit("/", 1)[0]
    with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier("bench_peer")))
    # Python remembers of a folder on its path that it was not there.
    folder.mkdir()
    environment = {
        "PEER_DATABASE_URL": f"{base}/bench_peer",
        "DJANGO_SETTINGS_MODULE": "bench.peer.settings",
        "PYTHONPATH": f"{folder}:{Path.cwd()}",
    }
    loaded = subprocess.run(
        [sys.executable, "-m", "bench.peer.load", str(folder), str(tenants)],
        env=dict(os.environ) | environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    host, key, path = loaded.stdout.strip().splitlines()[-1].split()
    with served(
        "bench.peer.wsgi:application", environment, f"{base}/bench_peer", ready="/help", host=host
    ) as server:
        yield server, f"sessionid={key}", path
