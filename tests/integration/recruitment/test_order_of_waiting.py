"""Who waits for a place stands in one order, wherever it is asked."""

from __future__ import annotations

from sqlalchemy import text

from app.recruitment.queries import list_waiting
from app.recruitment.waiting import list_in_order
from tests.support.borrowed import as_login


def test_the_schedule_offers_in_the_order_that_staff_read(connection, session_for, world):
    """Given more than one page of people who wait, many of them since the same moment."""
    school = world.school
    with as_login(connection, "postgres"):
        connection.execute(
            text(
                "with made as (insert into parent (school_id, id, stage, created_at, joined_at, stage_changed_at)"
                " select :school, gen_random_uuid(), 'joined', app.now(), case n % 3 when 0 then null else"
                " app.now() - make_interval(days => n / 5) end, app.now() - make_interval(days => n / 7)"
                " from generate_series(1, 230) n returning id)"
                " insert into parent_contact (school_id, parent_id, first_name, last_name, email)"
                " select :school, id, 'Waits', 'Long', 'waits@example.org' from made"
            ),
            {"school": school.school_id},
        )
    session = session_for(school.people["senco"])

    read = [line.id for line in list_waiting(session, school.school_id)]

    assert read == [one.id for one in list_in_order(session, school.school_id)]
    assert len(read) >= 230
