"""A parent whom staff take out of a group is told, or staff read that they must tell them; their turn stays theirs."""

from __future__ import annotations

import pytest
from sqlalchemy import text


@pytest.fixture
def school(world):
    return world.school


@pytest.fixture
def address(school):
    return f"/school/groups/{school.ids['cohort_id']}/parents/{school.parent.person_id}/remove"


def told(look, school):
    asked = "select channel from outbox where kind = 'place_ended' and recipient_id = :id"
    return {row.channel for row in look(school.lead, asked, id=school.parent.person_id)}


def changed(connection, statement, **values):
    connection.execute(text("set session authorization default"))
    connection.execute(text(statement), values)
    connection.execute(text("set session authorization wb_web"))


def test_who_waits_for_another_group_is_told_once(client_for, school, address, look):
    staff = client_for(school.lead)
    assert "we tell them in the way they chose" in staff.get(address).text
    for _press in range(2):
        page = staff.post(address, data={"to_stage": "waiting"}, follow_redirects=True).text
    assert told(look, school) == {"email", "sms"}
    assert "is not in this group any more" in page


def test_who_left_gets_no_message_any_more(client_for, school, address, look):
    client_for(school.lead).post(address, data={"to_stage": "left"})
    assert told(look, school) == set()


def test_staff_read_before_and_after_that_nothing_reaches_them(client_for, school, address, look, connection):
    changed(
        connection,
        "update parent_contact set phone = '', email = '' where parent_id = :id",
        id=school.parent.person_id,
    )
    staff = client_for(school.lead)
    assert "No message reaches them, so tell them yourself." in staff.get(address).text
    page = staff.post(address, data={"to_stage": "waiting"}, follow_redirects=True).text
    assert "Please tell them yourself." in page


def test_places_are_offered_in_the_order_of_the_yes_also_to_who_waits_again(
    client_for, school, address, connection
):
    first, then = school.parent.person_id, school.ids["waiting_parent_id"]
    for person, days in ((first, 50), (then, 2)):
        changed(
            connection,
            "update parent set joined_at = now() - make_interval(days => :days), waiting_since = null where id = :id",
            id=person,
            days=days,
        )
    staff = client_for(school.lead)
    staff.post(address, data={"to_stage": "waiting"})
    page = staff.get(f"/school/groups/{school.ids['forming_cohort_id']}/places").text
    assert page.index(str(first)) < page.index(str(then))


def test_nobody_without_an_address_is_tagged_as_having_a_phone(client_for, school, connection):
    changed(
        connection,
        "update parent_contact set phone = '', email = '' where school_id = :id",
        id=school.school_id,
    )
    page = client_for(school.lead).get(f"/school/groups/{school.ids['cohort_id']}").text
    assert "on paper, or by phone" in page
    assert "phone only" not in page


def test_who_is_reached_by_nothing_is_work_until_it_is_noted_that_they_know(
    client_for, school, address, look, connection
):
    changed(
        connection,
        "update parent_contact set phone = '', email = '' where parent_id = :id",
        id=school.parent.person_id,
    )
    staff = client_for(school.lead)
    staff.post(address, data={"to_stage": "waiting"})
    task = "that they are not in their group any more"
    assert task in staff.get("/school").text
    page = address.replace("/remove", "/told")
    shown = staff.get(page)
    assert "They stay on the list for the next group" in shown.text
    left_at = look(
        school.lead, "select left_at from enrolment where parent_id = :id", id=school.parent.person_id
    )[0].left_at
    assert staff.post(page, data={"plan": left_at.isoformat(), "how": "in_person"}).status_code == 303
    assert task not in staff.get("/school").text


def test_who_left_is_no_work(client_for, school, address, connection):
    changed(
        connection,
        "update parent_contact set phone = '', email = '' where parent_id = :id",
        id=school.parent.person_id,
    )
    staff = client_for(school.lead)
    staff.post(address, data={"to_stage": "left"})
    assert "not in their group any more" not in staff.get("/school").text
