"""Looking for something that must be there: in a page, a row, a browser. Where it is not, the test says what."""

from __future__ import annotations

import re
from typing import Any

import psycopg
from psycopg.abc import Params
from sqlalchemy.exc import DBAPIError
from werkzeug.test import Client


def find_in(pattern: str | re.Pattern[str], text: str, flags: int = 0) -> re.Match[str]:
    """What the pattern finds first in the text. Fails with both where it finds nothing."""
    match = re.search(pattern, text, flags)
    assert match, f"{pattern} was not found in:\n{text[:2000]}"
    return match


def value_of(connection: psycopg.Connection[Any], statement: str, values: Params | None = None) -> Any:
    """The first column of the row that must be there."""
    row = connection.execute(statement, values).fetchone()
    assert row, f"no row: {statement}"
    return row[0]


def cookie_of(client: Client, name: str = "webelong") -> str:
    """What the browser keeps under that name; it must keep something."""
    cookie = client.get_cookie(name)
    assert cookie, f"no cookie {name}"
    return cookie.value


def sqlstate(error: DBAPIError) -> str:
    """The code with which PostgreSQL refused, or `?`."""
    return (isinstance(error.orig, psycopg.Error) and error.orig.sqlstate) or "?"
