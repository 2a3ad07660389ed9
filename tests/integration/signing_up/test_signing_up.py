"""Parents ask on a school's sign-up page; nobody learns there who is known, nor when or where a group meets."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.signing_up import services
from infra.clock import today
from tests.integration.signing_up.conftest import OVERVIEW, RUTH, address_on
from tests.integration.test_stale_presses import sent
from tests.support.borrowed import as_login


def answers(response) -> tuple[int, str]:
    """What whoever wrote can see of an answer."""
    return response.status_code, re.sub(r'name="csrf_token" value="[^"]*"', "", response.text)


# ---- the page


def test_somebody_asks_and_only_staff_of_that_school_read_it(
    stranger, senco, address, rows, client_for, world
):
    """Given an open page
    When a parent without an account writes there
    Then staff of the school read it, and nobody of another school does."""
    page = stranger.get(address)
    assert world.school.name in page.text
    done = stranger.post(address, data=RUTH, follow_redirects=True)

    assert "The school has what you wrote." in done.text
    assert "Ruth" not in done.text
    assert [(one.first_name, one.phone) for one in rows()] == [("Ruth", "+447700900751")]
    assert "Ruth Newcomer" in senco.get(OVERVIEW).text
    assert "One person signed up" in senco.get("/school").text
    other = client_for(world.sibling_school.senco)
    assert "Ruth" not in other.get(OVERVIEW).text
    assert other.get(f"{OVERVIEW}/{rows()[0].id}").status_code == 404


def test_the_page_shows_no_day_no_place_and_nobodys_name(stranger, address, session_for, world):
    """An ex-partner may be looking."""
    words = stranger.get(address).text + stranger.get(f"{address}/thank-you").text
    session = session_for(world.school.senco)
    secret = [
        *session.execute(text("select room from school union select room from cohort")).scalars(),
        *session.execute(text("select name from cohort union select name from staff_member")).scalars(),
        *session.execute(
            text("select contact_name from school union select contact_phone from school")
        ).scalars(),
    ]
    assert [one for one in secret if one and one in words] == []
    months = "January|February|March|April|May|June|July|August|September|October|November|December"
    assert re.findall(rf"\b\d{{1,2}} (?:{months})\b", words) == []
    assert str(world.school.school_id) not in words


@pytest.mark.parametrize("known", ["unknown", "in the list", "said no", "twice"])
def test_the_answer_is_the_same_whoever_is_known(
    known, stranger, senco, address, session_for, world, connection
):
    """Given somebody whom the school knows, or who said no, or who presses twice
    When they write, status, way and words are those of a stranger."""
    if known in ("in the list", "said no"):
        senco.post("/school/parents/add", data=RUTH | {"attendance_band": "", "year_group": ""})
    if known == "said no":
        with as_login(connection, "postgres"):
            connection.execute(
                text(
                    "update parent set stage = 'said_no' where id = (select parent_id from parent_contact"
                    " where last_name = 'Newcomer')"
                )
            )
    if known == "twice":
        stranger.post(address, data=RUTH)
    first = stranger.post(address, data=RUTH)

    assert (first.status_code, first.location) == (303, f"{address}/thank-you")
    assert answers(stranger.get(first.location)) == answers(stranger.get(f"{address}/thank-you"))


def test_pressed_twice_it_is_one(stranger, address, rows):
    stranger.post(address, data=RUTH)
    stranger.post(address, data=RUTH | {"first_name": "RUTH"})

    assert len(rows()) == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"first_name": ""}, "Enter your first name"),
        ({"first_name": "   ", "last_name": "\u2003"}, "Enter your first name"),
        ({"first_name": "a" * 10_000}, "100"),
        ({"phone": "", "email": ""}, "Enter a mobile number or an email address. One is enough."),
        ({"phone": "0123"}, "number"),
        ({"phone": "", "email": "ruth@"}, "email"),
        ({"language": "xx"}, "Language you read best"),
        ({"agrees": ""}, "Tick the box"),
    ],
)
def test_what_cannot_be_is_said_kindly_and_what_was_typed_stays(typed, says, stranger, address, rows):
    page = stranger.post(address, data=RUTH | {"last_name": "Kept-Here"} | typed)

    assert page.status_code == 200
    assert "There is a problem" in page.text
    assert says in page.text
    if "last_name" not in typed:
        assert "Kept-Here" in page.text
    assert rows() == []


@pytest.mark.parametrize(
    "typed",
    [
        {"first_name": "Ру́т", "last_name": "Новая"},
        {"first_name": "রুথ", "last_name": "৪"},
        {"first_name": "Ruth\x00", "last_name": "New\x00comer"},
        {"phone": "+33 6 12 34 56 78"},
        {"phone": "", "email": "Ruth@Example.org"},
        {"language": "so"},
    ],
)
def test_every_script_and_country_is_taken_or_refused_in_words(typed, stranger, address, rows):
    answer = stranger.post(address, data=RUTH | typed)

    assert answer.status_code in (200, 303)
    assert len(rows()) == (answer.status_code == 303)
    if answer.status_code == 200:
        assert "There is a problem" in answer.text


def test_an_address_may_be_typed_from_a_poster(stranger, address, world):
    """In capitals, without the lines, with a letter O for a nought."""
    secret = address.rpartition("/")[2]
    for typed in (secret.upper(), secret.replace("-", ""), secret.replace("0", "o").replace("1", "l")):
        assert world.school.name in stranger.get(f"/hello/{typed}").text


@pytest.mark.parametrize("secret", ["x", "0" * 12, "a" * 5000, "%00", "ä"])
def test_what_was_never_given_out_opens_nothing(secret, stranger, address):
    assert stranger.get(f"/hello/{secret}").status_code == 404
    assert stranger.get(f"/hello/{secret}/thank-you").status_code == 404


# ---- open, closed, gone


def test_a_closed_page_says_so_and_opens_again_at_the_same_address(senco, stranger, address, rows):
    page = senco.get(OVERVIEW)
    senco.post(f"{OVERVIEW}/close", data=sent(page.text, f"{OVERVIEW}/close"))

    assert "closed for now" in stranger.get(address).text
    # It was open in front of somebody when it was closed.
    answer = stranger.post(address, data=RUTH, follow_redirects=True)
    assert "closed for now" in answer.text
    assert rows() == []

    senco.post(f"{OVERVIEW}/open")
    assert "Would you like to hear more?" in stranger.get(address).text


def test_a_new_address_ends_the_old_one_for_good(senco, stranger, address, rows):
    page = senco.get(f"{OVERVIEW}/new-address")
    assert "This cannot be taken back." in page.text
    renewed = senco.post(f"{OVERVIEW}/new-address", data=sent(page.text, ""), follow_redirects=True)
    new = address_on(renewed.text)

    assert new != address
    assert answers(stranger.get(address)) == answers(stranger.get("/hello/never-given-out"))
    assert stranger.post(address, data=RUTH).status_code == 404
    assert rows() == []
    assert stranger.post(new, data=RUTH).status_code == 303


def test_a_press_of_an_old_page_closes_nothing(senco, address, stranger):
    """Given a page that lay open while a colleague made a new address
    When its button is pressed, the new address stays open."""
    old = senco.get(OVERVIEW).text
    senco.post(f"{OVERVIEW}/new-address", data=sent(senco.get(f"{OVERVIEW}/new-address").text, ""))

    answer = senco.post(f"{OVERVIEW}/close", data=sent(old, f"{OVERVIEW}/close"), follow_redirects=True)

    assert "Something changed here" in answer.text
    assert "Would you like" in stranger.get(address_on(answer.text)).text


def test_it_closes_by_itself_and_says_so_a_week_before(client_for, stranger, address, clock, world):
    clock.move(services.OPEN_FOR - timedelta(days=5))
    assert "Your sign-up page closes on" in client_for(world.school.senco).get("/school").text
    clock.move(timedelta(days=6))

    assert "closed for now" in stranger.get(address).text
    assert "Your sign-up page closes on" not in client_for(world.school.senco).get("/school").text


@pytest.mark.parametrize("stage", ["paused", "left"])
def test_a_school_that_takes_nobody_takes_nobody_here(
    stage, senco, stranger, address, rows, connection, world
):
    with as_login(connection, "postgres"):
        connection.execute(
            text("update school set stage = :stage where school_id = :id"),
            {"stage": stage, "id": world.school.school_id},
        )

    assert "closed for now" in stranger.get(address).text
    assert "closed for now" in stranger.post(address, data=RUTH, follow_redirects=True).text
    assert rows() == []


def test_the_lead_and_the_senco_open_it_and_nobody_else(client_for, world):
    for person in (world.school.dsl, world.school.facilitator, world.school.parent, world.authority.admin):
        assert client_for(person).post(f"{OVERVIEW}/open").status_code in (302, 303, 403, 404)
    assert "There is none yet" in client_for(world.school.lead).get(OVERVIEW).text


def test_too_many_from_one_place_wait(stranger, address, rows):
    for number in range(services.HERE.times):
        assert stranger.post(address, data=RUTH | {"first_name": f"Ruth {'x' * number}"}).status_code == 303
    answer = stranger.post(address, data=RUTH | {"first_name": "Late"})

    assert answer.status_code == 429
    assert "Too many tries" in answer.text
    assert len(rows()) == services.HERE.times


# ---- what staff answer


def test_who_is_taken_into_the_list_is_nobody_until_they_say_yes(senco, ruth, rows, session_for, world):
    """Given somebody who asked
    When staff say that they know them
    Then they stand in the list as to be asked, nothing was sent, and what they wrote is kept once."""
    page = senco.get(f"{OVERVIEW}/{ruth}")
    done = senco.post(f"{OVERVIEW}/{ruth}", data=sent(page.text, "") | {"knows": "y"}, follow_redirects=True)

    assert "Ruth Newcomer is in your list. Nothing was sent: invite them next." in done.text
    assert "By your sign-up page" in done.text
    session = session_for(world.school.senco)
    parent = session.execute(
        text("select p.stage, p.id from parent p join parent_contact c on c.parent_id = p.id"
             " where c.last_name = 'Newcomer'")
    ).one()  # fmt: skip
    assert parent.stage == "identified"
    assert not session.execute(
        text("select count(*) from outbox where recipient_id = :id"), {"id": parent.id}
    ).scalar_one()
    [row] = rows()
    assert (row.first_name, row.last_name, row.phone, row.email) == ("", "", "", "")
    assert row.parent_id == parent.id
    assert "Ruth" not in senco.get(OVERVIEW).text


def test_staff_say_that_they_know_them_first(senco, ruth, rows):
    page = senco.get(f"{OVERVIEW}/{ruth}")
    answer = senco.post(f"{OVERVIEW}/{ruth}", data=sent(page.text, ""))

    assert "Check first that they are a parent or carer" in answer.text
    assert rows()[0].parent_id is None


def test_a_second_press_finds_them_in_the_list(senco, ruth, rows, client_for, world):
    """Given two of the staff who have the same page open
    When both take them into the list
    Then one parent stands there, and the second is led to them."""
    page = senco.get(f"{OVERVIEW}/{ruth}").text
    senco.post(f"{OVERVIEW}/{ruth}", data=sent(page, "") | {"knows": "y"})
    second = client_for(world.school.lead).post(
        f"{OVERVIEW}/{ruth}", data={"knows": "y"}, follow_redirects=True
    )

    assert "A colleague has taken them into your list." in second.text
    answer = senco.post(f"{OVERVIEW}/{ruth}/set-aside", follow_redirects=True)
    assert "Nothing was deleted." in answer.text
    assert len(rows()) == 1


def test_somebody_who_shares_a_number_is_possible_and_never_certain(senco, stranger, address, rows):
    """Given a parent with the same number, another name
    When staff look, both are named, and only a tick makes it two people."""
    senco.post(
        "/school/parents/add", data={"first_name": "Sam", "last_name": "Partner", "phone": "07700 900751"}
    )
    stranger.post(address, data=RUTH)
    at = f"{OVERVIEW}/{rows()[0].id}"
    page = senco.get(at)
    assert "Sam Partner has this mobile number." in page.text

    unsaid = senco.post(at, data=sent(page.text, "") | {"knows": "y", "is_shared": "y"})
    assert "Choose who they are" in unsaid.text
    refused = senco.post(at, data=sent(page.text, "") | {"knows": "y", "who": "new"})
    assert "Is this another person who shares it?" in refused.text
    assert rows()[0].parent_id is None

    said = {"knows": "y", "who": "new", "is_shared": "y"}
    done = senco.post(at, data=sent(page.text, "") | said, follow_redirects=True)
    assert "is in your list. Nothing was sent" in done.text


def test_a_standing_no_is_said_and_nobody_is_added_twice(senco, stranger, address, rows, connection):
    """Given somebody in the list who said no
    When they, or somebody in their name, ask on the page
    Then staff read of the no before they do anything, and are led to the one who is there."""
    senco.post("/school/parents/add", data=RUTH)
    with as_login(connection, "postgres"):
        connection.execute(
            text(
                "update parent set stage = 'said_no', do_not_ask_until = :until where id ="
                " (select parent_id from parent_contact where last_name = 'Newcomer')"
            ),
            {"until": today() + timedelta(days=100)},
        )
    stranger.post(address, data=RUTH)
    at = f"{OVERVIEW}/{rows()[0].id}"
    page = senco.get(at)
    assert "They seem to be in your list already" in page.text
    assert "Ruth Newcomer said no on" in page.text

    done = senco.post(at, data=sent(page.text, "") | {"knows": "y"}, follow_redirects=True)

    assert "is already in your list. Nobody was added." in done.text
    assert "They asked on your sign-up page" in done.text
    assert rows()[0].is_new is False


def test_what_is_set_aside_is_deleted_at_once(senco, ruth, rows):
    done = senco.post(f"{OVERVIEW}/{ruth}/set-aside", follow_redirects=True)

    assert "Deleted. Nobody was told, and nothing is sent." in done.text
    assert rows() == []
    again = senco.post(f"{OVERVIEW}/{ruth}/set-aside", follow_redirects=True)
    assert "It is not there any more" in again.text


def test_who_was_added_by_mistake_is_removed_with_what_they_wrote(senco, ruth, rows):
    page = senco.get(f"{OVERVIEW}/{ruth}")
    senco.post(f"{OVERVIEW}/{ruth}", data=sent(page.text, "") | {"knows": "y"})

    senco.post(f"/school/parents/{rows()[0].parent_id}/remove")

    assert rows() == []


def test_after_28_days_it_is_gone_whatever_came_of_it(ruth, rows, connection, world):
    """And not a day before; it is the schedule's own login that deletes it, in the scope of that school."""
    written = rows()[0].said_at
    for days, left in ((27, 1), (28, 0)):
        connection.execute(text("set session authorization wb_documents"))
        connection.execute(
            text("select set_config('role', 'wb_documents', true), set_config('app.school', :school, true)"),
            {"school": str(world.school.school_id)},
        )
        moment = written + timedelta(days=days)
        assert services.erase_old(connection, school_id=world.school.school_id, moment=moment) == 0
        kept = connection.execute(text("select count(id) from signup"))
        assert kept.scalar_one() == left, days
        connection.execute(text("set session authorization wb_web"))
