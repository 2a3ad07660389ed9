"""The home of a school counts down to the day of a group that is forming, in the school's own numbers."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.recruitment.rates import read_rates
from infra.ids import new_id
from tests.integration.cohorts.forming import form_one
from tests.support.borrowed import as_login

_ASKED = text(
    "insert into parent (school_id, id, stage, stage_changed_at, created_at, invited_at, joined_at)"
    " values (:school, :id, :stage, app.now(), app.now(), app.now() - make_interval(days => :asked),"
    " app.now() - make_interval(days => :joined))"
)


@pytest.fixture
def asked(connection, world):
    """`asked("left", 30, 24)`: somebody who was asked 30 days ago and joined 24 days ago."""

    def ask(stage: str, days: int, joined: int | None = None, times: int = 1) -> None:
        with as_login(connection, "wb_owner"):
            for _number in range(times):
                values = {"school": world.school.school_id, "id": new_id(), "stage": stage}
                connection.execute(_ASKED, values | {"asked": days, "joined": joined})

    return ask


@pytest.fixture
def nobody_was_asked(connection, world):
    with as_login(connection, "wb_owner"):
        connection.execute(
            text("update parent set invited_at = null where school_id = :school"),
            {"school": world.school.school_id},
        )


@pytest.mark.usefixtures("nobody_was_asked", "long_term")
def test_the_home_says_how_many_to_ask_in_the_schools_own_numbers(client_for, world, asked):
    """Given six of twelve who were asked joined within six days, when a group forms, then the home says it."""
    asked("left", 30, 24, times=6)
    asked("said_no", 20, times=2)
    asked("invited", 40, times=4)
    senco = client_for(world.school.senco)
    form_one(senco, places="10")

    page = senco.get("/school").text
    assert "Here 6 of 12 who were asked have joined, nearly all of them within 6 days." in page
    assert "Morning group begins on" in page


@pytest.mark.usefixtures("nobody_was_asked", "long_term")
def test_a_school_with_no_past_gets_no_number(client_for, world, asked):
    asked("left", 30, 24, times=3)
    senco = client_for(world.school.senco)
    form_one(senco, places="10")

    page = senco.get("/school").text
    assert "Too few have been asked here so far to say how many to ask." in page
    assert "who were asked have joined" not in page


@pytest.mark.usefixtures("nobody_was_asked")
def test_who_was_asked_lately_is_neither_yes_nor_no_yet(session_for, world, asked):
    asked("invited", 20, times=3)
    asked("invited", 21, times=2)
    asked("left", 10, 8)

    rates = read_rates(session_for(world.school.senco), world.school.school_id)
    assert (rates.asked, rates.joined, rates.days, rates.open_asked) == (3, 1, 2, 3)
