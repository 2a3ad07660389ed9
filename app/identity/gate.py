"""The two doors to schema `identity`: one function call, one trip, before any scope is assumed.

Pages log in as `wb_web`, which may open, keep and end a browser's session by its hash and nothing more. Signing in has
a login of its own, `wb_signin`: a statement that somebody smuggles into a page cannot call what makes a session,
confirms one, or reads a hash. Only this package asks through it (`tests/architecture/test_signing_in.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Connection, Engine, Row, TextClause, create_engine, text

from app.extensions import db
from infra.database import look_before_use, options_of_pages, refuse_unsafe, sqlalchemy_url

ENGINE = "signin_engine"


def install(app: Flask, url: str) -> None:
    """Give `app` the login of signing in. Raises UnsafeDatabase where it may do more than that."""
    engine = create_engine(sqlalchemy_url(url), **options_of_pages())
    look_before_use(engine)
    refuse_unsafe(engine)
    app.extensions[ENGINE] = engine


def ask(statement: TextClause, **values: Any) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows that an identity function answers pages with. It has committed when this returns."""
    with _connect("wb_web") as connection:
        return connection.execute(statement, values).all()


def ask_signing_in(statement: TextClause, **values: Any) -> Sequence[Row[*tuple[Any, ...]]]:
    """The same, as the login that signs people in."""
    with _connect("wb_signin") as connection:
        return connection.execute(statement, values).all()


@contextmanager
def _connect(login: str) -> Iterator[Connection]:
    # Tests put a connection of their own there, so that all they did can be undone.
    if lend := current_app.extensions.get("identity_connection"):
        with lend(login) as connection:
            yield connection
        return
    engine: Engine = db.engine if login == "wb_web" else current_app.extensions[ENGINE]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


def close_doors() -> None:
    """Give back every connection of the current application, pages' and signing in's."""
    db.engine.dispose()
    current_app.extensions[ENGINE].dispose()


def function(name: str, *arguments: str) -> TextClause:
    """The statement that calls `identity.<name>`; both names are constants of our own code."""
    placeholders = ", ".join(f":{argument}" for argument in arguments)
    return text(f"select * from identity.{name}({placeholders})")  # noqa: S608 - constants only, see docstring
