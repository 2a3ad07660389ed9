"""Pages that are read by one statement: the function asks what the packages ask, and gives what they would get."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import tuple_row
from sqlalchemy import ARRAY, Date, DateTime, Time, Uuid
from sqlalchemy.types import TypeEngine

from migrations.pages import body
from tenants.pages import mend_of
from tests.architecture.page_functions import pages

_BODY = "select prosrc from pg_proc where pronamespace = 'app'::regnamespace and proname = %s"
#: How the driver names what JSON cannot say, and what has to be made of it again.
_KINDS = {"uuid": Uuid, "date": Date, "time": Time, "timestamptz": DateTime}


@pytest.mark.parametrize("function", sorted(pages()))
def test_the_database_asks_what_the_packages_ask(stack, function):
    """Red? A statement changed: a new revision drops the function and installs it as
    `python -m tests.architecture.page_functions <revision> <function>` writes it."""
    with psycopg.connect(stack.superuser_url, row_factory=tuple_row) as connection:
        found = connection.execute(_BODY, (function,)).fetchall()
    assert len(found) == 1
    assert found[0][0].split() == body(*pages()[function].as_sql()).split()


@pytest.mark.parametrize("function", sorted(pages()))
def test_what_json_cannot_say_is_made_again(stack, function):
    """Given a column of ids, days, hours or moments, its type is known, so that no page gets a text in its place."""
    page, wrong = pages()[function], []
    part_gives = [one for part in page.parts for one in part.given]
    values = {"uuid": "'0199a22a-0000-7000-8000-000000000000'::uuid", "date": "date '2026-03-02'"}
    values |= {"boolean": "false", "time": "time '17:45'", "timestamptz": "timestamptz '2026-03-02 10:00'"}
    with psycopg.connect(stack.superuser_url) as connection:
        for part in page.parts:
            words, _count = part.as_sql()
            for name, kind in sorted([*page.arguments, *(one[:2] for one in part_gives)], reverse=True):
                words = words.replace(f"p_{name}", values[kind])
            # Told and not run: some of it answers nobody but a person of the school.
            connection.pgconn.prepare(b"", words.encode())
            columns = connection.pgconn.describe_prepared(b"")
            assert columns.nfields == len(part.types)
            for place, shown in enumerate(part.types):
                code = columns.ftype(place)
                told = connection.adapters.types.get(code)
                assert told is not None
                is_list = code == told.array_oid
                own = shown.item_type if isinstance(shown, ARRAY) else shown
                expected = _KINDS.get(told.name)
                if expected and (not isinstance(own, expected) or is_list != isinstance(shown, ARRAY)):
                    wrong.append((columns.fname(place), told.name))
                if told.name in ("numeric", "bytea", "interval"):
                    wrong.append((columns.fname(place), told.name))
    assert wrong == []


def test_values_come_as_the_driver_gives_them():
    """Given what a page's rows hold, JSON and back it is what it was."""
    key, on, at = UUID(int=7), date(2026, 3, 2), time(17, 45)
    moment = datetime.fromisoformat("2026-03-02T10:00:00.12+00:00")
    assert _mended(Uuid(), str(key)) == key
    assert _mended(Date(), "2026-03-02") == on
    assert _mended(Time(), "17:45:00") == at
    assert _mended(DateTime(), "2026-03-02T10:00:00.12+00:00") == moment
    assert _mended(ARRAY(Uuid()), [str(key)]) == [key]


def _mended(kind: TypeEngine[Any], value: Any) -> Any:
    mend = mend_of(kind)
    assert mend is not None
    return mend(value)
