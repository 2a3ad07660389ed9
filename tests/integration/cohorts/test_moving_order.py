"""A day that puts sessions out of order, or moves later ones along: asked about, shown and offered as it is."""

# ruff: noqa: F811 - fixtures of another file
from __future__ import annotations

import re

from tests.integration.cohorts.test_staff_sessions import (  # noqa: F401 - fixtures
    last,
    move,
    moving,
    open_day,
    run,
    senco,
    terms,
)


def test_a_day_after_a_later_session_is_asked_about_before_anybody_is_told(senco, world, run, terms, last):
    _last_id, last_day = last
    ((seventh,),) = run(
        "update cohort_session set state = 'cancelled' where cohort_id = :id and number = 7 returning id",
        id=world.school.ids["cohort_id"],
    )
    address = f"/school/groups/sessions/{seventh}/move"
    to = open_day(last_day, terms)

    looked = senco.post(address, data=moving(to)).text
    assert "Session 7 would come after session 8 (" in looked, re.findall(r"warning.*", looked)
    assert move(senco, address, moving(to)).status_code == 303

    # It stands where it meets, and may go on from there.
    page = senco.get(f"/school/groups/{world.school.ids['cohort_id']}").text
    assert page.index(">8<") < page.rindex(">7<")
    answer = move(senco, address, moving(open_day(to, terms), later="stay"))
    assert answer.status_code == 303, answer.text


def test_a_day_that_needs_the_later_ones_to_move_says_so_also_after_a_mistake(senco, world, run):
    """It was named as one that fits, beside "Session 7 is on that day already"."""
    cohort_id = world.school.ids["cohort_id"]
    rows = run(
        "select id, on_date from cohort_session where cohort_id = :id and number in (6, 7) order by number",
        id=cohort_id,
    )
    address = f"/school/groups/sessions/{rows[0].id}/move"
    first = senco.get(address).text
    words = "is the next school day that fits if the later sessions move along"
    refused = senco.post(address, data=moving(rows[1].on_date, later="stay")).text
    assert (words in first) is (words in refused)
    assert "that fits. Choose it" not in refused or "that fits. Choose it" in first
