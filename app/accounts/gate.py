"""The door to schema `identity`: one function call, one trip, before any scope is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import current_app
from sqlalchemy import Connection, Row, TextClause, text

from app.extensions import db


@contextmanager
def _autocommit() -> Iterator[Connection]:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


def ask(statement: TextClause, **values: Any) -> Sequence[Row[Any]]:
    """The rows that an identity function answers with. It has committed when this returns.

    Tests put a connection of their own in `app.extensions["identity_connection"]`.
    """
    connect = current_app.extensions.get("identity_connection", _autocommit)
    with connect() as connection:
        return connection.execute(statement, values).all()


def function(name: str, *arguments: str) -> TextClause:
    """The statement that calls `identity.<name>`; both names are constants of our own code."""
    placeholders = ", ".join(f":{argument}" for argument in arguments)
    return text(f"select * from identity.{name}({placeholders})")  # noqa: S608 - constants only, see docstring
