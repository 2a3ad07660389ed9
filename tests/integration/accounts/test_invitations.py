"""Colleagues are invited, choose a password and an app; a person keeps one account for several roles."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

import pyotp
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts.services import (
    InvitedOften,
    account_states,
    end_membership,
    invite,
    reset_second_factor,
)
from app.identity.roles import Role
from infra.clock import now
from infra.ids import new_id
from tenants.session import ASSUME
from tests.integration.accounts.conftest import accept_offer, listed
from tests.integration.accounts.test_staff_sign_in import codes_in, is_in, type_password
from tests.support.links import sent
from tests.support.reading import find_in

NEW = "jo.new@larkfield.example.org"


def accept(client, token, password="violin cactus rain"):
    return client.post(f"/invitation/{token}", data={"password": password})


def test_looking_at_an_invitation_uses_nothing_and_says_who_and_where(client_for, invitation_to, world):
    token, client = invitation_to(Role.SENCO, email=NEW), client_for(None)

    for _ in range(2):
        page = client.get(f"/invitation/{token}")
        assert page.status_code == 200
    assert "Are you Amina Test?" in page.text
    assert "This is not me" in page.text
    for words in (world.school.lead.name, "SENCO", 'type="password"'):
        assert words not in page.text
    page = client.get(f"/invitation/{token}?me=yes")
    assert "This is not me" in page.text
    for words in (world.school.lead.name, world.school.name, "SENCO", "Amina Test"):
        assert words in page.text
    assert client.get(f"/l/{token}").location.endswith(f"/invitation/{token}")
    assert client.get(f"/link/{token}").location.endswith(f"/invitation/{token}")


def test_a_council_that_invites_to_a_school_is_named_as_the_council(app, client_for, connection, world):
    """Given a council's admin who invites a school's lead, then nobody reads that they are of that school."""
    admin = world.authority.admin
    client_for(admin).post(
        f"/authority/schools/{world.school.school_id}/invite", data={"name": "Jo New", "email": NEW}
    )
    connection.execute(text("set session authorization default"))
    message = connection.scalar(
        text(
            "select id from outbox where kind = 'staff_invitation' order by created_at desc, id desc limit 1"
        )
    )
    connection.execute(text("set session authorization wb_web"))
    token = sent(connection, app.config["SECRET_KEY"], message)
    page = client_for(None).get(f"/invitation/{token}?me=yes").text
    assert f"{admin.name}, {world.authority.name}" in page
    assert f"{admin.name}, {world.school.name}" not in page


def test_a_new_colleague_sets_password_and_app_and_is_in(client_for, invitation_to, world):
    token, client = invitation_to(Role.SENCO, email=NEW), client_for(None)

    assert accept(client, token).location.endswith("/sign-in/set-up")
    page = client.get("/sign-in/set-up").text
    secret = find_in(r"<strong[^>]*>([A-Z2-7 ]{20,})</strong>", page).group(1).replace(" ", "")
    client.post("/sign-in/set-up", data={"code": pyotp.TOTP(secret).now()})

    assert len(codes_in(client.get("/recovery-codes").text)) == 10
    assert is_in(client)
    assert "This invitation was used" in client_for(None).get(f"/invitation/{token}").text


@pytest.mark.parametrize("password", ["", "short", "password123456", "Amina Test 2026"])
def test_a_weak_password_uses_nothing(client_for, invitation_to, password):
    token, client = invitation_to(Role.SENCO, email=NEW), client_for(None)

    response = accept(client, token, password)

    assert response.status_code == 200
    assert "There is a problem" in response.text
    assert accept(client, token).status_code == 303


def test_a_forgotten_password_takes_a_colleague_a_mailbox_and_the_app(
    client_for, colleague_of, invitation_to, world
):
    colleague, live = colleague_of(world.school.senco), client_for(world.school.senco)
    token = invitation_to(
        colleague.person.role, email=colleague.person.email, person_id=colleague.person.person_id
    )
    client = client_for(None)
    assert "Choose a new password" in client.get(f"/invitation/{token}?me=yes").text

    assert accept(client, token).status_code == 303
    assert client.get("/sign-in/set-up").location.endswith("/sign-in/code")
    assert not is_in(client)
    assert not is_in(live)
    client.post("/sign-in/code", data={"code": colleague.app_code()})

    assert is_in(client)
    assert type_password(client_for(None), colleague.person).status_code == 200
    assert type_password(client_for(None), colleague.person, "violin cactus rain").status_code == 303


def test_two_presses_make_one_account(client_for, invitation_to):
    token = invitation_to(Role.SENCO, email=NEW)

    assert accept(client_for(None), token).status_code == 303
    assert accept(client_for(None), token).status_code == 410


def test_the_same_invitation_twice_in_a_minute_goes_out_once(app, session_for, world, clock):
    session, lead, person_id = session_for(world.school.lead), world.school.lead, new_id()
    same = {
        "role": Role.SENCO,
        "authority_id": lead.authority_id,
        "school_id": lead.school_id,
        "person_id": person_id,
        "email": NEW,
        "name": "Jo New",
    }

    listed(session, lead, Role.SENCO, person_id)
    start = datetime.combine(now().date(), time(9, 59, 59, 900_000), UTC)
    sent = []
    for seconds in (0, 0.2, 61):  # the minute turns between the first two
        clock.set(start + timedelta(seconds=seconds))
        sent.append(len(invite(session, **same)))

    assert sent == [1, 0, 1]
    assert account_states(session, [person_id])[person_id].open_invitation


def test_an_invitation_needs_an_address(session_for, world):
    lead = world.school.lead
    with pytest.raises(ValueError, match="address"):
        invite(
            session_for(lead),
            role=Role.SENCO,
            authority_id=lead.authority_id,
            school_id=lead.school_id,
            person_id=new_id(),
            email=" ",
            phone="+447700900901",
            name="Jo",
        )


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.AUTHORITY_ADMIN, "own"),
        (Role.COMMISSIONER, "own"),
        (Role.SENCO, "sibling"),
        (Role.PARENT, "sibling"),
    ],
)
def test_a_school_cannot_invite_above_or_beside_itself(session_for, world, role, place):
    session = session_for(world.school.lead)
    school = world.school if place == "own" else world.sibling_school

    with pytest.raises(DBAPIError):
        invite(
            session,
            role=role,
            authority_id=school.authority_id,
            school_id=None
            if role.audience.value in ("wb_authority", "wb_commissioner")
            else school.school_id,
            person_id=new_id(),
            email=NEW,
            name="Jo",
        )


def test_people_of_another_school_cannot_be_reset_ended_or_asked_about(session_for, colleague_of, world):
    theirs = colleague_of(world.sibling_school.lead)
    session = session_for(world.school.lead)

    assert not reset_second_factor(session, theirs.person.person_id)
    assert not end_membership(session, theirs.person.person_id, theirs.person.role)
    state = account_states(session, [theirs.person.person_id])[theirs.person.person_id]
    assert not state.has_signed_in
    assert not state.has_second_factor


def test_a_colleague_resets_an_app_and_every_session_ends(client_for, colleague_of, acting_as, world):
    colleague, client = colleague_of(world.school.senco), client_for(world.school.senco)
    assert is_in(client)
    with acting_as(world.school.lead) as session:
        assert account_states(session, [colleague.person.person_id])[
            colleague.person.person_id
        ].has_second_factor

        assert reset_second_factor(session, colleague.person.person_id)

    assert not is_in(client)
    assert type_password(client, colleague.person).location.endswith("/sign-in/set-up")


def test_nobody_resets_their_own_app(session_for, colleague_of, world):
    colleague = colleague_of(world.school.lead)

    assert not reset_second_factor(session_for(colleague.person), colleague.person.person_id)


def test_a_graduate_takes_the_role_with_the_account_that_they_have(client_for, offered_to, world):
    parent = world.school.parent
    offered_to(parent)
    client = client_for(parent)
    assert 'name="membership"' not in client.get("/change-role").text.replace("You are here", "")

    accept_offer(client)

    assert "Facilitator" in client.get("/my-account").text
    assert len(re.findall(r'name="membership" value="([^"]+)"', client.get("/change-role").text)) == 1
    assert 'name="offer"' not in client.get("/change-role").text


def test_an_offer_is_taken_by_its_account_alone(client_for, offered_to, world):
    offered_to(world.school.parent)
    page = client_for(world.school.parent).get("/change-role").text
    offer = find_in(r'name="offer" value="([^"]+)"', page).group(1)

    stranger = client_for(world.school.graduate)
    assert stranger.post("/change-role", data={"offer": offer}).status_code == 404
    assert 'name="offer"' in client_for(world.school.parent).get("/change-role").text


def test_an_offer_does_not_outlive_what_it_offers(client_for, acting_as, offered_to, world):
    facilitator = offered_to(world.school.parent)
    assert 'name="offer"' in client_for(world.school.parent).get("/change-role").text
    with acting_as(world.school.lead) as session:
        assert not end_membership(session, facilitator, Role.FACILITATOR)
    assert 'name="offer"' not in client_for(world.school.parent).get("/change-role").text


def test_six_a_day_go_to_one_address_whoever_they_are_for(app, session_for, world, clock):
    """Else a phone rings every minute for as long as somebody at school presses."""
    session, lead = session_for(world.school.lead), world.school.lead
    two = [listed(session, lead, Role.PARENT, new_id()) for _ in range(2)]

    def send(person_id, phone="+447700900988"):
        clock.move(timedelta(minutes=2))
        return invite(
            session,
            role=Role.PARENT,
            authority_id=lead.authority_id,
            school_id=lead.school_id,
            person_id=person_id,
            email=None,
            phone=phone,
            name="Jo New",
        )

    for number in range(6):
        assert send(two[number % 2])
    for person_id in two:
        with pytest.raises(InvitedOften):
            send(person_id)
    assert send(two[0], "+447700900989")
    clock.move(timedelta(days=1))
    assert send(two[0])


def test_who_was_invited_six_times_is_said_in_place_of_sending(client_for, world, clock, messages_of):
    parent = world.school.ids["identified_parent_id"]
    client = client_for(world.school.attendance_lead)
    for _ in range(6):
        page = client.post(f"/school/parents/{parent}/invite", follow_redirects=True).text
        assert "six invitations" not in page
        clock.move(timedelta(minutes=2))
    before = messages_of("parent_invitation")
    page = client.post(f"/school/parents/{parent}/invite", follow_redirects=True).text
    assert "They have had six invitations today. Call them, or invite them again tomorrow." in page
    assert messages_of("parent_invitation") == before


@pytest.fixture
def messages_of(connection, world):
    """How many messages of a kind the school has written."""

    def count(kind):
        connection.execute(ASSUME, world.school.lead.scope.as_parameters())
        found = connection.execute(
            text("select count(*) from outbox where kind = :kind"), {"kind": kind}
        ).scalar_one()
        connection.execute(text("select set_config('role', 'none', true)"))
        return found

    return count
