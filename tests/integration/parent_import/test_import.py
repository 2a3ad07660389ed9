"""A school sends its list, looks at what would change, adds everybody at once, and takes it back."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from sqlalchemy import text

from app.parent_import import services
from app.recruitment import many
from app.recruitment.households import list_housemates
from tests.integration.contact_log.sending import contact
from tests.support.pressing import press

LIST = (
    "First name,Last name,Mobile number,Email address,Home language,Year\n"
    "Ayşe,Yılmaz,07700 900555,,Turkish,8\n"
    "Zoë,O’Brien,,zoe@example.org,,Year 9\n"
)


def names(rows) -> list[str]:
    return [one.first_name for one in rows("select first_name from parent_contact order by first_name")]


def test_a_list_is_added_as_a_whole_and_nobody_is_written_to(senco, send, rows):
    # given a list with our headings
    before, written = names(rows), len(rows("select 1 from outbox"))
    page = send(LIST)
    # then nothing is in the school's list before somebody says so
    assert "Add 2 people" in page.text
    assert names(rows) == before
    # when they are added
    done = press(senco, page, "/add")
    assert "Added 2 people." in done.text
    # then each is there, as the form would have it, with where they came from in their history
    found = rows(
        "select c.phone, c.email, c.language, r.year_group, p.stage, e.how from parent_contact c"
        " join parent p on p.id = c.parent_id join recruitment_profile r on r.parent_id = p.id"
        " join parent_event e on e.parent_id = p.id where c.first_name in ('Ayşe', 'Zoë') order by c.first_name"
    )
    assert [tuple(one) for one in found] == [
        ("+447700900555", "", "tr", "Year 8", "identified", "spreadsheet"),
        ("", "zoe@example.org", "en", "Year 9", "identified", "spreadsheet"),
    ]
    assert len(rows("select 1 from outbox")) == written
    (ayse,) = rows("select parent_id from parent_contact where first_name = 'Ayşe'")
    assert "From a spreadsheet" in senco.get(f"/school/parents/{ayse.parent_id}").text


def test_somebody_found_by_search_was_added_from_a_list(senco, send):
    press(senco, send(LIST), "/add")

    assert (
        "Ayşe Yılmaz"
        in senco.post("/school/parents/search", data={"text": "yilmaz"}, follow_redirects=True).text
    )


def test_a_short_list_holds_its_addresses_and_is_added(senco, send, rows):
    assert "Added 2 people." in press(senco, send(LIST), "/add").text
    held = rows("select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()")[0][0]
    # The page of the test runs in one transaction, so that what it holds is still held.
    assert held >= 4


def test_a_workbook_with_one_cell_at_its_far_end_is_refused_and_stops_nobody(senco, send):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "First name")
        sheet.write(1, 0, "Ann")
        sheet.write(1_048_575, 16_383, "x")

    assert "could not read this file in time" in send(file.getvalue(), "list.xlsx").text
    assert "Add 2 people" in send(LIST).text


def test_a_row_that_cannot_be_read_stops_all_until_it_is_left_out(senco, send, rows):
    before = names(rows)
    page = send(LIST + "Bo,Li,not a number,,,\n")
    assert "Row 4" in page.text
    assert "Type the number alone" in page.text
    assert "Ayşe" not in page.text.split("Rows that cannot be read")[1].split("Add them")[0]

    refused = press(senco, page, "/add")
    assert "Correct it in your spreadsheet" in refused.text
    assert names(rows) == before

    assert "Added 2 people." in press(senco, refused, "/add", without_wrong="y").text
    assert "Bo" not in names(rows)


def test_who_may_be_here_already_is_asked_about_and_never_taken_for_certain(
    senco, send, rows, world, session_for
):
    # given a couple that shares a mobile, one of whom is in the list
    here = world.school.parent
    (own,) = rows("select phone, email from parent_contact where parent_id = :id", id=here.person_id)
    shared = own.phone or "+447700900111"
    page = send(f"First name,Last name,Mobile\nSecond,Half,{shared}\nThird,One,07700 900777\n")
    assert "Row 2: Second Half has the mobile number of" in page.text.replace("\u2068", "").replace(
        "\u2069", ""
    )
    # when nobody has decided, nobody is added
    assert "Choose for the one person" in press(senco, page, "/add").text
    # when they are two of one household
    chosen = press(senco, page, "/choices", row_2="household")
    done = press(senco, chosen, "/add")
    assert "Added 2 people." in done.text
    # then both are kept, and staff read that they belong together
    (second,) = rows("select parent_id from parent_contact where first_name = 'Second'")
    session = session_for(world.school.senco)
    assert [one.id for one in list_housemates(session, world.school.school_id, second.parent_id)] == [
        here.person_id
    ]
    theirs = senco.get(f"/school/parents/{here.person_id}")
    assert "Same household" in theirs.text
    # and the note is taken back as it was made
    assert "Same household" not in press(senco, theirs, "/household/part").text


def test_keeping_the_one_who_is_here_adds_nobody(senco, send, rows, world):
    (own,) = rows("select phone from parent_contact where parent_id = :id", id=world.school.parent.person_id)
    page = send(f"First name,Last name,Mobile\nSecond,Half,{own.phone}\n")

    chosen = press(senco, page, "/choices", row_2="keep_one")

    assert "There is nobody new in this file" in chosen.text


def test_the_same_list_again_adds_nobody(senco, send):
    press(senco, send(LIST), "/add")

    page = send(LIST)

    assert "There is nobody new in this file" in page.text


def test_two_of_one_name_and_no_number_are_asked_about(senco, send, rows):
    """Given two children's parents of one name, neither with a number or email, then nobody is left out in silence."""
    page = send("First name,Last name,Year\nAli,Khan,7\nAli,Khan,9\n")

    assert "has the same name as" in page.text
    chosen = press(senco, page, "/choices", row_3="keep_both")
    assert "Added 2 people." in press(senco, chosen, "/add").text


