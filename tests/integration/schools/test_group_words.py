"""A council reads no word that a school wrote about a group: it may name a parent."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

NAME = "Group for Anwar, 07700 900160"


def test_a_council_reads_a_number_and_days_in_place_of_the_name_of_a_group(client_for, session_for, world):
    """Given a group called by a name, when the council looks or lets the school leave, it is not read."""
    admin = client_for(world.authority.admin)
    session = session_for(world.school.lead)
    session.execute(text("update cohort set name = :name where state = 'running'"), {"name": NAME})
    session.commit()
    address = f"/authority/schools/{world.school.school_id}"
    left = admin.post(f"{address}/leave", data={"reason": "Merged."}, follow_redirects=True).text
    assert "Not ended yet: Group" in left
    for page in (left, admin.get(address).text, admin.get("/authority").text):
        assert "Anwar" not in page
    assert "Group 1" in admin.get(address).text


@pytest.mark.parametrize(
    "words",
    ["name from cohort", "room from cohort", "end_reason from cohort", "change_reason from cohort_session",
     "room from cohort_session"],
)  # fmt: skip
def test_its_role_may_not_select_them(session_for, world, words):
    with pytest.raises(ProgrammingError, match="permission denied"):
        session_for(world.authority.admin).execute(text(f"select {words}"))


def test_whoever_names_a_group_reads_who_sees_it(lead, world):
    page = lead.get(f"/school/groups/{world.school.ids['cohort_id']}/change").text
    assert "the council does not" in page
