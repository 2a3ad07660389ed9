"""How to reach parents is for those who lead their group as long as it is under way."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import ProgrammingError

from tests.integration.cohorts.forming import as_school

NEW_NUMBER, NEW_EMAIL = "+447700900999", "new.safe@example.org"
CONTACT = "select phone, email, access_needs from parent_contact where parent_id = :id"


@pytest.fixture
def school(world):
    return world.school


@pytest.fixture
def new_contact(connection, school):
    """A parent has moved on to another number and address."""

    def change(person):
        as_school(
            connection,
            school.school_id,
            "update parent_contact set phone = :phone, email = :email, access_needs = 'A quiet corner'"
            " where parent_id = :id",
            phone=NEW_NUMBER,
            email=NEW_EMAIL,
            id=person.person_id,
        )

    return change


def reach_pages(client, cohort_id):
    return [
        client.get(address, follow_redirects=True).text
        for address in (f"/group/cohort?cohort={cohort_id}", f"/group/cohorts/{cohort_id}/contacts")
    ]


def test_how_to_reach_people_of_a_group_that_is_over_is_shown_to_nobody_who_led_it(
    client_for, school, look, new_contact
):
    """Given somebody who finished a group and has a new number since
    When whoever led it opens its page and its contact sheet
    Then neither the number nor the address nor their needs are there, and the database shows none."""
    graduate, led = school.people["graduate"], school.ids["closed_cohort_id"]
    new_contact(graduate)

    pages = reach_pages(client_for(school.facilitator), led)

    for page in pages:
        assert "900999" not in page.replace(" ", "")
        assert NEW_EMAIL not in page
        assert "A quiet corner" not in page
        assert "ask the school to pass it on" in page
    assert look(school.facilitator, CONTACT, id=graduate.person_id) == []
    assert look(school.facilitator, "select 1 from parent where id = :id", id=graduate.person_id) == []


def test_until_the_group_is_over_they_are(client_for, school, look, new_contact):
    """Given a group that meets, also between its last date and the school's word that it is over
    Then who leads it reaches its people; and the moment the school ends it early, not any more."""
    parent, led = school.parent, school.ids["cohort_id"]
    new_contact(parent)
    for page in reach_pages(client_for(school.facilitator), led):
        assert NEW_EMAIL in page
    assert len(look(school.facilitator, CONTACT, id=parent.person_id)) == 1

    ended = client_for(school.lead).post(
        f"/school/groups/{led}/end-early", data={"reason": "Nobody can lead it now.", "what": "back"}
    )

    assert ended.status_code == 303, ended.text
    for page in reach_pages(client_for(school.facilitator), led):
        assert NEW_EMAIL not in page
    assert look(school.facilitator, CONTACT, id=parent.person_id) == []


def test_somebody_led_anew_is_reached_by_the_new_group_alone(
    connection, client_for, school, look, new_contact
):
    """Given a graduate who is in another group of the same person
    Then their number is on that group's page, and not on the old one's."""
    graduate = school.people["graduate"]
    new_contact(graduate)
    as_school(
        connection,
        school.school_id,
        "insert into enrolment (school_id, id, cohort_id, parent_id, joined_at)"
        " values (app.school_id(), gen_random_uuid(), :cohort, :id, app.now())",
        cohort=school.ids["cohort_id"],
        id=graduate.person_id,
    )
    leader = client_for(school.facilitator)
    assert all(NEW_EMAIL in page for page in reach_pages(leader, school.ids["cohort_id"]))
    assert not any(NEW_EMAIL in page for page in reach_pages(leader, school.ids["closed_cohort_id"]))


def test_the_registers_of_a_group_that_is_over_go_on_naming_people_and_nothing_else(school, look):
    """What was there stays readable: who it was, and no way to reach them."""
    ((session_id,),) = look(
        school.lead,
        "select id from cohort_session where cohort_id = :id and number = 8",
        id=school.ids["closed_cohort_id"],
    )
    named = look(school.facilitator, "select * from app.names_of_left(:id)", id=session_id)
    assert [row.parent_id for row in named] == [school.people["graduate"].person_id]
    assert set(named[0]._fields) == {"parent_id", "name", "known_as"}


def test_who_leads_cannot_open_a_group_again_to_reach_its_people(school, look):
    with pytest.raises(ProgrammingError):
        look(
            school.facilitator,
            "update cohort set state = 'running' where id = :id",
            id=school.ids["closed_cohort_id"],
        )


def test_no_contact_sheet_is_made_of_a_group_that_is_over_nor_opened_by_who_led_it(
    connection, client_for, school, look
):
    led = school.ids["closed_cohort_id"]
    staff = client_for(school.senco)
    assert "contact-sheet" not in staff.get(f"/school/groups/{led}").text
    for answer in (
        staff.get(f"/school/groups/{led}/contact-sheet", follow_redirects=True),
        staff.post(f"/school/groups/{led}/contact-sheet/pdf", follow_redirects=True),
    ):
        assert "no contact sheet of it any more" in answer.text
    assert look(school.senco, "select 1 from document where kind = 'contact_sheet'") == []
    staff.post(f"/school/groups/{school.ids['cohort_id']}/contact-sheet/pdf")
    assert len(look(school.senco, "select 1 from document where kind = 'contact_sheet'")) == 1
    assert look(school.facilitator, "select 1 from document where kind = 'contact_sheet'") == []
