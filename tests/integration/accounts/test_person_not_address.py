"""What staff may write about somebody opens nothing that is theirs; two people at one address stay two."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts.services import HasAccount, end_membership, invite
from app.identity.roles import Role
from app.messages.services import link_token
from app.recruitment import services as recruitment
from app.recruitment.noting import Noted, note_answer
from app.recruitment.queries import get_contact
from infra.ids import new_id
from tenants.session import ASSUME
from tests.support.client import PageClient
from tests.support.links import sent
from tests.support.reading import find_in

INTRUDER = "intruder@example.org"


def is_in(client: PageClient) -> bool:
    return client.get("/my-account").status_code == 200


@pytest.fixture
def rows(connection, world):
    """What stands in the school's outbox, as its lead: (kind, channel, recipient kind) of each new message."""

    def messages():
        connection.execute(ASSUME, world.school.lead.scope.as_parameters())
        found = connection.execute(
            text(
                "select id, kind, channel, recipient_kind from outbox where dedupe_key <> 'world'"
                " order by created_at, id"
            )
        ).all()
        connection.execute(text("select set_config('role', 'none', true)"))
        return found

    return messages


@pytest.mark.parametrize("stage", ["left", "graduated"])
def test_staff_who_write_their_own_address_and_invite_come_in_nowhere(
    app, client_for, acting_as, rows, connection, world, stage
):
    """The attack of the first release: their own email on a graduate's row, left, interested, invite, open the link."""
    graduate = world.school.graduate
    with acting_as(world.school.attendance_lead) as session:
        contact = get_contact(session, world.school.school_id, graduate.person_id)
        contact.email, contact.phone = INTRUDER, ""
        session.flush()
        for to_stage in ("left", "interested"):
            noted = Noted(how="in_person", by_name="Attendance lead")
            note_answer(session, world.school.school_id, graduate.person_id, to_stage, noted)
        recruitment.invite(session, world.school.school_id, world.authority.authority_id, graduate.person_id)
    for message in rows():
        browser, token = client_for(None), sent(connection, app.config["SECRET_KEY"], message.id)
        for path in (f"/l/{token}", f"/link/{token}"):
            browser.get(path, follow_redirects=True)
            browser.post(path)
        assert not is_in(browser), message.kind
    kinds = [message.kind for message in rows()]
    assert "parent_invitation" not in kinds
    assert "invited_back" in kinds
    # The old number, the old address and the way in are told, whatever the page says.
    assert kinds.count("contact_changed") == 2


def test_the_preview_of_an_invitation_is_the_message_that_is_sent(client_for, acting_as, rows, world):
    """Given somebody who has come in before, then staff see the words that are sent: no new link, their own way in."""
    graduate, senco = world.school.graduate, client_for(world.school.senco)
    with acting_as(world.school.attendance_lead) as session:
        for to_stage in ("left", "interested"):
            noted = Noted(how="in_person", by_name="Attendance lead")
            note_answer(session, world.school.school_id, graduate.person_id, to_stage, noted)
    page = senco.get(f"/school/parents/{graduate.person_id}/invite").text
    assert "You are invited to the group" in page
    assert "Sign in as you always do" in page
    assert "a link that is only for them" not in page
    assert "They have pages already." in page

    senco.post(f"/school/parents/{graduate.person_id}/invite")

    kinds = {message.kind for message in rows()}
    assert "invited_back" in kinds
    assert "parent_invitation" not in kinds


def test_who_has_never_come_in_sees_the_preview_of_an_invitation(client_for, rows, world):
    me, senco = world.school.ids["identified_parent_id"], client_for(world.school.senco)
    page = senco.get(f"/school/parents/{me}/invite").text
    assert "a link that is only for them" in page
    assert "as you always do" not in page

    senco.post(f"/school/parents/{me}/invite")

    kinds = {message.kind for message in rows()}
    assert "parent_invitation" in kinds
    assert "invited_back" not in kinds


def test_an_invitation_is_refused_for_whoever_has_come_in_before(session_for, world):
    session, lead, parent = session_for(world.school.lead), world.school.lead, world.school.parent

    with pytest.raises(HasAccount):
        invite(
            session,
            role=Role.PARENT,
            authority_id=lead.authority_id,
            school_id=lead.school_id,
            person_id=parent.person_id,
            email=INTRUDER,
            name="Parent",
        )


def test_ending_a_membership_first_opens_nothing_either(session_for, world):
    session, lead, parent = session_for(world.school.lead), world.school.lead, world.school.parent
    assert end_membership(session, parent.person_id, Role.PARENT)

    with pytest.raises(HasAccount):
        invite(
            session,
            role=Role.PARENT,
            authority_id=lead.authority_id,
            school_id=lead.school_id,
            person_id=parent.person_id,
            email=INTRUDER,
            name="Parent",
        )


