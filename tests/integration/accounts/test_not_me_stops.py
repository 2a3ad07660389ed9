"""Nothing more goes to an address whose owner said “This is not me”, until staff have corrected or checked it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from app.identity.roles import Role
from infra.ids import new_id
from tenants.session import ASSUME
from tests.support.borrowed import as_login
from tests.support.reading import find_in


@pytest.fixture
def lead(client_for, world):
    return client_for(world.school.lead)


@pytest.fixture
def waiting(connection, world):
    """How many messages are written to somebody."""

    def count(person_id):
        connection.execute(ASSUME, world.school.lead.scope.as_parameters())
        found = connection.execute(
            text("select count(*) from outbox where recipient_id = :id"), {"id": person_id}
        ).scalar_one()
        connection.execute(text("select set_config('role', 'none', true)"))
        return found

    return count


@pytest.fixture
def doubted(client_for, invitation_to):
    """Somebody whose invitation reached a stranger, who said so."""

    def make(role=Role.PARENT, **more):
        person_id = new_id()
        link = invitation_to(role, email=f"{person_id}@list.example.org", person_id=person_id, **more)
        client_for(None).post(f"/link/{link}/not-me")
        return person_id

    return make


def test_a_parent_is_not_invited_again_where_somebody_said_that_it_is_not_them(lead, doubted, waiting):
    parent_id = doubted()
    before = waiting(parent_id)

    page = lead.get(f"/school/parents/{parent_id}/invite").text
    assert "said “This is not me”. We send nothing of ours there until you have checked it" in page
    assert "Send it" not in page
    again = lead.post(f"/school/parents/{parent_id}/invite", follow_redirects=True).text
    assert "said “This is not me”. Check it with the parent first." in again
    assert waiting(parent_id) == before

    lead.post(f"/school/parents/{parent_id}/checked")
    assert "Send it" in lead.get(f"/school/parents/{parent_id}/invite").text
    lead.post(f"/school/parents/{parent_id}/invite")
    assert waiting(parent_id) == before + 1


@pytest.mark.parametrize(("role", "side"), [(Role.PARENT, "parents"), (Role.FACILITATOR, "facilitators")])
def test_what_is_said_anew_is_settled_by_no_page_of_before(
    lead, doubted, connection, world, acting_as, role, side
):
    """Given a page that shows a doubt, when that is settled and somebody there says so again, then the page is old."""
    person_id = doubted(role)
    if role is Role.FACILITATOR:
        with acting_as(world.school.lead) as session:
            session.execute(
                text("update facilitator set email = :email where id = :id"),
                {"id": person_id, "email": f"{person_id}@list.example.org"},
            )
    page = f"/school/{side}/{person_id}"
    form = find_in(rf'action="{page}/checked".*?</form>', lead.get(page).text, re.DOTALL)[0]
    mark = find_in(r'name="as_shown" value="([^"]+)"', form)[1]
    lead.post(f"{page}/checked", data={"as_shown": mark})
    assert "We send nothing of ours there now." not in lead.get(page).text
    with as_login(connection, "postgres"):
        connection.execute(
            text(
                "insert into contact_doubt (school_id, id, person_kind, person_id, channel, address, said_at)"
                " select school_id, gen_random_uuid(), person_kind, person_id, channel, address,"
                " said_at + interval '1 second' from contact_doubt where person_id = :id"
            ),
            {"id": person_id},
        )

    old = lead.post(f"{page}/checked", data={"as_shown": mark}, follow_redirects=True).text

    assert "so nothing was done" in old
    assert "We send nothing of ours there now." in old


def test_a_corrected_address_is_in_doubt_no_more(lead, doubted, waiting):
    parent_id = doubted()
    before = waiting(parent_id)
    page = lead.get(f"/school/parents/{parent_id}/change").text
    form = dict(re.findall(r'name="(csrf_token|version|first_name|last_name)"[^>]* value="([^"]*)"', page))
    lead.post(f"/school/parents/{parent_id}/change", data=form | {"email": "right@example.org", "phone": ""})

    assert "This is not me" not in lead.get(f"/school/parents/{parent_id}").text
    assert "Check how to reach" not in lead.get("/school").text
    lead.post(f"/school/parents/{parent_id}/invite")
    assert waiting(parent_id) == before + 1


def test_the_school_hears_it_of_somebody_who_is_to_lead_and_sends_nothing(
    lead, doubted, waiting, acting_as, world
):
    person_id = doubted(Role.FACILITATOR)
    with acting_as(world.school.lead) as session:
        session.execute(
            text("update facilitator set email = :email where id = :id"),
            {"id": person_id, "email": f"{person_id}@list.example.org"},
        )
    assert "Check how to reach" in lead.get("/school").text
    page = lead.get(f"/school/facilitators/{person_id}").text
    assert "We send nothing of ours there now." in page

    lead.post(f"/school/facilitators/{person_id}/checked")
    assert "We send nothing of ours there now." not in lead.get(f"/school/facilitators/{person_id}").text


def test_a_colleague_is_sent_another_link_once_the_address_was_checked(lead, doubted, waiting):
    person_id = doubted(Role.SENCO)
    before = waiting(person_id)
    again = lead.post(f"/school/staff/{person_id}/send-again", follow_redirects=True).text
    assert "said “This is not me”. Check the address with" in again
    assert waiting(person_id) == before
    assert "The address is right. Send again" in lead.get("/school/staff").text

    lead.post(f"/school/staff/{person_id}/send-again", data={"checked": "yes"})
    assert waiting(person_id) == before + 1


def test_a_council_sends_no_second_link_to_a_stranger_either(client_for, doubted, world, connection):
    admin = world.authority.admin
    person_id = doubted(Role.COMMISSIONER, by=admin)
    client = client_for(admin)

    def written():
        connection.execute(ASSUME, admin.scope.as_parameters())
        found = connection.execute(
            text("select count(*) from authority_outbox where recipient_id = :id"), {"id": person_id}
        ).scalar_one()
        connection.execute(text("select set_config('role', 'none', true)"))
        return found

    before = written()
    again = client.post(f"/authority/people/{person_id}/send-again", follow_redirects=True).text
    assert "said “This is not me”. Check the address with" in again
    assert written() == before
    client.post(f"/authority/people/{person_id}/send-again", data={"checked": "yes"})
    assert written() == before + 1
