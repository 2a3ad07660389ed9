"""Nobody is made ready to lead by one person: two who are each there by more than the other's word."""

from __future__ import annotations

from itertools import pairwise

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.integration.facilitators.steps import (
    decide_check,
    give_references,
    record_certificate,
    record_training,
    step,
)


@pytest.fixture
def in_training(senco, url):
    """Everything is there for *ready*, and one person did it all."""
    for stage in ("shortlisted", "references"):
        step(senco, url, stage)
    give_references(senco, url)
    step(senco, url, "checks")
    decide_check(senco, url)
    step(senco, url, "training")
    record_certificate(senco, url)
    record_training(senco, url)
    return url


def test_one_person_alone_makes_nobody_ready(senco, in_training):
    refused = step(senco, in_training, "ready")

    assert refused.status_code == 200
    assert "A second person." in refused.get_data(as_text=True)
    assert "A second person." in senco.get(in_training).get_data(as_text=True)


def test_the_database_knows_who_carried_the_check(session_for, senco, in_training, world):
    """Whatever a page or a statement says: who asks stands in the scope."""
    applicant = {"id": world.school.ids["applicant_id"]}
    ready = text("update facilitator set stage = 'ready' where id = :id")
    session = session_for(world.school.senco)
    session.execute(
        text(
            "update facilitator_check set seen_by_id = null, decided_by_id = null, seen_by = 'Somebody'"
            " where facilitator_id = :id"
        ),
        applicant,
    )
    with pytest.raises(IntegrityError, match="ready takes two people"), session.begin_nested():
        session.execute(ready, applicant)


def test_the_same_address_under_another_role_is_the_same_person(senco, lead, in_training, session_for, world):
    session = session_for(world.school.lead)
    session.execute(
        text(
            "update staff_member set email = (select email from staff_member where id = :senco) where id = :lead"
        ),
        {"senco": world.school.senco.person_id, "lead": world.school.lead.person_id},
    )
    session.commit()

    assert "A second person." in step(lead, in_training, "ready").get_data(as_text=True)


@pytest.fixture
def as_superuser(connection):
    """What no login of the product may write."""

    def run(statement, **values):
        connection.execute(text("set session authorization default"))
        connection.execute(text(statement), values)
        connection.execute(text("set session authorization wb_web"))

    return run


NEW = "update identity.membership set created_at = app.now() where id = :id"
BROUGHT = "insert into identity.vouched (person_id, by_person_id) values (:new, :by)"
NAMED = (
    "insert into appointment (school_id, id, kind, person_id, role, name, email, basis, asked_by, asked_by_name,"
    " asked_at, begins_at) values (:school, gen_random_uuid(), 'appoint', :person, 'school_lead', 'L', 'l@example.org',"
    " :basis, gen_random_uuid(), 'Council', app.now(), case :basis when 'first_holder' then app.now() end)"
)
REFUSED = "here for 30 days"


@pytest.mark.parametrize("who", ["lead", "senco"])
def test_whoever_is_new_here_is_no_second_person_and_no_first(lead, in_training, as_superuser, world, who):
    as_superuser(NEW, id=world.school.people[who].membership_id)

    refused = step(lead, in_training, "ready")

    assert refused.status_code == 200
    assert REFUSED in refused.get_data(as_text=True)


@pytest.mark.parametrize("through", [(), ("attendance_lead",), ("attendance_lead", "dsl")])
def test_whom_the_first_brought_in_is_no_second_person_by_however_many_steps(
    lead, in_training, as_superuser, world, through
):
    people = [world.school.people[key].person_id for key in ("senco", *through, "lead")]
    for by, new in pairwise(people):
        as_superuser(BROUGHT, new=new, by=by)

    assert REFUSED in step(lead, in_training, "ready").get_data(as_text=True)


def test_whoever_the_agreement_names_is_one_at_once(lead, in_training, as_superuser, world):
    """A school begins with its lead and its safeguarding lead, and both are new."""
    school = world.school
    for person in (school.lead, school.senco):
        as_superuser(NEW, id=person.membership_id)
        as_superuser(NAMED, school=school.school_id, person=person.person_id, basis="first_holder")
    as_superuser(BROUGHT, new=school.lead.person_id, by=school.senco.person_id)

    assert step(lead, in_training, "ready").status_code == 303


def test_an_appointment_that_nobody_agreed_to_counts_for_nothing(lead, in_training, as_superuser, world):
    as_superuser(NEW, id=world.school.lead.membership_id)
    as_superuser(
        NAMED, school=world.school.school_id, person=world.school.lead.person_id, basis="second_person"
    )

    assert REFUSED in step(lead, in_training, "ready").get_data(as_text=True)