def test_whoever_would_be_added_is_named(senco, send):
    named = send(LIST).text.split("See the 2 people who are new")[1].split("</details>")[0]

    assert "Ayşe Yılmaz" in named
    assert "07700 900555" in named
    assert "zoe@example.org" in named


def test_whoever_was_taken_out_by_hand_does_not_stay(senco, send, rows):
    done = press(senco, send(LIST), "/add")
    (zoe,) = rows("select parent_id from parent_contact where first_name = 'Zoë'")
    senco.post(f"/school/parents/{zoe.parent_id}/remove", data={})

    page = press(senco, done, "/undo")

    assert "Took one person out again." in page.text
    assert "because something has happened" not in page.text


def test_rows_that_change_nothing_are_named(senco, send):
    page = send(LIST + "Ayşe,Yılmaz,07700 900555,,Turkish,8\n")

    assert "One row changes nothing" in page.text
    named = page.text.split("One row changes nothing")[1].split("</details>")[0]
    assert "Row 4" in named
    assert "Ayşe Yılmaz" in named


def test_a_page_from_before_a_choice_adds_nobody(senco, send, rows, world):
    """Given two tabs, when one keeps both and the other still shows one kept, then the other adds nobody."""
    (own,) = rows("select phone from parent_contact where parent_id = :id", id=world.school.parent.person_id)
    page = send(f"First name,Last name,Mobile\nSecond,Half,{own.phone}\nThird,One,07700 900777\n")
    old = press(senco, page, "/choices", row_2="keep_one")
    assert "Add one person" in old.text
    before = names(rows)
    press(senco, old, "/choices", row_2="keep_both")

    again = press(senco, old, "/add")

    assert names(rows) == before
    assert "Added 2 people." in press(senco, again, "/add").text


def test_a_household_with_a_row_that_was_kept_as_somebody_else_is_noted(
    senco, send, rows, world, session_for
):
    """Given a row that is somebody of the list, and another that is of one household with that row."""
    here = world.school.parent
    (own,) = rows("select phone from parent_contact where parent_id = :id", id=here.person_id)
    page = send(
        f"First name,Last name,Mobile,Email\nSecond,Half,{own.phone},both@example.org\nThird,Half,,both@example.org\n"
    )
    chosen = press(senco, page, "/choices", row_2="keep_one", row_3="household")

    assert "Added one person." in press(senco, chosen, "/add").text

    (third,) = rows("select parent_id from parent_contact where first_name = 'Third'")
    mates = list_housemates(session_for(world.school.senco), world.school.school_id, third.parent_id)
    assert [one.id for one in mates] == [here.person_id]


def test_a_list_that_changed_meanwhile_is_looked_at_again(senco, send, rows):
    page = send(LIST)
    senco.post(
        "/school/parents/add",
        data={"first_name": "Ayşe", "last_name": "Yılmaz", "phone": "07700 900555", "language": "tr"},
    )
    before = names(rows)

    again = press(senco, page, "/add")

    assert "nobody was added" in again.text
    assert names(rows) == before
    assert "Added one person." in press(senco, again, "/add").text
    assert names(rows).count("Ayşe") == 1


def test_pressing_add_twice_adds_once(senco, send, rows):
    page = send(LIST)
    press(senco, page, "/add")

    assert "already been added" in press(senco, page, "/add").text
    assert names(rows).count("Ayşe") == 1


def test_taking_back_within_a_day_keeps_people_something_happened_to(senco, send, rows):
    # given two who were added, one of whom was invited since
    done = press(senco, send(LIST), "/add")
    (zoe,) = rows("select parent_id from parent_contact where first_name = 'Zoë'")
    senco.post(f"/school/parents/{zoe.parent_id}/invite", follow_redirects=True)
    # when the list is taken back
    page = press(senco, done, "/undo")
    # then who was invited stays, and the page says so
    assert "Took one person out again." in page.text
    assert "O’Brien stays" in page.text.replace("</bdi>", "")
    assert "Ayşe" not in names(rows)
    assert "Zoë" in names(rows)
    assert "That has already been taken back." in press(senco, done, "/undo").text


