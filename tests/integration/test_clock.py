"""One clock: the database's functions and defaults, the application and the tests read the same moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import text

from infra.clock import now, today
from tenants.roles import LOGINS
from tests.support.reading import value_of

LEAP_DAY = datetime(2028, 2, 29, 23, 59, 58, tzinfo=UTC)


def test_database_and_application_are_moved_together(connection, clock):
    clock.set(LEAP_DAY)
    assert now() == connection.execute(text("select app.now()")).scalar_one() == LEAP_DAY

    clock.move(timedelta(days=1))
    assert today().isoformat() == "2028-03-01"
    assert connection.execute(text("select app.now()")).scalar_one() == now()


def test_a_ticking_clock_ticks_in_both(connection, clock):
    clock.set(LEAP_DAY, ticking=True)
    apart = connection.execute(text("select app.now()")).scalar_one() - now()
    assert abs(apart) < timedelta(seconds=5)


def test_the_clock_is_put_right_after_a_test(connection):
    assert abs(connection.execute(text("select app.now() - pg_catalog.now()")).scalar_one()) == timedelta()


def test_no_function_and_no_default_reads_another_clock(stack):
    with psycopg.connect(stack.superuser_url) as connection:
        functions = connection.execute(
            "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
            " where n.nspname in ('app', 'identity', 'public', 'published')"
            " and p.prokind = 'f' and p.oid <> 'app.now()'::regprocedure and pg_get_functiondef(p.oid)"
            " ~* '(?<![\\w.])now\\(\\)|current_(date|time|timestamp)|(clock|statement|transaction)_timestamp|localtime'"
        ).fetchall()
        defaults = connection.execute(
            "select adrelid::regclass::text from pg_attrdef where pg_get_expr(adbin, adrelid)"
            " ~* '(?<![\\w.])now\\(\\)|current_|_timestamp'"
        ).fetchall()
    assert (functions, defaults) == ([], [])


@pytest.mark.parametrize("login", sorted(set(LOGINS) - {"wb_owner"}))
def test_no_login_can_move_it(stack, world, login):
    with psycopg.connect(stack.url(login)) as connection:
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(
                "create or replace function app.now() returns timestamptz language sql return '2020-01-01'::timestamptz"
            )
        connection.rollback()
        # Whatever a session says of itself, the answer is the server's.
        for name in ("app.now", "app.clock", "timezone"):
            connection.execute("select set_config(%s, %s, false)", (name, "UTC"))
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("create schema pg_catalog2")
        connection.rollback()
    with psycopg.connect(stack.superuser_url) as connection:
        assert "current_setting" not in value_of(
            connection, "select pg_get_functiondef('app.now()'::regprocedure)"
        )
