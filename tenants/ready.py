"""A statement that is written once and asked often: its words for the driver are found at its first use.

    _MARKS = Ready(select(...).where(X.school_id == bindparam("school_id", type_=Uuid())))
    rows = _MARKS.all(session, {"school_id": school_id})

Pages that only look ask dozens, and SQLAlchemy spends more on each than PostgreSQL does: a look sends the words as
they are, with the others of its `together`, and rows come as named tuples. In a request that may write the statement
goes the ordinary way, which writes down first what is changed. `docs/decisions/0013-ready-statements.md` says why.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import Connection, Executable
from sqlalchemy.exc import DBAPIError

from tenants.together import KEPT, send


class Ready:
    """One statement for a process. It holds no values but those that it was written with."""

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._words = ""
        self._fixed: dict[str, Any] = {}
        self._bind: list[tuple[str, Callable[[Any], Any]]] = []
        self._results: list[Callable[[Any], Any] | None] = []
        self._row: Callable[[Sequence[Any]], Any] | None = None

    def all(self, session: Any, values: Mapping[str, Any]) -> Sequence[Any]:
        """Every row, its columns by name."""
        if not is_clean_look(session):
            return session.execute(self.statement, values).all()
        connection: Connection = session.connection()
        if not self._words:
            self._compile(connection, values)
        parameters = {**self._fixed, **values}
        for name, process in self._bind:
            parameters[name] = process(parameters[name])
        driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
        cursor = driver.cursor()
        try:
            send(cursor, self._words, parameters)
        except psycopg.Error as error:
            raise as_sqlalchemy_says(error, self._words, connection, cursor) from error
        rows = cursor.fetchall()
        if self._row is None:
            self._row = row_of([column.name for column in cursor.description or ()])._make
        if any(self._results):
            rows = [self._processed(row) for row in rows]
        return [*map(self._row, rows)]

    def _processed(self, row: Sequence[Any]) -> list[Any]:
        return [
            value if process is None else process(value)
            for process, value in zip(self._results, row, strict=True)
        ]

    def _compile(self, connection: Connection, names: Iterable[str]) -> None:
        """What the driver is told, as SQLAlchemy would tell it. Nobody's values are among what is kept."""
        dialect = connection.dialect
        made: Any = self.statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        if moving := [name for name, value in made.binds.items() if value.callable is not None]:
            raise TypeError(f"found anew each time, so hand them in: {', '.join(moving)}")
        whole = made.construct_expanded_state(dict.fromkeys(names))
        self._fixed = dict(whole.parameters)
        self._bind = [*whole.processors.items()]
        self._results = [entry.type._cached_result_processor(dialect, None) for entry in made._result_columns]
        self._words = whole.statement


def is_clean_look(session: Any) -> bool:
    """Whether this session only looks, and holds nothing that is not written down yet."""
    return KEPT in session.info and not (session.identity_map.check_modified() or session.new)


def row_of(names: Sequence[str], *, name: str = "Row") -> Any:
    """A named tuple for a row; a column without a proper name is known by its place."""
    make: Any = namedtuple
    return make(name, names, rename=True)


def as_sqlalchemy_says(
    error: psycopg.Error, words: str, connection: Connection, cursor: psycopg.Cursor[Any]
) -> Exception:
    """What the ordinary way raises, so that whoever catches it need not know of this one. Without the values."""
    is_gone = connection.dialect.is_disconnect(error, cursor.connection, cursor)  # type: ignore[arg-type]
    if is_gone:
        connection.invalidate(error)
    return DBAPIError.instance(
        words,
        None,
        error,
        psycopg.Error,
        connection_invalidated=is_gone,
        dialect=connection.dialect,
    )
