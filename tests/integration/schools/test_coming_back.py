"""A school that came back is invited with the lead that it has; one that is closed in the register is not invited."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from app.schools import register
from tests.integration.schools.conftest import CLOSED_URN
from tests.integration.schools.test_stage_rights import be_at


@pytest.fixture
def admin(client_for, world):
    return client_for(world.authority.admin)


@pytest.fixture
def address(world):
    return f"/authority/schools/{world.school.school_id}"


def text_of(client, path):
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(path).get_data(as_text=True)).split())


def test_a_school_that_came_back_is_invited_again_with_one_press(
    admin, address, client_for, session_for, world, connection
):
    """Given a school that left and is back, with its lead, when the council presses, then it is invited and told."""
    lead = client_for(world.school.lead)
    be_at(connection, world.school, "left")
    admin.post(f"{address}/bring-back", data={"reason": "A new head."})
    page = text_of(admin, address)
    assert "Invite the school again" in page
    assert "Remove: added by mistake" not in page
    way = page.split("The way to active")[1].split("People at the school")[0]
    assert re.search(r"\d{4}", way.split("Invited")[1]) is None

    admin.post(f"{address}/invite-again")
    admin.post(f"{address}/invite-again")
    session = session_for(world.school.lead)
    stage, told = session.execute(
        text(
            "select stage, (select array_agg(recipient_id) from outbox where kind = 'school_invited_again')"
            " from school where school_id = app.school_id()"
        )
    ).one()
    assert stage == "invited"
    assert told == [world.school.lead.person_id]
    session.rollback()
    assert "You are invited to take part" in text_of(lead, "/school/set-up")


def test_a_school_without_a_lead_who_can_sign_in_is_not_invited_again(
    admin, address, world, connection, monkeypatch
):
    be_at(connection, world.school, "prospect")
    monkeypatch.setattr("app.schools.queries.list_told", lambda *_args: [])
    answer = admin.post(f"{address}/invite-again", follow_redirects=True)
    assert "Invite somebody to lead." in answer.text


@pytest.fixture
def closed(monkeypatch, world):
    """The register closes the school."""
    entries = register.find_closed
    find_entry = register.find_entry

    def find_closed(session, la_code, urns):
        (entry,) = entries(session, la_code, [CLOSED_URN]).values()
        return dict.fromkeys(set(urns) & {world.school.urn}, entry)

    def list_closed(session, _authority_id):
        return find_closed(session, "801", [world.school.urn])

    monkeypatch.setattr(register, "find_closed", find_closed)
    monkeypatch.setattr(register, "list_closed", list_closed)
    monkeypatch.setattr(
        register, "find_entry", lambda session, code, _urn: find_entry(session, code, CLOSED_URN)
    )


@pytest.mark.parametrize("stage", ["prospect", "invited", "set_up"])
def test_a_closed_school_is_offered_nothing_that_is_refused(admin, address, world, connection, closed, stage):
    """Given a school that the register closed, then no page offers to invite it, and none sends a link."""
    be_at(connection, world.school, stage)
    page = text_of(admin, address)
    assert "Closed in the register" in page
    for offer in ("Invite the", "Invite another lead", "Send the brief", "Make this school active"):
        assert offer not in page, offer
    assert "Closed in the register" in text_of(admin, "/authority/schools")
    assert "cannot take part" in admin.get(f"{address}/invite", follow_redirects=True).text
    lead = world.school.lead.person_id
    assert "cannot take part" in admin.post(f"{address}/people/{lead}/send-again", follow_redirects=True).text