def test_a_colleague_at_work_is_invited_again_to_their_own_address_only(session_for, world):
    session, lead, dsl = session_for(world.school.lead), world.school.lead, world.school.dsl

    with pytest.raises(HasAccount):
        invite(
            session,
            role=Role.SCHOOL_DSL,
            authority_id=lead.authority_id,
            school_id=lead.school_id,
            person_id=dsl.person_id,
            email=INTRUDER,
            name="DSL",
        )


@pytest.mark.parametrize("whose", ["sibling_school", "other_school", "nobody"])
@pytest.mark.parametrize("role", [Role.PARENT, Role.FACILITATOR, Role.SENCO])
def test_an_invitation_for_an_id_of_another_place_is_refused(session_for, world, whose, role):
    session, lead = session_for(world.school.lead), world.school.lead
    if whose == "nobody":
        person_id = new_id()
    else:
        school = getattr(world, whose)
        person_id = {
            Role.PARENT: school.ids["identified_parent_id"],
            Role.FACILITATOR: school.ids["applicant_id"],
            Role.SENCO: school.senco.person_id,
        }[role]

    with pytest.raises(DBAPIError):
        invite(
            session,
            role=role,
            authority_id=lead.authority_id,
            school_id=lead.school_id,
            person_id=person_id,
            email=INTRUDER,
            name="X",
        )


def test_an_offer_reaches_no_parent_of_another_school_and_no_strangers_row(session_for, world):
    session = session_for(world.school.lead)
    for parent_id, facilitator_id in (
        (world.sibling_school.graduate.person_id, world.sibling_school.ids["applicant_id"]),
        (world.school.parent.person_id, world.school.ids["applicant_id"]),
        (world.sibling_school.parent.person_id, world.school.ids["applicant_id"]),
    ):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(
                text(
                    "select identity.offer_facilitator(:parent, :facilitator, :outbox,"
                    " now() + interval '1 day', '')"
                ),
                {
                    "parent": parent_id,
                    "facilitator": facilitator_id,
                    "outbox": new_id(),
                },
            )


def test_another_schools_open_invitation_stands_when_this_school_invites_the_same_id(
    client_for, invitation_to, session_for, world
):
    person_id = new_id()
    theirs = invitation_to(
        Role.PARENT, phone="+447700900901", person_id=person_id, by=world.sibling_school.lead
    )
    invitation_to(Role.PARENT, phone="+447700900902", person_id=person_id)

    assert "Are you Amina?" in client_for(None).get(f"/link/{theirs}").text


# ---- two people, one address


def test_a_couple_on_one_phone_are_two_accounts(client_for, invitation_to, link_asked_by, rows, app, world):
    phone, key = "+447700900901", app.config["SECRET_KEY"]
    ada = invitation_to(Role.PARENT, phone=phone, name="Ada Couple")
    ben = invitation_to(Role.PARENT, phone=phone, name="Ben Couple")
    browsers = {"Ada": client_for(None), "Ben": client_for(None)}
    for name, token in (("Ada", ada), ("Ben", ben)):
        assert f"Are you {name}?" in browsers[name].get(f"/link/{token}").text
        assert browsers[name].post(f"/link/{token}").status_code == 303
        page = browsers[name].get("/change-role").text
        assert 'name="membership"' not in page
        page = browsers[name].get("/my-account")
        # Who comes second shares the number, and chooses a PIN before anything is shown.
        assert (
            (page.location or "").endswith("/my-account/pin") if name == "Ben" else "Ada Couple" in page.text
        )

    # Asking for a link by the shared number sends one to each, and each says for whom it is.
    before = {row.id for row in rows()}
    client = client_for(None)
    assert client.post("/new-link", data={"address": "07700 900901"}).status_code == 303
    new = [row for row in rows() if row.id not in before]
    assert [row.kind for row in new] == ["sign_in_link", "sign_in_link"]
    names = {
        find_in(r"Are you (\w+)\?", client.get(f"/link/{link_token(key, row.id)}").text)[1] for row in new
    }
    assert names == {"Ada", "Ben"}


def test_capital_letters_make_no_other_address_and_no_one_account(client_for, invitation_to):
    first = invitation_to(Role.PARENT, email="couple@example.org", name="Ada Couple")
    second = invitation_to(Role.PARENT, email="Couple@Example.org", name="Ben Couple")
    one, other = client_for(None), client_for(None)

    one.post(f"/link/{first}")
    other.post(f"/link/{second}")

    for client, name, pin in ((one, "Ada", "402718"), (other, "Ben", "918264")):
        assert client.get("/my-account").location.endswith("/my-account/pin")
        assert name in client.get("/my-account/pin").text
        assert client.post("/my-account/pin", data={"pin": pin}).status_code == 303
        assert client.get("/my-account").status_code == 200
        assert 'name="membership"' not in client.get("/change-role").text


