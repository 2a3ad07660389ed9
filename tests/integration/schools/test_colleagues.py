"""The lead invites colleagues, and takes back what an invitation or a role gave them."""

from __future__ import annotations

import pytest


@pytest.fixture
def colleague(lead, ask):
    """A colleague who is invited and has not come."""
    data = {"name": "Kit Marlow", "email": "Kit@Example.org", "job_title": "Deputy", "role": "senco"}
    assert lead.post("/school/staff/invite", data=data).status_code == 303
    return ask("select id from staff_member where email = 'kit@example.org'")[0][0]


def test_two_colleagues_who_share_an_address_are_two(lead, colleague, ask):
    other = {"name": "Ash Marlow", "email": "KIT@example.org", "role": "senco"}
    assert lead.post("/school/staff/invite", data=other).status_code == 303
    again = other | {"name": " ash  marlow"}
    assert "is already" in lead.post("/school/staff/invite", data=again).get_data(as_text=True)
    names = ask("select name from staff_member where email = 'kit@example.org' order by name")
    assert names == [("Ash Marlow",), ("Kit Marlow",)]


def test_a_colleague_is_invited_once_and_can_be_sent_another_link(lead, colleague, ask):
    again = {"name": "Kit Marlow", "email": "kit@example.org", "role": "senco"}
    assert "is already" in lead.post("/school/staff/invite", data=again).get_data(as_text=True)
    page = lead.post(f"/school/staff/{colleague}/send-again", follow_redirects=True).get_data(as_text=True)
    assert "A new link is on its way to Kit Marlow" in page
    assert "Invited, link until" in page
    assert ask("select count(*) from staff_member where email = 'kit@example.org'") == [(1,)]


def test_a_second_role_for_the_same_person_is_a_second_invitation(lead, colleague, ask):
    lead.post("/school/staff/invite", data={"name": "Kit", "email": "kit@example.org", "role": "school_dsl"})
    roles = ask("select role from staff_member where email = 'kit@example.org' order by role")
    assert roles == [("school_dsl",), ("senco",)]


def test_a_cancelled_invitation_cannot_be_sent_again(lead, colleague):
    page = lead.post(f"/school/staff/{colleague}/cancel", follow_redirects=True).get_data(as_text=True)
    assert "is cancelled" in page
    again = lead.post(f"/school/staff/{colleague}/send-again", follow_redirects=True).text
    assert "has already been removed" in again


def test_the_lead_cannot_remove_themselves_or_the_last_safeguarding_lead(lead, world):
    own = lead.post(f"/school/staff/{world.school.lead.person_id}/remove", follow_redirects=True)
    assert "cannot remove yourself" in own.get_data(as_text=True)
    dsl = lead.post(f"/school/staff/{world.school.people['dsl'].person_id}/remove", follow_redirects=True)
    assert "The next safeguarding lead must have signed in first" in dsl.get_data(as_text=True)


def test_a_removed_colleague_is_signed_out_at_once(lead, client_for, world):
    senco = client_for(world.school.senco)
    assert senco.get("/school/staff").status_code == 200
    lead.post(f"/school/staff/{world.school.senco.person_id}/remove")
    assert senco.get("/school/staff").status_code == 302


def test_a_reset_signs_a_colleague_out_and_is_never_for_oneself(lead, client_for, world):
    senco = client_for(world.school.senco)
    lead.post(f"/school/staff/{world.school.senco.person_id}/reset")
    assert senco.get("/school/staff").status_code == 302
    own = lead.post(f"/school/staff/{world.school.lead.person_id}/reset", follow_redirects=True)
    assert "no app to reset" in own.get_data(as_text=True)


@pytest.mark.parametrize("press", ["send-again", "cancel", "remove", "reset"])
def test_people_of_another_school_are_not_found(lead, world, press):
    for school in (world.sibling_school, world.other_school):
        assert lead.post(f"/school/staff/{school.senco.person_id}/{press}").status_code == 404


def test_removing_somebody_is_asked_about_first(lead, world, ask):
    address = f"/school/staff/{world.school.senco.person_id}/remove"
    page = lead.get(address).get_data(as_text=True)
    assert "signed out at once" in page
    assert ask("select ended_at from staff_member where id = :id", id=world.school.senco.person_id) == [
        (None,)
    ]
