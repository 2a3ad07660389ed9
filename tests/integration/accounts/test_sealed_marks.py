"""Who came before a way in stays shut for it, and for those whom it lets see who comes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.identity.roles import Role
from infra.clock import now
from tests.integration.accounts.conftest import listed

MEETINGS = "Meetings that you came to"


@pytest.fixture
def on_paper(acting_as, world, connection):
    """Somebody who joined on paper and came to the group: a place and a mark, and no way in."""
    parent, school = world.school.ids["waiting_parent_id"], world.school
    with acting_as(school.lead) as session:
        listed(session, school.lead, Role.PARENT, parent)
    values = {
        "school": school.school_id,
        "parent": parent,
        "cohort": school.ids["cohort_id"],
        "session": school.ids["session_id"],
        "at": now() - timedelta(days=1),
    }
    connection.execute(text("set session authorization default"))
    for statement in (
        "insert into enrolment (school_id, id, cohort_id, parent_id, status, joined_at)"
        " values (:school, gen_random_uuid(), :cohort, :parent, 'in_group', :at)",
        "insert into attendance (school_id, session_id, parent_id, cohort_id, mark, marked_at)"
        " values (:school, :session, :parent, :cohort, 'present', :at)",
        "update parent set stage = 'in_group' where id = :parent",
    ):
        connection.execute(text(statement), values)
    connection.execute(text("set session authorization wb_web"))
    return parent


@pytest.fixture
def marks(acting_as, world):
    """How many of somebody's marks the school's staff read."""

    def count(parent):
        with acting_as(world.school.attendance_lead) as session:
            statement = text("select count(*) from attendance where parent_id = :parent")
            return session.execute(statement, {"parent": parent}).scalar_one()

    return count


@pytest.fixture
def come_in(on_paper, clock, client_for, invitation_to):
    """A browser that opens the first invitation of somebody who came on paper."""
    client = client_for(None)
    link = invitation_to(Role.PARENT, person_id=on_paper, email="paper@example.org")
    assert client.post(f"/link/{link}").status_code == 303
    return client


def test_the_first_link_of_somebody_on_paper_opens_no_meeting_of_before(come_in, on_paper, world, connection):
    connection.execute(text("set session authorization default"))
    connection.execute(text("update parent set stage = 'left' where id = :id"), {"id": on_paper})
    connection.execute(
        text("update enrolment set status = 'left' where parent_id = :id"),
        {"id": on_paper},
    )
    connection.execute(text("set session authorization wb_web"))

    assert MEETINGS not in come_in.get("/my/group", follow_redirects=True).text
    assert come_in.get(f"/my/sessions/{world.school.ids['session_id']}").status_code == 404


def test_a_yes_to_sharing_shows_staff_what_comes_after_it(come_in, on_paper, marks, connection, world):
    assert marks(on_paper) == 0
    choices = dict.fromkeys(("email", "text", "pooled_answers", "ask_to_lead"), "no")
    come_in.post("/my/choices", data=choices | {"share_attendance": "yes"})
    assert marks(on_paper) == 0

    connection.execute(text("set session authorization default"))
    connection.execute(
        text(
            "insert into attendance (school_id, session_id, parent_id, cohort_id, mark, marked_at) select school_id,"
            " id, :parent, cohort_id, 'present', app.now() + interval '1 second' from cohort_session"
            " where cohort_id = :cohort and number = 2"
        ),
        {"parent": on_paper, "cohort": world.school.ids["cohort_id"]},
    )
    connection.execute(text("set session authorization wb_web"))
    assert marks(on_paper) == 1


def test_who_came_in_before_shows_all_that_they_share(marks, world):
    """The rule is about later ways in alone."""
    assert marks(world.school.parent.person_id) == 3
