"""A parent asks to be called by somebody they know, and it is followed until it is done."""

from __future__ import annotations

from tests.integration.one_to_one.conftest import main_of


def test_a_parent_asks_who_leads_their_group_who_calls_and_notes_it(client_for, world, led_call):
    parent, leader = client_for(world.school.parent), client_for(world.school.facilitator)
    # given: both see it on their homes
    assert "calls you" in main_of(parent.get("/my"))
    home = main_of(leader.get("/group"))
    assert f"/group/calls/{led_call}" in home

    # when: whoever is asked opens it and notes that they spoke
    page = main_of(leader.get(f"/group/calls/{led_call}"))
    assert "Worry and big feelings at home" in page
    assert "In the morning" in page
    page = leader.post(f"/group/calls/{led_call}", data={"outcome": "spoke"}, follow_redirects=True)

    # then
    assert "Thank you for calling" in page.text
    assert "has noted that you spoke" in main_of(parent.get("/my/calls"))
    assert f"/group/calls/{led_call}" not in main_of(leader.get("/group"))


def test_staff_read_nothing_of_what_is_asked_of_who_leads(client_for, world, led_call, look):
    lead = client_for(world.school.lead)
    assert "Call " not in main_of(lead.get("/school"))
    assert "Nobody waits for a call" in lead.get("/school/calls").text
    assert lead.get(f"/school/calls/{led_call}").status_code == 404
    for who in (world.school.lead, world.school.dsl):
        assert look(who, "select 1 from call_request") == []
        assert look(who, "select 1 from outbox where kind like 'call_%'") == []
        assert look(who, "select 1 from audit_event where event like 'one_to_one:%'") == []


def test_the_schools_contact_is_asked_and_calls(client_for, world, school_call):
    lead, parent = client_for(world.school.lead), client_for(world.school.parent)
    assert f"/school/calls/{school_call}" in main_of(lead.get("/school"))

    page = lead.post(f"/school/calls/{school_call}", data={"outcome": "not_needed"}, follow_redirects=True)

    assert "Thank you for calling" in page.text
    assert "do not need it any more" in main_of(parent.get("/my/calls"))


def test_it_is_taken_back_before_it_is_done(client_for, world, led_call):
    parent, leader = client_for(world.school.parent), client_for(world.school.facilitator)

    page = parent.post(f"/my/calls/{led_call}/stop", follow_redirects=True)

    assert "It is taken back" in page.text
    assert leader.get(f"/group/calls/{led_call}").status_code == 404
