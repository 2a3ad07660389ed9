"""Database sessions whose every transaction begins by assuming its scope."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session, SessionTransaction

from tenants.scope import PUBLIC, Scope

ASSUME = text(
    "select set_config('role', :role, true), set_config('app.authority', :authority, true),"
    " set_config('app.school', :school, true), set_config('app.person', :person, true)"
)


class ScopeChanged(RuntimeError):
    """A session was asked to serve someone else. One session serves one person; open another."""


class ScopedSession(Session):
    """A session that serves one scope, set once. Until it is set it serves the public, who see nothing."""

    def __init__(self, *args: Any, scope: Scope | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self._scope = scope

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


@event.listens_for(ScopedSession, "after_begin")
def _assume_scope(session: ScopedSession, _transaction: SessionTransaction, connection: Connection) -> None:
    # Always, also for nested transactions and with no scope: a rolled-back savepoint takes its settings with it.
    connection.execute(ASSUME, session.scope.as_parameters())