def test_one_mobile_at_two_schools_is_two_accounts(client_for, invitation_to, world):
    phone = "+447700900901"
    here = invitation_to(Role.PARENT, phone=phone)
    there = invitation_to(Role.PARENT, phone=phone, name="Other Person", by=world.sibling_school.lead)
    one, other = client_for(None), client_for(None)
    one.post(f"/link/{here}")
    other.post(f"/link/{there}")

    assert world.sibling_school.name not in one.get("/change-role").text
    assert world.school.name not in other.get("/change-role").text


def test_a_parent_of_two_schools_adds_the_second_to_the_account_that_is_signed_in(
    client_for, invitation_to, world
):
    there = invitation_to(Role.PARENT, phone="+447700900901", by=world.sibling_school.lead)
    client = client_for(world.school.parent)
    assert "add this to my account" in client.get(f"/link/{there}").text

    assert client.post(f"/link/{there}", data={"join": "yes"}).status_code == 303

    page = client.get("/change-role").text
    assert world.school.name in page
    assert world.sibling_school.name in page


def test_nobody_joins_an_account_without_being_signed_in(client_for, invitation_to):
    token, client = invitation_to(Role.PARENT, phone="+447700900901"), client_for(None)

    client.post(f"/link/{token}", data={"join": "yes"})

    assert not is_in(client)


def test_of_an_invitation_by_text_and_by_email_the_first_to_be_used_is_the_way_in(
    client_for, invitation_to, link_asked_by, acting_as, rows, app, connection, world
):
    """The other one may have gone to a mistyped address: whoever reads it there does not come in by it."""
    person_id = new_id()
    by_text = invitation_to(Role.PARENT, phone="+447700900901", email="typo@example.org", person_id=person_id)
    tokens = [
        sent(connection, app.config["SECRET_KEY"], row.id)
        for row in rows()
        if row.kind == "parent_invitation"
    ]
    assert by_text in tokens
    assert len(tokens) == 2
    client_for(None).post(f"/link/{tokens[0]}")

    second = client_for(None)
    assert second.post(f"/link/{tokens[1]}").status_code == 410
    assert not is_in(second)


@pytest.mark.parametrize(
    "email", ["Couple@example.org", "couple@Example.org", " a@example.org", "no address"]
)
def test_the_database_keeps_addresses_in_one_form(session_for, world, email):
    session = session_for(world.school.senco)
    with pytest.raises(DBAPIError, match="parent_contact_email_form"):
        session.execute(
            text("update parent_contact set email = :email where parent_id = :id"),
            {"email": email, "id": world.school.parent.person_id},
        )


@pytest.mark.parametrize("phone", ["07700900123", "+44 7700 900123", "447700900123", "tel"])
def test_and_telephone_numbers_too(session_for, world, phone):
    session = session_for(world.school.senco)
    with pytest.raises(DBAPIError, match="parent_contact_phone_form"):
        session.execute(
            text("update parent_contact set phone = :phone where parent_id = :id"),
            {"phone": phone, "id": world.school.parent.person_id},
        )


# ---- this is not me


def test_this_is_not_me_ends_the_link_and_tells_the_school(client_for, invitation_to, connection, world):
    person_id = new_id()
    token = invitation_to(Role.PARENT, phone="+447700900901", person_id=person_id)
    stranger = client_for(None)
    assert "This is not me" in stranger.get(f"/link/{token}").text

    assert "Thank you for telling us" in stranger.post(f"/link/{token}/not-me").text

    assert client_for(None).post(f"/link/{token}").status_code == 410
    assert stranger.post(f"/link/{token}/not-me").status_code == 410
    connection.execute(ASSUME, world.school.lead.scope.as_parameters())
    told = connection.execute(text("select person_id, channel, address from contact_doubt")).one()
    assert tuple(told) == (person_id, "sms", "+447700900901")


def test_a_number_that_is_changed_to_and_fro_rings_once_an_hour(acting_as, rows, world, clock):
    parent = world.school.parent

    def to_and_fro():
        for phone in ("+447700900801", parent.phone) * 3:
            with acting_as(world.school.attendance_lead) as session:
                contact = get_contact(session, world.school.school_id, parent.person_id)
                contact.phone = phone
        return [row.channel for row in rows() if row.kind == "contact_changed"]

    first = to_and_fro()
    # The old number, the new one when it went again, and the way in by email.
    assert sorted(first) == ["email", "sms", "sms"]
    clock.move(timedelta(minutes=61))
    assert len(to_and_fro()) == 2 * len(first)
