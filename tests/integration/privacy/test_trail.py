"""The trail of a school: what staff may read in it, and what stays a parent's own."""

from __future__ import annotations

import pytest
from sqlalchemy import text

KEPT_FROM_STAFF = (
    "cohorts:absence:said",
    "cohorts:topics:voted",
    "measures:answers:sent",
    "recruitment:consent:chosen",
)


@pytest.fixture
def written(session_for, world):
    """One event of each kind by a parent of the school, as their own pages write them."""

    def write(*events):
        parent = world.school.parent
        session = session_for(parent)
        for event in events:
            session.execute(
                text(
                    "insert into audit_event (school_id, id, event, subject_id, actor_audience, actor_role, actor_id,"
                    " details, at) values (:s, gen_random_uuid(), :event, :p, 'wb_parent', 'parent', :p, '{}',"
                    " app.now())"
                ),
                {"s": parent.school_id, "event": event, "p": parent.person_id},
            )
        session.commit()

    return write


@pytest.mark.parametrize("who", ["lead", "senco", "attendance_lead", "dsl"])
def test_staff_do_not_read_what_parents_chose_said_or_answered(session_for, written, world, who):
    written(*KEPT_FROM_STAFF, "recruitment:parent:moved")

    session = session_for(world.school.people[who])
    found = set(session.execute(text("select event from audit_event")).scalars())

    assert found & set(KEPT_FROM_STAFF) == set()
    assert "recruitment:parent:moved" in found
