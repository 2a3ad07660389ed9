"""The pages on which staff put two records together, and what their old addresses answer."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text

from app.accounts.services import invite
from app.identity.roles import Role
from tests.support.borrowed import as_login
from tests.support.links import sent
from tests.support.reading import find_in

PERSON = {"language": "en", "attendance_band": "", "year_group": "", "email": "", "phone": ""}


@pytest.fixture
def senco(client_for, world):
    return client_for(world.school.senco)


@pytest.fixture
def two(senco):
    """Addresses of the pages of one person who was written down twice."""
    found = []
    for more in (
        {"first_name": "Amina", "last_name": "Begum", "phone": "07700 900777"},
        {"first_name": "Amina", "last_name": "Begam", "email": "amina@example.org"},
    ):
        found.append(senco.post("/school/parents/add", data=PERSON | more).location)
    return found


def address(two):
    older, newer = two
    return f"{older}/same-person/{newer.rsplit('/', 1)[1]}"


def mark(page):
    return find_in(r'name="as_shown" value="([^"]+)"', page.text).group(1)


def test_from_the_page_of_a_parent_to_one_entry_and_back(senco, two):
    """Given somebody who is there twice, when staff choose, look and press, then they are one; undone, two again."""
    older, newer = two
    assert "/same-person" in senco.get(older).text
    chosen = senco.get(f"{older}/same-person")
    assert "Amina Begam" in chosen.text
    assert "a name like it" in chosen.text
    preview = senco.get(address(two))
    for words in (
        "Begam",
        "+44 7700 900777",
        "What is private and does not move",
        "You can undo it for a day",
    ):
        assert words in preview.text or words.replace("+44 ", "0") in preview.text
    done = senco.post(address(two), data={"name": "stays", "as_shown": mark(preview)}, follow_redirects=True)
    assert "They are one entry now" in done.text
    assert done.request.path == older
    assert "Put together with Amina Begam" in done.text
    assert "Two entries of the same person were put together here" in done.text
    listed = senco.post("/school/parents/search", data={"text": "amina"}, follow_redirects=True)
    assert "Begam" not in listed.text
    was = find_in(r'href="([^"]+/was/[^"]+)"', done.text).group(1)
    look = senco.get(was)
    assert "Undo: they are two people" in look.text
    undone = senco.post(f"{was}/undo", data={"as_shown": mark(look)}, follow_redirects=True)
    assert "is an entry of its own again" in undone.text
    assert senco.get(newer).status_code == 200
    assert senco.get(was).status_code == 404
    again = senco.post(f"{was}/undo", follow_redirects=True)
    assert "already been undone" in again.text


def test_old_addresses_of_the_one_that_went_lead_on(senco, two):
    """Given an entry that went, when an old page of it is opened or pressed, then it leads to the one that stays."""
    older, newer = two
    senco.post(address(two), data={"name": "stays"})
    opened = senco.get(newer, follow_redirects=True)
    assert opened.request.path == older
    assert "was put together with this one" in opened.text
    pressed = senco.post(f"{newer}/change", data=PERSON | {"first_name": "X"}, follow_redirects=True)
    assert pressed.request.path == older
    assert "nothing was done" in pressed.text
    twice = senco.post(address(two), data={"name": "stays"}, follow_redirects=True)
    assert twice.request.path == older
    noted = senco.get(f"{newer}/contacts/add", follow_redirects=True)
    assert noted.request.path in (older, f"{newer}/contacts/add")


def test_a_page_that_lay_open_changes_nothing(senco, two):
    """Given a preview that lay open, when a colleague corrected one of them, then the press says so."""
    preview = senco.get(address(two))
    senco.post(
        f"{two[1]}/change",
        data=PERSON | {"first_name": "Amina", "last_name": "Begam", "email": "other@example.org"},
    )
    late = senco.post(address(two), data={"name": "stays", "as_shown": mark(preview)})
    assert "Something changed here since you opened that page" in late.text
    assert senco.get(two[1]).status_code == 200


def test_where_they_cannot_be_put_together_the_page_says_what_to_do(senco, world):
    """Given two with an account each, when staff look at both, then it says why not, and there is no button."""
    parent, graduate = world.school.parent.person_id, world.school.graduate.person_id
    page = senco.get(f"/school/parents/{parent}/same-person/{graduate}")
    assert "These two stay two entries for now" in page.text
    assert "What each wrote is private" in page.text
    assert "Put them together" not in page.text


def test_anybody_of_the_list_is_found_and_nothing_stands_in_the_address(senco, two, world):
    """Given somebody with nothing in common, when staff look for them, then they are found."""
    found = senco.post(f"{two[0]}/same-person/search", data={"text": "waiting"}, follow_redirects=True)
    assert str(world.school.ids["waiting_parent_id"]) in found.text
    assert not found.request.query_string


def test_an_old_invitation_link_answers_kindly(senco, two, client_for, app, connection, world, session_for):
    """Given a link that was sent to the one that went, when it is opened, then it says how to get a new one."""
    newer = UUID(two[1].rsplit("/", 1)[1])
    staff = session_for(world.school.senco)
    ids = invite(
        staff,
        role=Role.PARENT,
        authority_id=world.authority.authority_id,
        school_id=world.school.school_id,
        person_id=newer,
        email="amina@example.org",
        name="Amina",
    )
    staff.commit()
    token = sent(connection, app.config["SECRET_KEY"], ids[0])
    assert client_for(None).get(f"/link/{token}").status_code == 200
    senco.post(address(two), data={"name": "stays"})
    late = client_for(None).get(f"/link/{token}")
    assert late.status_code == 410
    assert "This link has ended" in late.text
    assert "Send my link" in late.text
    pressed = client_for(None).post(f"/link/{token}")
    assert pressed.status_code == 410


def test_a_school_that_may_not_find_parents_is_told_so(senco, two, world, connection):
    """Given a school that has stopped, when staff would put two together, then the page says that it is not now."""
    with as_login(connection, "postgres"):
        connection.execute(
            text("update school set stage = 'left' where school_id = :id"), {"id": world.school.school_id}
        )
    page = senco.get(f"{two[0]}/same-person")
    assert "They may be the same person" not in page.text
