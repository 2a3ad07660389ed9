"""Whoever has the number, the email or the name of somebody who said no: staff read that before they ask again."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import text

from tests.integration.recruitment.test_staff import NEW
from tests.integration.test_stale_presses import meanwhile, sent  # noqa: F401 - a fixture

RESTS = "Nobody asks them again this school year."
NUMBER = "+447700900842"
STATES = {
    "said_no": (
        "update parent set stage = 'said_no', do_not_ask_until = app.now()::date + 60 where id = :id",
        "said no on",
    ),
    "left": ("update parent set stage = 'left' where id = :id", "Our messages to them have ended."),
    "texts": (
        "update parent_contact set texts_stopped_at = app.now() where parent_id = :id",
        "has wanted no texts since",
    ),
}


@pytest.fixture
def senco(client_for, world):
    return client_for(world.school.senco)


@pytest.fixture
def them(world, meanwhile):  # noqa: F811
    """A parent of the school who has this number, and no email."""
    them = world.school.parent.person_id
    meanwhile(
        "update parent_contact set phone = :phone, email = '', first_name = 'Kwame', last_name = 'Levy'"
        " where parent_id = :id",
        phone=NUMBER,
        id=them,
    )
    return them


@pytest.fixture
def other(senco, them):
    """Somebody else, added with the same number: the address of their page."""
    typed = NEW | {"first_name": "Kwami", "last_name": "Levy", "phone": NUMBER, "is_shared": "y"}
    return senco.post("/school/parents/add", data=typed).headers["Location"]


@pytest.fixture
def rows(session_for, world):
    def read(statement: str, address: str):
        session = session_for(world.school.senco)
        return session.execute(text(statement), {"id": address.rsplit("/", 1)[1]}).all()

    return read


def plain(page) -> str:
    return page.get_data(as_text=True).replace('<bdi translate="no">', "").replace("</bdi>", "")


@pytest.mark.parametrize("state", STATES)
def test_it_is_read_where_a_list_of_parents_is_decided_on(senco, meanwhile, them, state):  # noqa: F811
    """Given a row with the number of somebody who said no, then the choice says so, with "the same person" first."""
    statement, words = STATES[state]
    meanwhile(statement, id=them)
    rows = f"First name,Last name,Mobile\nKwami,Levy,{NUMBER}\nKwame,Levy,{NUMBER}\nKwame,Levy,07700900843\n"

    page = plain(
        senco.post(
            "/school/parents/import",
            data={"file": (io.BytesIO(rows.encode()), "list.csv")},
            content_type="multipart/form-data",
            follow_redirects=True,
        )
    )

    # by their number, by their name at another number, and where it is they themselves
    assert page.count(f"Kwame Levy {words}" if words.startswith(("said", "has")) else words) == 3
    assert page.index("Keep the one you have.") < page.index("Two people. Keep both.")


@pytest.mark.parametrize("state", STATES)
def test_it_is_read_when_their_number_is_typed_for_somebody_else(senco, meanwhile, them, state):  # noqa: F811
    statement, words = STATES[state]
    meanwhile(statement, id=them)

    added = plain(senco.post("/school/parents/add", data=NEW | {"phone": NUMBER}))

    assert "Kwame Levy has this mobile number." in added
    assert words in added
    # and when somebody's number is changed to it
    address = senco.post("/school/parents/add", data=NEW | {"phone": "07700900844"}).headers["Location"]
    assert words in plain(senco.post(f"{address}/change", data=NEW | {"phone": NUMBER}))


def test_a_tick_for_one_number_is_none_for_another(senco, meanwhile, them, world):  # noqa: F811
    """Given "they share it" ticked for a number, when that of somebody who said no is typed, then it is asked anew."""
    meanwhile(STATES["said_no"][0], id=them)
    first = NEW | {"phone": world.school.other_parent.phone}
    page = senco.post("/school/parents/add", data=first)
    assert "said no on" not in plain(page)
    typed = first | {"phone": NUMBER, "is_shared": "y"}

    again = senco.post("/school/parents/add", data=sent(page.text, "/school/parents/add", **typed))

    assert "said no on" in plain(again)
    done = senco.post("/school/parents/add", data=sent(again.text, "/school/parents/add", **typed))
    assert done.status_code == 303


@pytest.mark.parametrize("state", STATES)
def test_it_is_read_on_their_page_and_asked_before_an_invitation(senco, meanwhile, them, other, state, rows):  # noqa: F811
    statement, words = STATES[state]
    meanwhile(statement, id=them)
    assert words in plain(senco.get(other))
    page = senco.get(f"{other}/invite")
    assert words in plain(page)
    form = sent(page.text, f"{other}/invite")

    asked = senco.post(f"{other}/invite", data=form)

    assert "Is this another person? Tick it" in asked.text
    assert rows("select 1 from outbox where kind = 'parent_invitation' and recipient_id = :id", other) == []
    senco.post(f"{other}/invite", data=form | {"another": "y"})
    assert rows("select 1 from outbox where kind = 'parent_invitation' and recipient_id = :id", other) != []


def test_a_no_after_the_page_was_shown_is_asked_about(senco, meanwhile, them, other, rows):  # noqa: F811
    form = sent(senco.get(f"{other}/invite").text, f"{other}/invite")
    meanwhile(STATES["said_no"][0], id=them)

    page = senco.post(f"{other}/invite", data=form | {"another": "y"}, follow_redirects=True)

    assert "Something changed here since you opened that page" in page.text
    assert "said no on" in plain(page)
    assert rows("select 1 from outbox where kind = 'parent_invitation' and recipient_id = :id", other) == []


def test_nothing_is_asked_where_nobody_with_that_number_said_no(senco, them, other):
    page = senco.get(f"{other}/invite").text

    assert "another person" not in page
    assert "same person" not in page
