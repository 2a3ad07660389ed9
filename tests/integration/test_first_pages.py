"""The first page of a school that begins says what comes first; with a group that forms, what comes next."""

from __future__ import annotations

import re

import psycopg
import pytest

from tests.support.own import own_app

FIND, LEAD, FORM = "Find parents to ask", "Find two people to lead", "Form a group:"
OVER = "Every session is closed. Say that the group is over."


@pytest.fixture
def own(stack, world):
    with own_app(stack, "firstpages") as found:
        yield found


def page(own, person):
    return " ".join(re.sub(r"<[^>]+>", "", own.client(person).get("/school").text).split())


def stages(own, world, stage):
    own.rows("update parent set stage = %s where school_id = %s", stage, world.school.school_id)


@pytest.mark.parametrize("who", ["lead", "senco"])
def test_a_school_without_anybody_reads_where_to_begin(own, world, who):
    """Given an active school, when nobody is on its lists, then that is what needs it; else not."""
    person = world.school.people[who]
    assert FIND not in page(own, person)
    own.rows("update facilitator set stage = 'not_now' where school_id = %s", world.school.school_id)
    assert LEAD in page(own, person)
    with psycopg.connect(own.stack.superuser_url, autocommit=True) as root:
        root.execute("set session_replication_role = replica")
        root.execute("delete from parent where school_id = %s", (world.school.school_id,))
    assert FIND in page(own, person)
    own.rows("update school set stage = 'paused' where school_id = %s", world.school.school_id)
    later = page(own, person)
    assert LEAD not in later
    assert FIND not in later


def test_who_is_ready_is_given_a_place_where_a_group_forms(own, world):
    """Given parents who are ready, when a group forms with room, then they are given places in it; when it has none,
    and enough are ready, another group is formed."""
    school = world.school.school_id
    stages(own, world, "waiting")
    own.rows("update cohort set state = 'forming', places = 10 where school_id = %s", school)
    own.rows("delete from enrolment where school_id = %s", school)
    said = page(own, world.school.senco)
    assert re.search("Give (a place|places) in ", said)
    assert FORM not in said


def test_a_group_with_nothing_left_to_close_is_said_to_be_over(own, world):
    school = world.school.school_id
    own.rows("update cohort set state = 'running' where school_id = %s", school)
    own.rows(
        "update cohort_session set state = 'closed', closed_at = now(), on_date = current_date - 7 - number::int"
        " where school_id = %s",
        school,
    )
    assert OVER in page(own, world.school.senco)
