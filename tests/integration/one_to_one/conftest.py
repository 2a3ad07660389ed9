"""A school's evenings and contact, and a parent who asks to be called."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.support.borrowed import as_login
from tests.support.evenings import after_the_session, at, day_of_session_4, look  # noqa: F401 - fixtures


@pytest.fixture
def as_owner(connection) -> Callable[..., None]:
    def run(statement: str, **values: object) -> None:
        with as_login(connection, "wb_owner"):
            connection.execute(text(statement), values)

    return run


@pytest.fixture
def rows(connection) -> Callable[..., list[Any]]:
    """Rows as they are kept, whoever may see them."""

    def ask(statement: str, **values: object) -> list[Any]:
        with as_login(connection, "wb_owner"):
            return list(connection.execute(text(statement), values))

    return ask


@pytest.fixture
def contact_is_lead(world, as_owner) -> str:
    """The school's named contact is its lead."""
    as_owner(
        "update school s set contact_name = m.name, contact_email = m.email from staff_member m"
        " where s.school_id = :school and m.school_id = s.school_id and m.id = :lead",
        school=world.school.school_id,
        lead=world.school.lead.person_id,
    )
    return "school"


@pytest.fixture
def ask(client_for, world) -> Callable[..., Any]:
    """`ask(parent, caller)`: they ask to be called."""

    def send(parent, caller, need="big_feelings", times=("morning",)):
        sent = {"caller": str(caller), "need": need, "times": list(times), "csrf_token": "x"}
        return client_for(parent).post("/my/calls", data=sent, follow_redirects=True)

    return send


@pytest.fixture
def led_call(ask, world, rows) -> UUID:
    """The world's parent has asked who leads their group."""
    page = ask(world.school.parent, world.school.facilitator.person_id)
    assert "You will be called by" in page.text
    return rows("select id from call_request where parent_id = :id", id=world.school.parent.person_id)[0].id


@pytest.fixture
def school_call(ask, world, rows, contact_is_lead) -> UUID:
    """The world's parent has asked the school's contact."""
    page = ask(world.school.parent, "school")
    assert "You will be called by" in page.text
    return rows("select id from call_request where parent_id = :id", id=world.school.parent.person_id)[0].id


def main_of(page) -> str:
    return page.text.split("<main")[1].split("</main>")[0]


def in_words(on: date) -> str:
    return f"{on:%A} {on.day} {on:%B}"