def test_who_was_noted_about_stays_without_trying_the_others_again(senco, send, rows, monkeypatch):
    """Given somebody of a list about whom staff noted a call, when it is taken back, then the others go at once."""
    done = press(senco, send(LIST), "/add")
    (zoe,) = rows("select parent_id from parent_contact where first_name = 'Zoë'")
    senco.post(f"/school/parents/{zoe.parent_id}/contacts/add", data=contact(), follow_redirects=True)
    assert rows("select 1 from contact_with_parent where parent_id = :one", one=zoe.parent_id)
    tries, remove = [], many.remove

    def tried(*asked):
        tries.append(asked)
        return remove(*asked)

    monkeypatch.setattr(many, "remove", tried)

    page = press(senco, done, "/undo")

    assert "O’Brien stays" in page.text.replace("</bdi>", "")
    assert (len(tries), "Ayşe" in names(rows), "Zoë" in names(rows)) == (1, False, True)


def test_after_a_day_it_cannot_be_taken_back_and_nothing_of_the_file_is_kept(
    senco, send, rows, world, session_for
):
    press(senco, send(LIST), "/add")
    session = session_for(world.school.senco)
    session.execute(text("update parent_import set added_at = added_at - interval '25 hours'"))
    session.commit()
    ((address, moment),) = rows("select id, app.now() from parent_import")
    late = senco.post(f"/school/parents/import/{address}/undo", follow_redirects=True)
    assert "can be taken back for a day" in late.text

    session = session_for(world.school.senco)
    services.erase_old(session, school_id=world.school.school_id, moment=moment)
    session.commit()

    assert rows("select 1 from parent_import") == []
    assert rows("select 1 from parent_import_row") == []
    assert "Ayşe" in names(rows)


def test_columns_that_we_are_not_sure_of_are_asked_about(senco, send, rows):
    page = send("Fist name,Surname,UPN,Shoe size\nAnn,Lee,A123,38\n")
    assert "What is in which column?" in page.text
    assert "Fist name" in page.text
    assert "We leave these out" in page.text
    # and of what we do not take nothing is kept, not even until tomorrow
    assert [one.cells for one in rows("select cells from parent_import_row")] == [["Ann", "Lee", "", "38"]]

    checked = press(senco, page, "/columns", column_0="first_name", column_1="last_name", column_3="")

    assert "Add one person" in checked.text
    assert "A123" not in checked.text
    # and what was chosen stands there when somebody looks again
    again = senco.get(f"{checked.request.path}?columns=1").text
    assert 'value="first_name" selected' in again


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"column_0": "phone", "column_1": "email"}, "Say which column has their name."),
        ({"column_0": "first_name", "column_1": "first_name"}, "Leave one of them out."),
    ],
)
def test_columns_that_do_not_fit_are_refused_and_stay_as_chosen(senco, send, columns, words):
    page = press(senco, send("Vorname,Nachname\nAnn,Lee\n"), "/columns", first_row="headings", **columns)

    assert words in page.text
    for value in columns.values():
        assert f'value="{value}" selected' in page.text


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("list.csv", b"", "nothing in this file"),
        ("list.pdf", b"%PDF-1.4", "CSV or Excel file"),
        ("list.csv", b"First name\n" + b"Ann\n" * 10_001, "more than 10,000 rows"),
    ],
)
def test_a_file_that_is_not_a_list_is_refused_at_its_field(send, name, data, words):
    page = send(data, name)

    assert words in page.text
    assert "There is a problem" in page.text


def test_another_school_sees_nothing_of_it(send, client_for, world):
    page = send(LIST)
    address = page.request.path

    for person in (world.sibling_school.senco, world.other_school.lead):
        assert client_for(person).get(address).status_code == 404
        assert client_for(person).post(f"{address}/add").status_code == 404
    assert client_for(world.authority.admin).get(address).status_code == 403


def test_a_school_that_has_left_adds_nobody(own, world):
    """The stage is asked when the file is sent, and again when its people are added."""
    client = own.client(world.school.senco)
    own.rows("update school set stage = 'left' where school_id = %s", world.school.school_id)

    assert "Send and check" not in client.get("/school/parents/import").text

    page = client.post(
        "/school/parents/import",
        data={"file": (io.BytesIO(LIST.encode()), "list.csv")},
        content_type="multipart/form-data",
        follow_redirects=True,
    )

    assert "Add 2 people" not in page.text
    assert own.rows("select 1 from parent_import") == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_empty_list_has_headings_that_we_know_and_nobody_in_it(senco, send, kind):
    template = senco.get(f"/school/parents/import/template.{kind}")
    assert template.status_code == 200

    assert "headings and no rows" in send(template.data, f"list.{kind}").text
    if kind == "csv":
        assert "Add one person" in send(template.data + b"Ann,Lee\r\n").text
