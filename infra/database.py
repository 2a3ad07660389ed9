"""Engines for PostgreSQL, and the check that a process logged in as someone who may do little."""

from __future__ import annotations

import select
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import DateTime, Engine, Function, create_engine, event, func, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import IntegrityError, InvalidatePoolError

#: First minor releases with the fixes for row security (CVE-2025-8713 and relatives).
OLDEST = {16: 160010, 17: 170006}


class UnsafeDatabase(RuntimeError):
    """The database or the login would let a process see too much; the message says what to change."""


def sqlalchemy_url(url: str) -> URL:
    """`url` for SQLAlchemy's psycopg driver, whatever spelling it came in."""
    return make_url(url).set(drivername="postgresql+psycopg")


def server_now() -> Function[datetime]:
    """The database's clock, for statements made of expressions. Never `func.now()`: there is one clock."""
    return func.app.now(type_=DateTime(timezone=True))


def broken_constraint(error: IntegrityError) -> str:
    """The name of the constraint that the database kept, or nothing where it names none."""
    return getattr(getattr(error.orig, "diag", None), "constraint_name", None) or ""


def engine_options() -> dict[str, object]:
    """Pool options of engines: small, checked before use, never waiting for ever."""
    return {
        "pool_size": 5,
        "max_overflow": 5,
        "pool_timeout": 5,
        "pool_pre_ping": True,
        "connect_args": {"connect_timeout": 5, "application_name": "webelong"},
    }


def options_of_pages() -> dict[str, object]:
    """The same for pages, whose connections serve one person after another.

    Nothing is prepared under a name there: a statement of somebody's own could put another in its place, which would
    then run as whoever comes next. And whether a connection lives is looked at, where pre-ping makes a trip.
    """
    connecting = {"connect_timeout": 5, "application_name": "webelong", "prepare_threshold": None}
    return engine_options() | {"pool_pre_ping": False, "connect_args": connecting}


def look_before_use(engine: Engine) -> None:
    """Give no connection out that the server has closed: seen at the socket, where pre-ping makes a trip.

    What only the network has lost is not seen; the first statement says so.
    """

    @event.listens_for(engine, "checkout")
    def _look(connection: Any, _record: object, _proxy: object) -> None:
        if _is_closed(connection):
            raise InvalidatePoolError


def _is_closed(connection: psycopg.Connection) -> bool:
    """Nobody has asked anything: what there is to read is a notice, or a last word."""
    socket = select.poll()
    try:
        socket.register(connection.pgconn.socket, select.POLLIN)
        for _ in range(3):
            if not socket.poll(0):
                return False
            connection.pgconn.consume_input()
    except psycopg.OperationalError:
        return True
    return bool(socket.poll(0))


def make_engine(url: str) -> Engine:
    """An engine for one login role."""
    return create_engine(sqlalchemy_url(url), **engine_options())


def refuse_unsafe(engine: Engine) -> None:
    """Raise UnsafeDatabase when this login is too strong, the server too old, or a tenant table unprotected."""
    with engine.connect() as connection:
        version = connection.execute(text("select current_setting('server_version_num')::int")).scalar_one()
        major = version // 10000
        if major < 16 or version < OLDEST.get(major, 0):
            raise UnsafeDatabase("PostgreSQL is too old: use 16.10, 17.6, 18 or newer.")
        role = connection.execute(
            text(
                "select rolname, rolsuper, rolbypassrls, rolinherit from pg_roles where rolname = session_user"
            )
        ).one()
        if role.rolsuper or role.rolbypassrls:
            raise UnsafeDatabase(f"{role.rolname} can see every school. Log in as a role that cannot.")
        if role.rolinherit:
            raise UnsafeDatabase(f"{role.rolname} inherits its audiences' rights. Make it NOINHERIT.")
        owned = connection.execute(
            text(
                "select count(*) from pg_class where relowner = session_user::regrole and relkind in ('r', 'p')"
            )
        ).scalar_one()
        if owned:
            raise UnsafeDatabase(f"{role.rolname} owns tables. Only wb_owner may.")
        bare = connection.execute(
            text(
                "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid"
                " join pg_namespace n on n.oid = c.relnamespace"
                " where c.relkind in ('r', 'p') and a.attname in ('school_id', 'authority_id')"
                " and not a.attisdropped and n.nspname in ('public', 'published')"
                " and not (c.relrowsecurity and c.relforcerowsecurity) order by 1"
            )
        ).scalars()
        if names := ", ".join(bare):
            raise UnsafeDatabase(f"These tables are not protected: {names}. Run `webelong migrate`.")
