"""The council notes that it was in touch with a school, and what comes next; the school does not see it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from infra.clock import today
from infra.ids import new_id
from tests.integration.contact_log.sending import DAY, contact, day_of
from tests.support.pressing import press


@pytest.fixture
def admin(client_for, world):
    return client_for(world.authority.admin)


@pytest.fixture
def theirs(world) -> str:
    return f"/authority/schools/{world.school.school_id}"


@pytest.fixture
def plan(world):
    return {
        "action": "Send the brief again",
        "owner_id": str(world.authority.admin.person_id),
        **day_of("due_on", today()),
    }


def test_a_call_to_a_school_is_noted_done_and_taken_back(admin, client_for, world, theirs, plan):
    # given a call to the head's office
    form = admin.get(f"{theirs}/contacts/add").text
    assert "Who with? (optional)" in form
    assert "At the school gate" not in form
    # when it is noted, with what comes next
    page = admin.post(
        f"{theirs}/contacts/add",
        data=contact(with_name="Ms Head", outcome="spoke", **plan),
        follow_redirects=True,
    )
    # then the school's page and the home have it
    assert "Phone call: We spoke" in page.text
    assert "Ms Head" in page.text
    assert "Next: Send the brief again" in page.text
    assert "Send the brief again" in admin.get("/authority").text
    # and the school has not
    lead = client_for(world.school.lead)
    assert not any("Send the brief again" in lead.get(path).text for path in ("/school", "/school/tasks"))
    # when it is done, it leaves the home
    page = press(admin, page, "/done")
    assert "Done: Send the brief again" in page.text
    assert "Send the brief again" not in admin.get("/authority").text
    assert "Taken back." in press(admin, page, "/take-back").text


def test_a_next_step_is_put_off_and_changed(admin, theirs, plan, session_for, world):
    admin.post(f"{theirs}/contacts/add", data=contact(**plan))
    read = text("select id, due_on, action from contact_with_school")
    one = session_for(world.authority.admin).execute(read).one()
    admin.post(f"{theirs}/contacts/{one.id}/later", data=day_of("due_on", today() + DAY))
    page = admin.post(
        f"{theirs}/contacts/{one.id}/change",
        data={**plan, "action": "Visit them", **day_of("due_on", today() + 2 * DAY)},
        follow_redirects=True,
    )

    assert "Put off to" in page.text
    assert "Visit them" in page.text
    assert session_for(world.authority.admin).execute(read).one()[1:] == (today() + 2 * DAY, "Visit them")


@pytest.mark.parametrize("sent", [{"how": "gate"}, {"with_name": "x" * 101}, {"with_name": "\0"}])
def test_rejects_an_impossible_contact(admin, theirs, session_for, world, sent):
    page = admin.post(f"{theirs}/contacts/add", data=contact(**sent))

    assert "There is a problem" in page.text
    assert session_for(world.authority.admin).execute(text("select 1 from contact_with_school")).all() == []


def test_no_other_council_and_no_school_reads_or_writes_it(
    admin, client_for, world, theirs, plan, session_for
):
    people = (world.other_authority.admin, world.school.lead, world.authority.people["commissioner"])
    strangers = [client_for(one) for one in people]
    admin.post(f"{theirs}/contacts/add", data=contact(**plan))
    (one,) = session_for(world.authority.admin).execute(text("select id from contact_with_school")).all()
    for stranger in strangers:
        assert stranger.get(f"{theirs}/contacts/add").status_code in (403, 404)
        assert stranger.post(f"{theirs}/contacts/{one.id}/done").status_code in (403, 404)
    # of another school of this council it is not found either
    sibling = f"/authority/schools/{world.sibling_school.school_id}"
    assert admin.post(f"{sibling}/contacts/{one.id}/done").status_code == 404
    read = text("select state from contact_with_school")
    assert session_for(world.authority.admin).execute(read).scalars().all() == ["open"]


def test_a_school_that_waits_too_long_is_to_be_called_while_nobody_has_planned_it(
    admin, client_for, world, theirs, plan, connection
):
    # given a school that waits too long, and a colleague in the team
    as_owner(
        connection,
        "update school set stage = 'invited', waiting_since = now() - interval '90 days' where school_id = :id",
        id=world.school.school_id,
    )
    colleague = new_id()
    as_owner(
        connection,
        "insert into authority_member (authority_id, id, name, email, role, invited_at, accepted_at)"
        " values (:a, :id, 'Team Colleague', 'colleague@example.org', 'authority_admin', now(), now())",
        a=world.authority.authority_id,
        id=colleague,
    )
    assert f"{theirs}/contacts/add" in admin.get("/authority").text
    # when something is planned with it by the colleague
    admin.post(f"{theirs}/contacts/add", data=contact(**plan | {"owner_id": str(colleague)}))
    # then this home does not ask for a call, and the list says whose it is
    home = admin.get("/authority").text
    assert f"{theirs}/contacts/add" not in home
    assert "Send the brief again" not in home
    page = admin.get("/authority/schools/contacts").text
    assert "Send the brief again" in page
    assert "Team Colleague" in page
    assert (
        "Send the brief again"
        not in client_for(world.other_authority.admin).get("/authority/schools/contacts").text
    )
    # when the colleague leaves, it comes to whoever is left
    as_owner(connection, "update authority_member set ended_at = now() where id = :id", id=colleague)
    assert "Whoever had this has left" in admin.get("/authority").text
    assert "Nobody: they have left" in admin.get("/authority/schools/contacts").text


def as_owner(connection, statement: str, **values: object) -> None:
    connection.execute(text("set session authorization default"))
    connection.execute(text(statement), values)
    connection.execute(text("set session authorization wb_web"))
