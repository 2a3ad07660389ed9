"""Database sessions whose every transaction begins by assuming its scope."""

from __future__ import annotations

import json
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from sqlalchemy import Connection, CursorResult, Result, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction

from tenants.scope import PUBLIC, Audience, Scope

ASSUME = text(
    "select set_config('role', :role, true), set_config('app.authority', :authority, true),"
    " set_config('app.school', :school, true), set_config('app.person', :person, true),"
    " set_config('app.browser', :browser, true)"
)
#: One trip: whatever was set on this connection before is gone, that the session is in use is noted and safe, and the
#: page's transaction has begun in its scope.
_ENTER = sql.SQL(
    # A transaction of its own: the next one begins as the reset leaves the connection.
    "begin; reset all; reset role; deallocate all; close all; unlisten *; select pg_advisory_unlock_all(); commit;"
    " begin; select identity.touch_session({hash}); commit; begin; select app.enter({hash})"
)
#: The same within a transaction that somebody else began, as tests do.
_ENTER_INSIDE = sql.SQL(
    "set local role none; select identity.touch_session({hash}); select app.enter({hash})"
)


def rows_written(result: Result[*tuple[Any, ...]]) -> int:
    """How many rows a written statement changed. A session hands out the count, and not its type."""
    return cast("CursorResult[*tuple[Any, ...]]", result).rowcount


class ScopeChanged(RuntimeError):
    """A session was asked to serve someone else. One session serves one person; open another."""


class ScopedSession(Session):
    """A session that serves one scope, set once. Until it is set it serves the public, who see nothing."""

    def __init__(self, *args: Any, scope: Scope | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self._scope = scope
        self._entering: bytes | None = None
        self._entered_by: bytes | None = None
        self._entered: dict[str, Any] | None = None

    @property
    def scope(self) -> Scope:
        return self._scope or PUBLIC

    def enter(self, scope: Scope) -> None:
        """Serve `scope` from here on.

        Raises ScopeChanged if another scope was set, or if a transaction already runs as the public:
        a role set half way would mix rows of two people in one identity map.
        """
        if self._scope == scope:
            return
        if self._scope is not None or self.in_transaction():
            raise ScopeChanged("this session already serves somebody")
        self._scope = scope

    def enter_by(self, digest: bytes) -> dict[str, Any] | None:
        """Begin, and serve whoever the browser's session with this hash belongs to; what is known of them.

        None where no such session lives. Asked again with the same hash it says the same.
        Nobody's session leaves this one as it was: the public's, not begun.
        A connection that turns out to be gone is taken anew, once: nothing has happened yet.
        Raises ScopeChanged as `enter`, and SQLAlchemy's errors.
        """
        if self._scope is not None and self._entered_by == digest:
            return self._entered
        if self._scope is not None or self.in_transaction():
            raise ScopeChanged("this session already serves somebody")
        try:
            self._begin_by(digest)
        except DBAPIError as error:
            self.close()
            if not error.connection_invalidated:
                raise
            self._begin_by(digest)
        if self._scope is None:
            self.commit()
        self._entered_by = digest
        return self._entered

    def _begin_by(self, digest: bytes) -> None:
        self._entering = digest
        try:
            self.connection()
        finally:
            self._entering = None


@event.listens_for(ScopedSession, "after_begin")
def _assume_scope(session: ScopedSession, _transaction: SessionTransaction, connection: Connection) -> None:
    if session._entering is not None:
        session._entered, session._scope = _enter(connection, session._entering)
        return
    # Always, also for nested transactions and with no scope: a rolled-back savepoint takes its settings with it.
    connection.execute(ASSUME, session.scope.as_parameters())


def _enter(connection: Connection, digest: bytes) -> tuple[dict[str, Any] | None, Scope | None]:
    """What the session's row says, and whom the transaction serves from here on."""
    driver: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    wire = driver.pgconn
    message = _ENTER if wire.transaction_status == TransactionStatus.IDLE else _ENTER_INSIDE
    # Not by a cursor: that begins in a trip of its own, and this message begins by itself.
    answer = wire.exec_(message.format(hash=sql.Literal(digest)).as_bytes(driver))
    if answer.status != ExecStatus.TUPLES_OK:
        is_gone = wire.status == ConnStatus.BAD
        if is_gone:
            connection.invalidate()
        raise DBAPIError.instance(
            "app.enter",
            None,
            psycopg.errors.error_from_result(answer, encoding=driver.info.encoding),
            psycopg.Error,
            connection_invalidated=is_gone,
            dialect=connection.dialect,
        )
    said = answer.get_value(0, 0)
    row: dict[str, Any] | None = json.loads(said) if said else None
    if row is None or row["audience"] == Audience.PUBLIC:
        return row, None
    authority, school, person = (
        UUID(row[name]) if row[name] else None for name in ("authority_id", "school_id", "person_id")
    )
    return row, Scope(Audience(row["audience"]), authority, school, person, browser=digest)
