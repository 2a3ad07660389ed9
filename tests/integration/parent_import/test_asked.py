"""What is asked about a list: what its first row is, and who is of one household with whom."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from app.recruitment.households import link
from infra.ids import new_id
from tests.integration.parent_import.test_import import names
from tests.support.pressing import press


def test_what_is_ticked_counts_when_they_are_added(senco, send, rows, world):
    """Given a choice that was ticked and not saved, when everybody is added, then it is as it was ticked."""
    (own,) = rows("select phone from parent_contact where parent_id = :id", id=world.school.parent.person_id)
    page = send(
        f"First name,Last name,Mobile\nSecond,Half,{own.phone}\nThird,Half,{own.phone}\nFourth,One,07700 900777\n"
    )

    # one of two is decided: it stays ticked while the other is asked for
    refused = press(senco, page, "/add", row_2="keep_both")
    assert "Choose for the one person" in refused.text
    assert re.search(r'name="row_2"[^>]*value="keep_both"[^>]*checked', refused.text)
    done = press(senco, refused, "/add", row_2="keep_both", row_3="keep_one")

    assert "Added 2 people." in done.text
    assert {"Second", "Fourth"} <= set(names(rows))
    assert "Third" not in names(rows)


@pytest.mark.parametrize(
    ("data", "first"),
    [
        ("Ann,Lee,07700900713\nBob,Lee,07700900714\n", None),
        ("Ann,Lee,ann@example.org\nBob,Lee,bob@example.org\n", None),
        ("Ann,Lee,\nBob,Lee,\n", "parent"),
        ("Vorname,Nachname,\nAnn,Lee,\nBob,Lee,\n", "headings"),
    ],
    ids=["number", "address", "names", "headings"],
)
def test_the_first_parent_of_a_list_without_headings_is_not_lost(senco, send, rows, data, first):
    """Given a list whose first row is no heading of ours, then it is a parent, or somebody says what it is."""
    page = send(data)
    assert "What is in which column?" in page.text
    columns = {"column_0": "first_name", "column_1": "last_name"}
    if first is None:
        assert "What is the first row?" not in page.text
    else:
        asked = press(senco, page, "/columns", **columns)
        assert "Say what the first row is" in asked.text
        columns["first_row"] = first

    checked = press(senco, page, "/columns", **columns)

    assert "2 rows in list.csv" in checked.text.replace("\u2068", "").replace("\u2069", "")
    assert "Added 2 people." in press(senco, checked, "/add").text
    assert {"Ann", "Bob"} <= set(names(rows))
    assert "Vorname" not in names(rows)


def test_a_household_of_which_one_is_left_is_none(senco, send, rows, world):
    """Given two of one household, when one of them is taken back, then the other is in none."""
    (own,) = rows("select phone from parent_contact where parent_id = :id", id=world.school.parent.person_id)
    page = press(senco, send(f"First name,Mobile\nSecond,{own.phone}\n"), "/choices", row_2="household")
    done = press(senco, page, "/add")
    assert len(rows("select 1 from household_member")) == 2

    press(senco, done, "/undo")

    assert rows("select 1 from household_member") == []


def test_a_household_with_somebody_who_has_just_been_taken_out_is_not_noted(session_for, world):
    session = session_for(world.school.senco)

    link(session, world.school.school_id, [(world.school.parent.person_id, new_id())])

    assert session.execute(text("select 1 from household_member")).all() == []
