"""Staff say who asked: somebody in the list already, whose new number is not thrown away, or somebody new."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.extensions import db
from tests.integration.signing_up.conftest import OVERVIEW, RUTH
from tests.integration.test_stale_presses import sent
from tests.support.borrowed import as_login

#: Ruth as the list has her.
LISTED = {"first_name": "Ruth", "last_name": "Newcomer", "email": "ruth@example.org", "language": "en"}


@pytest.fixture
def listed(session_for, senco, world):
    """`listed(**details)`: somebody in the list; their id."""

    def add(**details: str):
        senco.post("/school/parents/add", data=LISTED | {"attendance_band": "", "year_group": ""} | details)
        return (
            session_for(world.school.senco)
            .execute(text("select parent_id from parent_contact where last_name = 'Newcomer'"))
            .scalar_one()
        )

    return add


@pytest.fixture
def kept(session_for, world):
    """What the list has of whoever is called Newcomer."""

    def read():
        return (
            session_for(world.school.senco)
            .execute(text("select phone, email, language from parent_contact where last_name = 'Newcomer'"))
            .all()
        )

    return read


def asked(stranger, address, rows, **typed: str) -> str:
    """Where staff look at what Ruth wrote."""
    assert stranger.post(address, data=RUTH | typed).status_code == 303
    return f"{OVERVIEW}/{rows()[-1].id}"


def press(senco, at, **said):
    page = senco.get(at).text
    return senco.post(at, data=sent(page, "") | {"knows": "y"} | said, follow_redirects=True)


def test_a_new_number_and_language_of_somebody_known_can_go_into_the_list(
    senco, stranger, address, rows, listed, kept
):
    """Given a parent in the list who writes another number and another language
    When staff look, both are said; when they tick both, the list has them, and the history says so."""
    listed(phone="07700 900415")
    at = asked(stranger, address, rows, email="ruth@example.org", language="pl")
    page = senco.get(at).text
    assert "They wrote another mobile number: 07700 900751. Your list has 07700 900415." in page
    assert "Your list has English." in page

    done = press(senco, at, take=["phone", "language"])

    assert kept() == [("+447700900751", "ruth@example.org", "pl")]
    assert "Their new mobile number is in the list." in done.text


def test_without_the_tick_the_list_stays_and_the_history_says_that_another_was_written(
    senco, stranger, address, rows, listed, kept
):
    listed(phone="07700 900415")
    done = press(senco, asked(stranger, address, rows, email="ruth@example.org"))

    assert kept() == [("+447700900415", "ruth@example.org", "en")]
    assert "They wrote another mobile number." in done.text


def test_somebody_of_the_same_name_is_named_and_may_be_the_same(senco, stranger, address, rows, listed, kept):
    """Given a namesake with another number
    When staff say that it is the same person, then there is one row, and it has the number that they ticked."""
    there = listed(phone="07700 900415")
    at = asked(stranger, address, rows)
    page = senco.get(at).text
    assert f'href="/school/parents/{there}"' in page
    assert "Choose who they are" in press(senco, at).text

    press(senco, at, who=str(there), take=["phone"])

    assert [one.phone for one in kept()] == ["+447700900751"]
    assert rows()[0].parent_id == there


def test_or_they_are_somebody_new(senco, stranger, address, rows, listed, kept):
    listed(phone="07700 900415")
    press(senco, asked(stranger, address, rows), who="new")

    assert len(kept()) == 2


@pytest.mark.parametrize(("stage", "says"), [("identified", True), ("in_group", False), ("said_no", False)])
def test_nobody_is_told_to_invite_who_has_answered(
    stage, says, senco, stranger, address, rows, listed, connection
):
    there = listed(phone=RUTH["phone"])
    db.session.remove()  # what it looked with is undone with it
    with as_login(connection, "postgres"):
        connection.execute(
            text("update parent set stage = :stage where id = :id"), {"stage": stage, "id": there}
        )

    page = senco.get(asked(stranger, address, rows)).text

    assert ("You invite them next" in page) is says


def test_one_name_is_enough(stranger, address, rows, senco):
    """Many people have one name, as staff's own form knows."""
    at = asked(stranger, address, rows, last_name="")
    press(senco, at)

    assert rows()[0].parent_id is not None


def test_staff_are_asked_before_what_cannot_be_taken_back(senco, ruth, rows):
    page = senco.get(f"{OVERVIEW}/{ruth}/set-aside").text
    assert "gone for good" in page
    assert len(rows()) == 1
    senco.post(f"{OVERVIEW}/{ruth}/set-aside")
    assert rows() == []


@pytest.mark.parametrize("change", [str, lambda one: one + "/", str.strip])
def test_an_address_typed_with_a_stroke_at_its_end_opens(change, stranger, address):
    page = stranger.get(change(address), follow_redirects=True)

    assert "Would you like to hear more?" in page.text


def test_what_was_typed_stays_when_the_page_closes_meanwhile(stranger, senco, address, rows):
    """Given a page that is closed, and then ended, while somebody writes: they are told why, and get their words."""
    senco.post(f"{OVERVIEW}/close")
    closed = stranger.post(address, data=RUTH)
    assert "closed for now" in closed.text
    assert "Newcomer" in closed.text

    senco.post(f"{OVERVIEW}/new-address", data=sent(senco.get(f"{OVERVIEW}/new-address").text, ""))
    ended = stranger.post(address, data=RUTH)
    assert "while you were writing" in ended.text
    assert "Newcomer" in ended.text
    assert rows() == []


def test_a_paused_school_is_told_that_the_days_run_out(senco, ruth, client_for, world, connection):
    """Given somebody who signed up before the school was paused
    When staff open their home, then it asks for no answer that cannot be given, and says why and until when."""
    db.session.remove()  # what it looked with is undone with it
    with as_login(connection, "postgres"):
        connection.execute(
            text("update school set stage = 'paused' where school_id = :id"), {"id": world.school.school_id}
        )
    senco = client_for(world.school.senco)
    home = senco.get("/school").text

    assert "To answer" not in home
    assert "Your school takes no new parents now" in home
    assert "so they cannot be taken into your list" in senco.get(f"{OVERVIEW}/{ruth}").text
