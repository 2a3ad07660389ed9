"""Who works at the school leads no group of it, and nobody has a place in a group that they lead."""

from __future__ import annotations

import re

import pytest

from tests.integration.cohorts.forming import add_facilitators, add_parents, as_school, form_one

WORKS_HERE = "staff never hear what is said in the room"
TASK = "may lead groups and works here"


@pytest.fixture
def school(world):
    return world.school


@pytest.fixture
def senco(client_for, school, long_term):
    return client_for(school.senco)


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", "", answer.get_data(as_text=True)).split())


def choose(senco, cohort, person):
    data = {"facilitator": str(person)}
    return words(senco.post(f"/school/groups/{cohort}/facilitators", data=data, follow_redirects=True))


@pytest.mark.parametrize("role", ["senco", "lead", "dsl"])
def test_nobody_who_works_here_is_added_as_a_professional(senco, school, look, role):
    """Given a colleague, when staff add them to lead under that address, then it is refused and typed words stay."""
    email = look(
        school.senco, "select email from staff_member where id = :id", id=school.people[role].person_id
    )[0].email
    data = {"name": "Nia Vale", "email": email.upper(), "phone": "", "reason": "She knows us."}
    page = words(senco.post("/school/facilitators/add", data=data))
    assert WORKS_HERE in page
    assert look(school.senco, "select 1 from facilitator where name = 'Nia Vale'") == []


def test_whoever_comes_to_work_here_is_chosen_no_more_and_the_lead_is_told(
    senco, client_for, school, connection, look
):
    """Given somebody who may lead, when they are invited as staff, then the lead reads a task and no group takes
    them; when they are taken off the list of staff, all is as before."""
    cohort = form_one(senco, name="Library group")
    (one,) = add_facilitators(connection, school.school_id, 1)
    as_school(
        connection,
        school.school_id,
        "update facilitator set email = 'nia@x.example.org' where id = :id",
        id=one,
    )
    lead = client_for(school.lead)
    assert TASK not in words(lead.get("/school"))

    data = {"name": "Nia Vale", "email": "nia@x.example.org", "job_title": "", "role": "attendance_lead"}
    lead.post("/school/staff/invite", data=data)
    assert TASK in words(lead.get("/school"))
    assert TASK not in words(senco.get("/school"))
    assert WORKS_HERE in choose(senco, cohort, one)
    assert look(school.senco, "select 1 from cohort_facilitator where cohort_id = :id", id=cohort) == []

    as_school(
        connection, school.school_id, "update staff_member set ended_at = now() where email like 'nia@x%'"
    )
    assert TASK not in words(lead.get("/school"))
    assert WORKS_HERE not in choose(senco, cohort, one)


@pytest.mark.parametrize(("way", "address"), [("email", "both@x.example.org"), ("phone", "+447700900777")])
def test_nobody_leads_a_group_in_which_they_have_a_place(senco, school, connection, look, way, address):
    """Given one person who may lead and waits for a place, when they are chosen to lead, then they get no place there;
    and the other way round."""
    (one,) = add_facilitators(connection, school.school_id, 1)
    (parent,) = add_parents(connection, school.school_id, 1)
    contact = look(
        school.senco,
        "select first_name, last_name, email from parent_contact where parent_id = :id",
        id=parent,
    )[0]
    as_school(
        connection,
        school.school_id,
        f"update parent_contact set {way} = :address where parent_id = :id",
        id=parent,
        address=address,
    )
    as_school(
        connection,
        school.school_id,
        f"update facilitator set name = :name, {way} = :address where id = :id",
        id=one,
        address=address,
        name=f"{contact.first_name} {contact.last_name}".strip().upper(),
    )
    cohort = form_one(senco, name="Library group")
    choose(senco, cohort, one)
    places = {"parents": [str(parent)], "how": "give"}
    page = words(senco.post(f"/school/groups/{cohort}/places", data=places, follow_redirects=True))
    assert "leads this group" in page
    taken = "select 1 from enrolment where cohort_id = :id"
    assert look(school.senco, taken, id=cohort) == []

    other = form_one(senco, name="Evening group")
    senco.post(f"/school/groups/{other}/places", data=places)
    assert len(look(school.senco, taken, id=other)) == 1
    assert "has a place in this group as a parent" in choose(senco, other, one)
