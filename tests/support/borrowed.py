"""One connection that takes the place of several logins, so that one rollback undoes what all of them did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import Connection

#: Who the connection was; from here on it is `login`, with no role assumed. One trip, for every page asks twice.
_BECOME = sql.SQL(
    "savepoint borrowed; select session_user::text, current_setting('role'),"
    " set_config('session_authorization', {login}, true), set_config('role', 'none', true)"
)
_BECOME_AGAIN = sql.SQL(
    "select set_config('session_authorization', {login}, true), set_config('role', {role}, true);"
    " release savepoint borrowed"
)


@contextmanager
def as_login(connection: Connection, login: str) -> Iterator[None]:
    """Statements run as `login`, as identity functions do outside tests; then the connection is who it was.

    What was done inside is undone where it raises.
    """
    driver: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    answer = driver.execute(_BECOME.format(login=login))
    answer.nextset()
    row = answer.fetchone()
    assert row is not None
    try:
        yield
    except BaseException:
        driver.execute("rollback to savepoint borrowed; release savepoint borrowed")
        raise
    driver.execute(_BECOME_AGAIN.format(login=row[0], role=row[1]))
