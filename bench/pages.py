"""The cohort page: its queries with and without the guard, and the whole page over HTTP."""

from __future__ import annotations

import secrets
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import psycopg
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from app.cohorts import queries as cohorts
from app.cohorts.members import list_member_ids
from app.identity.websession import hash_secret
from app.recruitment import queries as recruitment
from bench.data import Fleet
from bench.scale import Scale
from bench.web import PageResult, ours
from demo.embedded import EmbeddedStack
from infra.clock import now
from infra.database import sqlalchemy_url
from infra.ids import new_id
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession

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


def measure_queries(fleet: Fleet, scale: Scale) -> QueryResult:
    """The page's reads as the school, against the same reads by a login that no policy holds, without a scope."""
    _make_unguarded(fleet)
    guarded = create_engine(sqlalchemy_url(fleet.urls["wb_web"]))
    bare_url = sqlalchemy_url(fleet.superuser_url).set(username="bench_bare", password="bench-bare")
    unguarded = create_engine(bare_url)
    scope = Scope(Audience.SCHOOL, fleet.authority_id, fleet.school_id, fleet.staff_id)
    sides: tuple[Callable[[], float], ...] = (
        lambda: _time(guarded, lambda engine: ScopedSession(bind=engine, scope=scope), fleet, scale.reads),
        lambda: _time(unguarded, lambda engine: Session(bind=engine), fleet, scale.reads),
    )
    for warm in sides:
        warm()
    pairs = [(sides[0](), sides[1]()) for _ in range(scale.blocks)]
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


def _time(engine: Engine, open_session: Callable[[Engine], Session], fleet: Fleet, reads: int) -> float:
    """Milliseconds per page over one block."""
    started = time.perf_counter()
    for _ in range(reads):
        with open_session(engine) as session:
            _read_page(session, fleet)
            session.rollback()
    return (time.perf_counter() - started) / reads * 1000


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


def measure_page(stack: EmbeddedStack, fleet: Fleet, scale: Scale) -> PageResult:
    """The page as a signed-in member of staff reads it, for some seconds, by several readers at once."""
    path, cookie = f"/school/groups/{fleet.cohort_id}", sign_in(fleet, fleet.membership_id)
    with ours(stack, fleet) as server:
        server.read(path, cookie, scale.seconds)
        return server.read(path, cookie, scale.seconds * 2)


def sign_in(fleet: Fleet, membership_id: UUID) -> str:
    """The cookie of a browser that acts by this membership."""
    secret = secrets.token_urlsafe(32)
    with psycopg.connect(fleet.superuser_url, autocommit=True) as connection:
        connection.execute(
            "select identity.start_session(%s, %s, %s, %s, '{}', %s, %s, 'bench')",
            (
                b"",
                hash_secret(secret),
                new_id(),
                membership_id,
                now() + timedelta(hours=1),
                timedelta(hours=1),
            ),
        )
    return f"webelong={secret}"
