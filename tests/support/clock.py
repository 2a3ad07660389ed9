"""Moves the one clock: the application's, the database's and, for what signs requests to the storage, not.

Tests replace `app.now()` as the owner; no login of the product can. The file store is a program that keeps the
machine's time, so requests to it are signed with the machine's.
"""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any

import botocore.auth
import psycopg
import time_machine
from psycopg import sql
from sqlalchemy import Connection, text

_REPLACE = "create or replace function app.now() returns timestamptz language sql stable parallel safe return {moment}"
_SERVER = sql.SQL(_REPLACE).format(moment=sql.SQL("pg_catalog.now()"))

#: Where a whole run is moved (`make test-at`): by how many seconds its clock is ahead of the machine's.
SHIFT = timedelta(seconds=float(os.environ.get("WEBELONG_TEST_SHIFT", "0")))


#: For what a moved machine cannot do: under libfaketime PostgreSQL's lock timeouts never come, and to the file store,
#: which keeps the real time, each file is old.
is_moved = bool(SHIFT)


def machine_now() -> datetime:
    """The machine's own time, however the tests' clock stands; aware, in UTC."""
    is_moved = time_machine.escape_hatch.is_travelling()
    moment = time_machine.escape_hatch.time.time() if is_moved else time.time()
    return datetime.fromtimestamp(moment, UTC) - SHIFT


def sign_with_the_machines_time() -> None:
    """Requests to the storage carry the time that the storage has."""
    botocore.auth.get_current_datetime = lambda remove_tzinfo=True: (
        machine_now().replace(tzinfo=None) if remove_tzinfo else machine_now()
    )


class Clock:
    """The time of the product under test, until the test ends. Stands still unless `ticking`."""

    def __init__(
        self,
        owner_url: str,
        *,
        open_transaction: Connection | None = None,
        owner: psycopg.Connection[Any] | None = None,
    ) -> None:
        """`open_transaction`: one that goes on while the clock is moved, and must notice.

        `owner`: an open connection of the owner's, without transactions; else one is made for each move.
        """
        self._owner_url, self._owner = owner_url, owner
        self._open_transaction = open_transaction
        self._travel = ExitStack()

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def set(self, moment: datetime, *, ticking: bool = False) -> datetime:
        """From here on it is `moment` (aware), in Python and in the database; the moment."""
        if moment.tzinfo is None:
            raise ValueError("a moment carries its zone")
        self._travel.close()
        self._travel.enter_context(time_machine.travel(moment, tick=ticking))
        if ticking:
            ahead = (moment - (machine_now() + SHIFT)).total_seconds()
            self._replace(
                sql.SQL(_REPLACE).format(
                    moment=sql.SQL("pg_catalog.now() + make_interval(secs => {})").format(sql.Literal(ahead))
                )
            )
        else:
            # As text: a literal with the zone's name would be read again at each call.
            self._replace(
                sql.SQL(_REPLACE).format(
                    moment=sql.SQL("{}::timestamptz").format(sql.Literal(moment.astimezone(UTC).isoformat()))
                )
            )
        return moment

    def move(self, by: timedelta) -> datetime:
        """So much later (or, below nought, sooner)."""
        return self.set(self.now + by)

    def __enter__(self) -> Clock:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self._travel.close()
        self._replace(_SERVER)

    def _replace(self, statement: sql.Composed) -> None:
        if self._owner is not None:
            self._owner.execute(statement)
        else:
            with psycopg.connect(self._owner_url, autocommit=True) as owner:
                owner.execute(statement)
        if self._open_transaction is not None and self._open_transaction.in_transaction():
            # A server learns of a replaced function when it takes a lock that it does not hold; so it takes one.
            with self._open_transaction.begin_nested() as savepoint:
                self._open_transaction.execute(text("select from pg_catalog.pg_ts_parser"))
                savepoint.rollback()
