"""Staff add parents, ask them, and write down what they say."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from tests.support.reading import find_in

NEW = {
    "first_name": "Ayşe",
    "last_name": "Yılmaz",
    "phone": "07700 900555",
    "email": "",
    "language": "tr",
    "year_group": "Year 8",
    "attendance_band": "",
}


@pytest.fixture
def senco(client_for, world):
    return client_for(world.school.senco)


def one(connection, statement, **values):
    with connection.begin_nested():
        connection.execute(text("select set_config('role', 'wb_school', true)"))
        connection.execute(
            text("select set_config('app.school', :s, true)"), {"s": str(values.pop("school"))}
        )
        return connection.execute(text(statement), values).first()


def test_a_parent_with_only_a_phone_can_be_added(senco, world, connection):
    page = senco.post("/school/parents/add", data=NEW, follow_redirects=True)
    assert "Ayşe Yılmaz" in page.text
    found = senco.post("/school/parents/search", data={"text": "Ayşe"}, follow_redirects=True)
    assert "phone only" in found.text
    assert "Ay" not in found.request.query_string.decode()
    assert world.school.parent.person_id.hex not in found.text.replace("-", "")
    assert str(world.school.parent.person_id) in senco.get("/school/parents?forget=1").text
    row = one(
        connection,
        "select p.stage, c.phone, c.email from parent p join parent_contact c on c.parent_id = p.id"
        " where c.last_name = 'Yılmaz'",
        school=world.school.school_id,
    )
    assert tuple(row) == ("identified", "+447700900555", "")


def test_pressing_add_twice_leads_to_the_same_person(senco, world, connection):
    # given somebody who was added
    first = senco.post("/school/parents/add", data=NEW)
    # when the same form is sent again
    second = senco.post("/school/parents/add", data=NEW | {"first_name": "ayşe"})
    # then there is one of them, and the page says so without blame
    assert second.status_code == 303
    assert second.headers["Location"] == first.headers["Location"]
    page = senco.get(second.headers["Location"]).text
    assert "is already in your list. Nothing was added twice." in page
    row = one(
        connection,
        "select count(*) from parent_contact where last_name = 'Yılmaz'",
        school=world.school.school_id,
    )
    assert row[0] == 1


def test_an_empty_form_names_everything_that_is_missing(senco):
    page = senco.post("/school/parents/add", data={}).text
    for words in (
        "Enter their name. One name is enough.",
        "Enter a mobile number or an email address",
    ):
        assert words in page


@pytest.mark.parametrize("names", [("Sukarno", ""), ("", "Sukarno")])
def test_somebody_with_one_name_has_it_wherever_we_write_to_them(senco, world, connection, names):
    # when somebody with one name is added, in whichever box
    first, last = names
    page = senco.post(
        "/school/parents/add", data=NEW | {"first_name": first, "last_name": last}, follow_redirects=True
    )
    # then it is their name, and what we greet them with
    assert ">Sukarno<" in page.text
    row = one(
        connection,
        "select first_name, last_name from parent_contact where 'Sukarno' in (first_name, last_name)",
        school=world.school.school_id,
    )
    assert tuple(row) == ("Sukarno", "")
    # and it can be found, changed and named again
    assert (
        "Sukarno"
        in senco.post("/school/parents/search", data={"text": "sukarno"}, follow_redirects=True).text
    )


def test_an_apostrophe_of_a_phones_keyboard_reaches_the_same_mailbox(senco, world, connection):
    senco.post("/school/parents/add", data=NEW | {"phone": "", "email": "Mary.O’Brien@Example.org"})
    row = one(
        connection,
        "select email from parent_contact where last_name = 'Yılmaz'",
        school=world.school.school_id,
    )
    assert row[0] == "mary.o'brien@example.org"


def test_without_phone_and_email_the_page_asks_and_keeps_what_was_typed(senco):
    page = senco.post("/school/parents/add", data=NEW | {"phone": ""})
    assert page.status_code == 200
    assert "Enter a mobile number or an email address" in page.text
    assert 'value="Ayşe"' in page.text


def test_a_phone_that_another_parent_has_brings_a_plain_question(senco, world):
    same = NEW | {"phone": world.school.parent.phone}
    page = senco.post("/school/parents/add", data=same)
    assert page.status_code == 200
    assert "Is this another person who shares it?" in page.text
    assert "Parent " + world.school.family_canary in page.text

    page = senco.post("/school/parents/add", data=same | {"is_shared": "y"}, follow_redirects=True)
    assert "Added." in page.text


def test_a_wrong_number_says_what_a_right_one_looks_like(senco):
    page = senco.post("/school/parents/add", data=NEW | {"phone": "12"})
    assert "07700" in page.text
    assert 'value="12"' in page.text


def test_an_invitation_goes_out_once_and_moves_the_parent(senco, world, connection):
    parent_id = world.school.ids["identified_parent_id"]
    assert senco.get(f"/school/parents/{parent_id}/invite").status_code == 200
    page = senco.post(f"/school/parents/{parent_id}/invite", follow_redirects=True)
    # From 8pm to 8am no phone rings.
    assert "on its way" in page.text or "gets a text at 8am" in page.text
    assert "Invited" in page.text
    senco.post(f"/school/parents/{parent_id}/invite")
    row = one(
        connection,
        "select count(*) from outbox where kind = 'parent_invitation' and recipient_id = :id",
        school=world.school.school_id,
        id=parent_id,
    )
    assert row[0] == 1


def test_after_a_no_nobody_asks_again_this_school_year(senco, world):
    parent_id = world.school.ids["identified_parent_id"]
    page = senco.post(
        f"/school/parents/{parent_id}/answer",
        data={"to_stage": "said_no", "how": "telephone", "reason": ""},
        follow_redirects=True,
    )
    assert "Said no" in page.text
    assert "Send an invitation" not in page.text
    page = senco.post(f"/school/parents/{parent_id}/invite", follow_redirects=True)
    assert "We do not ask again this school year" in page.text


def test_a_yes_by_telephone_joins_nobody(senco, world):
    """Given somebody who says yes on the telephone, when staff note it, then they are interested, not joined."""
    parent_id = world.school.ids["identified_parent_id"]
    page = senco.post(
        f"/school/parents/{parent_id}/answer",
        data={"to_stage": "joined", "how": "telephone"},
        follow_redirects=True,
    ).text
    assert "so that they can confirm it themselves" in page
    assert "Interested" in page
    assert "By telephone" in page


def test_whoever_changes_where_messages_go_reads_what_it_means_and_stands_in_the_history(senco, world):
    parent_id = world.school.parent.person_id
    address = f"/school/parents/{parent_id}/change"
    page = senco.get(address).text
    seen = re.search(r'name="seen"[^>]* value="([^"]*)"|value="([^"]*)"[^>]* name="seen"', page)
    data = {"first_name": "Ada", "email": "elsewhere@example.org", "language": "en", "year_group": ""}
    data |= {"attendance_band": "", "seen": (seen[1] or seen[2]) if seen else ""}
    shown = senco.post(address, data=data, follow_redirects=True).text
    assert "they still sign in as they did" in shown
    changed = shown.partition("Where messages go was changed")[2]
    assert world.school.senco.name in changed[:400]


def test_a_yes_that_staff_noted_is_followed_by_what_confirms_it(senco, world):
    """The week asks for an invitation or a letter, not for a call; once it is sent, for nothing."""
    parent_id = world.school.ids["identified_parent_id"]
    answer = f"/school/parents/{parent_id}/answer"
    senco.post(answer, data={"to_stage": "interested", "how": "telephone"})
    assert "to confirm their yes" not in senco.get("/school").text
    senco.post(answer, data={"to_stage": "joined", "how": "telephone"})

    week = senco.get("/school").text
    shown = senco.get(f"/school/parents/{parent_id}").text
    name = find_in(r"<h1[^>]*>\s*([^<]+?)\s*</h1>", shown)[1]
    assert f"Send {name} an invitation to confirm their yes" in week
    assert f"Call {name}" not in week
    assert "said yes, to be confirmed" in senco.get("/school/parents").text
    assert "It counts when they confirm it themselves" in shown

    senco.post(f"/school/parents/{parent_id}/letter")
    assert "to confirm their yes" not in senco.get("/school").text
    assert "It counts when" not in senco.get(f"/school/parents/{parent_id}").text


def test_a_no_can_be_noted_to_what_parents_are_asked_and_to_nothing_else(senco, client_for, world):
    page = senco.get(f"/school/parents/{world.school.parent.person_id}/answer").text
    offered = set(re.findall(r'name="no_to" type="checkbox" value="(\w+)"', page))
    asked = set(
        re.findall(
            r'name="(\w+)" type="radio" value="no"',
            client_for(world.school.parent).get("/my/choices").text,
        )
    )
    assert offered
    assert offered == asked - {"join"}


def test_a_letter_is_made_once_a_day_and_counts_as_an_invitation(senco, world, connection):
    # given somebody who was not asked yet
    parent_id = world.school.ids["identified_parent_id"]
    page = senco.get(f"/school/parents/{parent_id}").text
    assert "Make a letter to print" in page
    assert "Open the letter" not in page
    # when the button is pressed twice
    for _press in range(2):
        answer = senco.post(f"/school/parents/{parent_id}/letter")
        assert answer.status_code == 303
        assert "/documents/" in answer.headers["Location"]
    # then there is one letter, the parent is invited, and the page has the way to it
    page = senco.get(f"/school/parents/{parent_id}").text
    assert "Open the letter of" in page
    assert "A letter was printed" in page
    row = one(
        connection,
        "select count(*), min(parent_id::text), min(file_name) from document where kind = 'invitation_letter'",
        school=world.school.school_id,
    )
    assert tuple(row) == (1, str(parent_id), "invitation-letter.pdf")


def test_after_a_no_there_is_no_letter_either(senco, world):
    parent_id = world.school.ids["identified_parent_id"]
    senco.post(
        f"/school/parents/{parent_id}/answer", data={"to_stage": "said_no", "how": "telephone", "reason": ""}
    )
    page = senco.post(f"/school/parents/{parent_id}/letter", follow_redirects=True)
    assert "We do not ask again this school year" in page.text
    assert "Make a letter" not in page.text


def test_another_schools_parent_gets_no_letter(senco, world):
    for school in (world.sibling_school, world.other_school):
        assert senco.post(f"/school/parents/{school.ids['identified_parent_id']}/letter").status_code == 404


@pytest.mark.parametrize("path", ["", "/change", "/invite", "/answer"])
def test_another_schools_parent_is_not_found(senco, world, path):
    assert senco.get(f"/school/parents/{world.sibling_school.ids['parent_id']}{path}").status_code == 404


def test_the_list_narrows_by_stage_and_counts(senco, world):
    page = senco.get("/school/parents?stage=waiting")
    assert f"Waiting {world.school.family_canary}" in page.text
    assert f"Identified {world.school.family_canary}" not in page.text
    assert senco.get("/school/parents?stage=nonsense&page=-3&language=xx").status_code == 200


def test_a_page_past_the_end_of_the_list_is_its_first(senco):
    """Given a list that has grown shorter, when an old page of it is opened, then nobody reads that it is empty."""
    answer = senco.get("/school/parents?stage=waiting&page=3")
    assert (answer.status_code, answer.location) == (303, "/school/parents?stage=waiting")


def test_a_parents_page_shows_choices_and_no_answers(senco, world):
    page = senco.get(f"/school/parents/{world.school.parent.person_id}")
    assert "You may see which sessions they come to" in page.text


def test_an_invitation_goes_where_its_page_said_or_nowhere(senco, world, connection):
    """A colleague corrects the address while the page is open."""
    parent_id = world.school.ids["identified_parent_id"]
    at = f"/school/parents/{parent_id}"
    mark = find_in(r'name="as_shown" value="([^"]+)"', senco.get(f"{at}/invite").text).group(1)
    before = one(
        connection,
        "select email, phone from parent_contact where parent_id = :id",
        school=world.school.school_id,
        id=parent_id,
    )
    with connection.begin_nested():
        connection.execute(text("select set_config('role', 'wb_school', true)"))
        connection.execute(
            text("select set_config('app.school', :s, true)"), {"s": str(world.school.school_id)}
        )
        connection.execute(
            text("update parent_contact set email = 'meanwhile@example.org' where parent_id = :id"),
            {"id": parent_id},
        )

    answer = senco.post(f"{at}/invite", data={"as_shown": mark})

    assert before.email != "meanwhile@example.org"
    assert answer.location == f"{at}/invite"
    page = senco.get(answer.location).text
    assert "Something changed here" in page
    assert "meanwhile@example.org" in page
    fresh = find_in(r'name="as_shown" value="([^"]+)"', page).group(1)
    pressed = senco.post(f"{at}/invite", data={"as_shown": fresh}, follow_redirects=True).text
    assert "Invited" in pressed
