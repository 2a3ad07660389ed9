"""What is told or printed names no day that was shut since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from infra.ids import new_id
from tests.integration.cohorts.test_staff_sessions import open_day, run, senco, terms, told

__all__ = ["run", "senco", "terms"]  # fixtures


@pytest.fixture
def last_two(run, terms, world):
    """The last two sessions on days that are free: their ids, and the last day."""
    rows = run(
        "select id, on_date from cohort_session where cohort_id = :id and number in (7, 8) order by number",
        id=world.school.ids["cohort_id"],
    )
    ids, on = [row.id for row in rows], open_day(rows[0].on_date, terms)
    days = [on, open_day(on + timedelta(days=1), terms)]
    for session_id, on in zip(ids, days, strict=True):
        run("update cohort_session set on_date = :on where id = :id", on=on, id=session_id)
    return ids, days[1]


@pytest.mark.parametrize("is_shut", [False, True])
def test_a_cancelled_session_names_no_day_after_it_that_cannot_be(senco, run, last_two, world, is_shut):
    """Given that the school is shut on the day of the next session, then no message names that day."""
    (cancelled, _last), after = last_two
    if is_shut:
        run(
            "insert into school_closed_day (school_id, id, on_date, reason) values (:school, :id, :on, 'Polling')",
            school=world.school.school_id,
            id=new_id(),
            on=after,
        )
    senco.post(f"/school/groups/sessions/{cancelled}/cancel", data={"reason": "No heating"})
    assert len(told(run, "session_cancelled_for_now")) == (4 if is_shut else 0)
    assert len(told(run, "session_cancelled")) == (0 if is_shut else 4)
    assert bool(told(run, "led_session_cancelled_for_now")) is is_shut


def test_dates_are_not_printed_while_one_of_them_cannot_be(senco, run, last_two, world):
    """Given a session on a day that was shut since, when the dates are printed, then it is moved or cancelled first."""
    run(
        "insert into school_closed_day (school_id, id, on_date, reason) values (:school, :id, :on, 'Polling')",
        school=world.school.school_id,
        id=new_id(),
        on=last_two[1],
    )
    page = senco.post(f"/school/parents/{world.school.parent.person_id}/plan", follow_redirects=True).text
    assert "Move or cancel it first. Then print their dates." in page
