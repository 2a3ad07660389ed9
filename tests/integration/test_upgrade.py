"""A database of the first release, with people in it, comes up to the newest revision and loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.exc import OperationalError

from migrations.run import head, upgrade
from tenants.roles import ensure_login_roles
from tests.integration.bad_input.conftest import application, sign_in_to
from tests.support.clock import is_moved
from tests.support.stack import PASSWORDS, TestStack
from tests.support.world import World
from tests.support.world_build import build_world

#: The newest revision of the release before this one.
RELEASED = "0012"
#: Tables, columns and roles that the world fills and this release had not yet.
SINCE = frozenset(
    {"appointment", "text_reply", "authority.out_of_hours_phone", "head_teacher", "school_office"}
)
DATABASE = "of_the_release_before"


@pytest.fixture(scope="module")
def before(stack) -> Iterator[TestStack]:
    """A database at the release before, and nobody in it."""
    with psycopg.connect(stack.maintenance_url, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
    found = TestStack(stack.stack, DATABASE)
    try:
        ensure_login_roles(found.superuser_url, PASSWORDS)
        upgrade(found.url("wb_owner"), RELEASED)
        yield found
    finally:
        with psycopg.connect(stack.maintenance_url, autocommit=True) as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(DATABASE)))


@pytest.fixture(scope="module")
def people(before) -> World:
    return build_world(before.url("wb_owner"), without=SINCE)


def rows(stack: TestStack, columns: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """A digest of every row of every table, of these columns (default: all of now)."""
    with psycopg.connect(stack.superuser_url) as connection:
        found = columns or _columns(connection)
        return {
            table: connection.execute(
                sql.SQL(
                    "select count(*), coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from"
                    " (select {} from {}) t"
                ).format(
                    sql.SQL(", ").join(map(sql.Identifier, names)),
                    sql.SQL(table),
                )
            ).fetchone()
            for table, names in found.items()
        }


def _columns(connection: psycopg.Connection) -> dict[str, list[str]]:
    return {
        row[0]: row[1]
        for row in connection.execute(
            "select c.oid::regclass::text, array_agg(a.attname::text order by a.attnum) from pg_class c"
            " join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid"
            " where n.nspname in ('public', 'identity', 'published') and c.relkind = 'r' and a.attnum > 0"
            " and not a.attisdropped and c.relname <> 'alembic_version' group by 1"
        )
    }


def stops_early(before: TestStack) -> None:
    """A session that holds a table stops the upgrade instead of stopping everybody else."""
    with psycopg.connect(before.superuser_url) as busy:
        busy.execute("select * from identity.browser_session, identity.account limit 1")
        busy.execute("lock table identity.browser_session, identity.account in access share mode")
        with pytest.raises(OperationalError, match="lock timeout"):
            upgrade(before.url("wb_owner"))


def test_nothing_is_lost_and_people_come_in(before, people):
    with psycopg.connect(before.superuser_url) as connection:
        columns = _columns(connection)
    kept = rows(before)
    assert sum(count for count, _digest in kept.values()) > 200

    # PostgreSQL's lock timeouts never come under a moved clock; all else is tried there too.
    if not is_moved:
        stops_early(before)
    assert rows(before, columns) == kept

    upgrade(before.url("wb_owner"))

    assert rows(before, columns) == kept
    with psycopg.connect(before.superuser_url) as connection:
        assert connection.execute("select version_num from alembic_version").fetchone() == (head(),)
    with application(before.settings()) as app:
        for person in (people.school.lead, people.school.parent, people.authority.admin):
            assert sign_in_to(app, person).get("/", follow_redirects=True).status_code == 200
