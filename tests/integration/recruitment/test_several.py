"""Several parents of the list are invited with one press, and the list is saved as a file."""

from __future__ import annotations

import csv
import io

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from tests.integration.test_stale_presses import sent

AT = "/school/parents/several"


@pytest.fixture
def senco(client_for, world):
    return client_for(world.school.senco)


@pytest.fixture
def people(senco, session_for, world):
    """Three who were added: by phone, by email, and one with neither; their ids by name."""
    reached = {
        "Ann": {"phone": "07700 900811"},
        "Bo": {"email": "bo@example.org"},
        "Cy": {"on_paper": "y"},
    }
    for name, reach in reached.items():
        senco.post("/school/parents/add", data={"first_name": name, "last_name": "Many", **reach})
    rows = session_for(world.school.senco).execute(
        text("select first_name, parent_id from parent_contact where last_name = 'Many'")
    )
    return dict(rows.all())


def written(session_for, world) -> dict:
    """Invitations in the outbox: how many for whom."""
    rows = session_for(world.school.senco).execute(
        text("select recipient_id, count(*) from outbox where kind = 'parent_invitation' group by 1")
    )
    return dict(rows.all())


def test_those_who_can_be_are_invited_and_the_others_are_named_with_the_reason(
    senco, people, session_for, world
):
    """Given three who are chosen, one of whom nothing reaches
    When staff look, nothing is sent; when they press, two invitations are written and the third is left out."""
    before = written(session_for, world)
    page = senco.post(AT, data={"chosen": [str(one) for one in people.values()]})
    assert "Send 2 invitations" in page.text
    assert "Print a letter." in page.text.split("They are left out", 1)[1]
    assert written(session_for, world) == before

    chosen = [str(one) for one in people.values()]
    done = senco.post(
        f"{AT}/invite", data=sent(page.text, f"{AT}/invite") | {"chosen": chosen}, follow_redirects=True
    )

    assert "2 invitations are on their way. One person was left out." in done.text
    after = written(session_for, world)
    assert {people["Ann"], people["Bo"]} == after.keys() - before.keys()
    stages = session_for(world.school.senco).execute(
        text("select stage from parent where id = any(:ids) order by stage"), {"ids": list(people.values())}
    )
    assert list(stages.scalars()) == ["identified", "invited", "invited"]


def test_an_address_that_was_corrected_meanwhile_is_shown_first(senco, people, session_for, world):
    chosen = [str(people["Ann"])]
    page = senco.post(AT, data={"chosen": chosen})
    senco.post(
        f"/school/parents/{people['Ann']}/change",
        data={"first_name": "Ann", "last_name": "Many", "phone": "07700 900812"},
    )
    before = written(session_for, world)

    again = senco.post(f"{AT}/invite", data=sent(page.text, f"{AT}/invite") | {"chosen": chosen})

    assert "Something changed here" in again.text
    assert "07700 900812" in again.text
    assert written(session_for, world) == before


def test_whoever_was_invited_a_moment_ago_is_left_out_and_not_said_to_be_invited(senco, people):
    """Given one who was invited by a colleague in this minute, then nothing goes to them, and the page says so."""
    senco.post(f"/school/parents/{people['Ann']}/invite", follow_redirects=True)

    page = senco.post(AT, data={"chosen": [str(people["Ann"]), str(people["Bo"])]})

    assert "Send one invitation" in page.text
    assert "Somebody has just invited them." in page.text.split("They are left out", 1)[1]


def test_pressed_twice_it_goes_out_once(senco, people, session_for, world):
    chosen = [str(people["Ann"])]
    page = senco.post(AT, data={"chosen": chosen})
    data = sent(page.text, f"{AT}/invite") | {"chosen": chosen}
    senco.post(f"{AT}/invite", data=data)
    once = written(session_for, world)

    again = senco.post(f"{AT}/invite", data=data, follow_redirects=True)

    assert written(session_for, world) == once
    assert "Nothing is sent twice." in again.text


@pytest.mark.parametrize("chosen", [[], ["x"], ["00000000-0000-4000-8000-000000000000"]])
def test_nobody_and_nobody_of_ours(senco, chosen):
    answer = senco.post(AT, data={"chosen": chosen}, follow_redirects=True)

    assert answer.status_code == (404 if chosen == ["x"] else 200)
    if answer.status_code == 200:
        said = "not in this list any more" if chosen else "Choose at least one person in the list."
        assert said in answer.text


def test_a_parent_of_another_school_is_not_found(senco, world):
    answer = senco.post(AT, data={"chosen": [str(world.sibling_school.parent.person_id)]})
    assert answer.status_code == 303, "nothing of them is shown"


def test_one_who_is_gone_meanwhile_stops_nobody_else(senco, people):
    """Given two that were ticked, one of whom a colleague took out, then the other can be invited, and it is said."""
    page = senco.post(AT, data={"chosen": [str(people["Ann"]), "00000000-0000-4000-8000-000000000000"]})

    assert "One line that you ticked is not in this list any more" in page.text
    assert "Ann" in page.text


def test_a_list_offers_invitations_only_where_somebody_can_be_invited(senco, client_for, world):
    """Given a school that pauses, then those who are chosen can be saved still, and not invited."""
    assert "Invite those you chose" in senco.get("/school/parents").text
    client_for(world.authority.admin).post(
        f"/authority/schools/{world.school.school_id}/pause", data={"reason": "The boiler is out"}
    )
    page = senco.get("/school/parents").text
    assert "Invite those you chose" not in page
    assert "Save or print those you chose" in page


def test_the_list_is_saved_as_it_is_shown_and_nothing_in_it_is_a_formula(senco, people, session_for, world):
    session = session_for(world.school.senco)
    session.execute(
        text(
            "update recruitment_profile set next_step = '=HYPERLINK(\"http://e.example\")' where parent_id = :id"
        ),
        {"id": people["Ann"]},
    )
    session.commit()
    senco.post("/school/parents/search", data={"text": "many"})
    assert "3 people, as the list shows them now." in senco.get("/school/parents/save").text

    found = senco.get("/school/parents/list.csv")
    table = list(csv.reader(io.StringIO(found.data.decode("utf-8-sig"))))
    assert [row[0] for row in table] == ["Name", "Ann Many", "Bo Many", "Cy Many"]
    ann = dict(zip(table[0], table[1], strict=True))
    assert ann["Mobile number"] == "07700 900811"
    assert ann["Next step"] == '\'=HYPERLINK("http://e.example")'

    book = CalamineWorkbook.from_filelike(io.BytesIO(senco.get("/school/parents/list.xlsx").data))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1][:2] == ["Ann Many", "07700 900811"]
    assert rows[1][-1] == '=HYPERLINK("http://e.example")'
    assert senco.get("/school/parents/list.pdf").status_code == 404
    counts = session_for(world.school.senco).execute(
        text("select details ->> 'count' from audit_event where event = 'recruitment:list:saved'")
    )
    assert list(counts.scalars()) == ["3", "3"]


@pytest.mark.parametrize("narrow", ["stage=waiting", "stage=no+stage", "language=tr"])
def test_filters_narrow_the_file_as_they_narrow_the_page(senco, people, narrow):
    page = senco.get(f"/school/parents?{narrow}").text
    names = [
        row[0]
        for row in csv.reader(
            io.StringIO(senco.get(f"/school/parents/list.csv?{narrow}").data.decode("utf-8-sig"))
        )
    ]
    assert ("Ann Many" in page) is ("Ann Many" in names)
