"""Lists as files for a spreadsheet: as the page shows them, safe to open, asked again, and in the history."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from tests.support.borrowed import as_login

LISTS = [
    ("senco", "/school/groups", "cohorts:list:saved"),
    ("senco", "/school/facilitators", "facilitators:list:saved"),
    ("senco", "/school/parents", "recruitment:list:saved"),
    ("council", "/authority/schools", "schools:list:saved"),
]


@pytest.fixture
def opened(client_for, world):
    """`opened("senco")`: a browser of somebody who has just shown who they are."""

    def of(who: str):
        return client_for(world.authority.admin if who == "council" else world.school.people[who])

    return of


def table_of(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.mark.parametrize(("who", "address", "event"), LISTS)
def test_what_would_be_in_it_is_said_and_it_holds_what_the_page_shows(
    opened, who, address, event, connection
):
    client = opened(who)
    assert f"{address}/save" in client.get(address).text
    page = client.get(f"{address}/save").text
    headings, *rows = table_of(client.get(f"{address}/list.csv"))

    assert rows
    assert all(heading in page for heading in headings)
    assert all(len(row) == len(headings) for row in rows)
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{address}/list.xlsx").data))
    assert book.get_sheet_by_index(0).to_python()[0] == headings
    assert client.get(f"{address}/list.pdf").status_code == 404
    with as_login(connection, "wb_owner"):
        trail = text(
            "select count(*) from (select event from audit_event union all select event from authority_audit_event) e"
            " where event = :event"
        )
        assert connection.execute(trail, {"event": event}).scalar_one() == 2


def test_days_sort_and_the_type_is_said_once(opened):
    answer = opened("senco").get("/school/parents/list.csv")
    headings, *rows = table_of(answer)
    since = [row[headings.index("Since")] for row in rows]
    assert all(date.fromisoformat(one) for one in since)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_filters_narrow_the_file_as_they_narrow_the_page(opened, world):
    council = opened("council")
    names = [row[0] for row in table_of(council.get("/authority/schools/list.csv"))[1:]]
    assert world.school.name in names
    active = {row[4] for row in table_of(council.get("/authority/schools/list.csv?stage=active"))[1:]}
    assert active == {"Active"}
    assert "Nothing matches." in council.get("/authority/schools/save?stage=left").text

    senco = opened("senco")
    senco.post("/school/groups/search", data={"text": "zzzz"})
    assert table_of(senco.get("/school/groups/list.csv"))[1:] == []


def test_another_schools_rows_are_in_none_of_them(opened, world):
    for who, address, _event in LISTS:
        body = opened(who).get(f"{address}/list.csv").data.decode("utf-8-sig")
        assert world.other_school.canary not in body
        if who == "senco":
            assert world.sibling_school.canary not in body


def test_what_people_wrote_is_no_formula(opened, world, connection):
    with as_login(connection, "wb_owner"):
        change = text("update facilitator set name = '=1+1' where school_id = :school")
        connection.execute(change, {"school": world.school.school_id})

    names = {row[0] for row in table_of(opened("senco").get("/school/facilitators/list.csv"))[1:]}
    assert names == {"'=1+1"}


def test_a_group_that_meets_elsewhere_next_says_where(opened, world, connection):
    """Beside the day of the next session stands its own room, on the page and in the file."""
    with as_login(connection, "wb_owner"):
        change = text(
            "update cohort_session set room = 'Small hall' where cohort_id = :id and state = 'planned'"
        )
        connection.execute(change, {"id": world.school.ids["cohort_id"]})

    senco = opened("senco")
    headings, *rows = table_of(senco.get("/school/groups/list.csv"))
    assert "Small hall" in {row[headings.index("Room")] for row in rows}
    assert "Small hall" in senco.get("/school/groups").text
