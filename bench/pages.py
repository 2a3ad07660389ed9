"""The cohort page: its queries with and without the guard, and the whole page over HTTP."""

from __future__ import annotations

import http.client
import os
import secrets
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

import psycopg
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from app.cohorts import queries as cohorts
from app.cohorts.members import list_member_ids
from app.identity.websession import hash_secret
from app.recruitment import queries as recruitment
from bench.data import Fleet
from demo.embedded import EmbeddedStack
from infra.clock import now
from infra.database import sqlalchemy_url
from infra.ids import new_id
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession

PAIRS, PER_BLOCK = 9, 60
READERS, SECONDS = 4, 8
_MARKS = text(
    "select session_id, parent_id, mark from attendance where school_id = :school_id and cohort_id = :cohort_id"
)


@dataclass(frozen=True)
class QueryResult:
    """Median milliseconds of one page's queries, and the ratio over interleaved pairs."""

    guarded_ms: float
    unguarded_ms: float
    ratio: float
    lowest: float
    highest: float


@dataclass(frozen=True)
class PageResult:
    """What readers of the page saw."""

    per_second: float
    p50_ms: float
    p95_ms: float


def measure_queries(fleet: Fleet) -> QueryResult:
    """The page's reads as the school, against the same reads by a login that no policy holds, without a scope."""
    _make_unguarded(fleet)
    guarded = create_engine(sqlalchemy_url(fleet.urls["wb_web"]))
    bare_url = sqlalchemy_url(fleet.superuser_url).set(username="bench_bare", password="bench-bare")
    unguarded = create_engine(bare_url)
    scope = Scope(Audience.SCHOOL, fleet.authority_id, fleet.school_id, fleet.staff_id)
    sides: tuple[Callable[[], float], ...] = (
        lambda: _time(guarded, lambda engine: ScopedSession(bind=engine, scope=scope), fleet),
        lambda: _time(unguarded, lambda engine: Session(bind=engine), fleet),
    )
    for warm in sides:
        warm()
    pairs = [(sides[0](), sides[1]()) for _ in range(PAIRS)]
    ratios = sorted(first / second for first, second in pairs)
    guarded.dispose()
    unguarded.dispose()
    return QueryResult(
        statistics.median(pair[0] for pair in pairs),
        statistics.median(pair[1] for pair in pairs),
        statistics.median(ratios),
        ratios[0],
        ratios[-1],
    )


def _time(engine: Engine, open_session: Callable[[Engine], Session], fleet: Fleet) -> float:
    """Milliseconds per page over one block."""
    started = time.perf_counter()
    for _ in range(PER_BLOCK):
        with open_session(engine) as session:
            _read_page(session, fleet)
            session.rollback()
    return (time.perf_counter() - started) / PER_BLOCK * 1000


def _read_page(session: Session, fleet: Fleet) -> None:
    cohorts.get_cohort(session, fleet.school_id, fleet.cohort_id)
    cohorts.list_sessions(session, fleet.school_id, fleet.cohort_id)
    cohorts.list_facilitator_ids(session, fleet.school_id, fleet.cohort_id)
    members = list_member_ids(session, fleet.school_id, fleet.cohort_id)
    recruitment.list_contacts(session, fleet.school_id, members)
    session.execute(_MARKS, {"school_id": fleet.school_id, "cohort_id": fleet.cohort_id}).all()


def _make_unguarded(fleet: Fleet) -> None:
    with psycopg.connect(fleet.superuser_url, autocommit=True) as connection:
        if not connection.execute("select 1 from pg_roles where rolname = 'bench_bare'").fetchone():
            connection.execute("create role bench_bare login bypassrls password 'bench-bare'")
        connection.execute("grant usage on schema public to bench_bare")
        connection.execute("grant select on all tables in schema public to bench_bare")


def measure_page(stack: EmbeddedStack, fleet: Fleet) -> PageResult:
    """The page as a signed-in member of staff reads it, for some seconds, by several readers at once."""
    port = _free_port()
    environment = dict(os.environ) | {
        "WEBELONG_MODE": "test",
        "SECRET_KEY": "bench-" + "x" * 40,
        "BASE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": fleet.urls["wb_web"],
        "DATABASE_SIGNIN_URL": fleet.urls["wb_signin"],
        "REDIS_URL": stack.redis.url,
        "S3_ENDPOINT": stack.s3.endpoint,
        "S3_ACCESS_KEY": stack.s3.access_key,
        "S3_SECRET_KEY": stack.s3.secret_key,
        "S3_BUCKET": stack.s3.bucket,
        "NOTIFY_API_KEY": "bench",
    }
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            "2",
            "--no-control-socket",
            "--log-level",
            "error",
            "wsgi:app",
        ],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_ready(port)
        secret = _session_secret(fleet)
        path = f"/school/groups/{fleet.cohort_id}"
        _read_for(port, path, secret, 2)
        return _read_for(port, path, secret, SECONDS)
    finally:
        server.terminate()
        server.wait(20)


def _read_for(port: int, path: str, secret: str, seconds: float) -> PageResult:
    times: list[float] = []
    lock = threading.Lock()
    until = time.monotonic() + seconds

    def read() -> None:
        own = []
        while time.monotonic() < until:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            with closing(connection):
                started = time.perf_counter()
                connection.request("GET", path, headers={"Cookie": f"webelong={secret}"})
                response = connection.getresponse()
                response.read()
                own.append(time.perf_counter() - started)
                if response.status != 200:
                    raise RuntimeError(f"the page answered {response.status}")
        with lock:
            times.extend(own)

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    times.sort()
    return PageResult(
        len(times) / seconds, times[len(times) // 2] * 1000, times[int(len(times) * 0.95)] * 1000
    )


def _session_secret(fleet: Fleet) -> str:
    secret = secrets.token_urlsafe(32)
    with psycopg.connect(fleet.superuser_url, autocommit=True) as connection:
        connection.execute(
            "select identity.start_session(%s, %s, %s, %s, '{}', %s, %s, 'bench')",
            (
                b"",
                hash_secret(secret),
                new_id(),
                fleet.membership_id,
                now() + timedelta(hours=1),
                timedelta(hours=1),
            ),
        )
    return secret


def _wait_until_ready(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the web server did not start")


def _free_port() -> int:
    import socket

    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
