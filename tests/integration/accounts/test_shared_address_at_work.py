"""People at work who share a mailbox stay two people: each is invited, accepts and signs in for themselves."""

from __future__ import annotations

import pyotp
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts.services import HasAccount, invite
from app.identity.roles import Role
from app.messages.links import link_token
from infra.ids import new_id
from tenants.session import ASSUME
from tests.integration.accounts.conftest import PASSWORD, listed
from tests.integration.accounts.test_staff_sign_in import is_in
from tests.support.reading import find_in

OFFICE = "office@larkfield.example.org"
FIRST, SECOND = "violin cactus rain", "harbour kettle nine"


def accept(client, token, password):
    return client.post(f"/invitation/{token}", data={"password": password})


def set_up(client):
    page = client.get("/sign-in/set-up").text
    secret = find_in(r"<strong[^>]*>([A-Z2-7 ]{20,})</strong>", page).group(1).replace(" ", "")
    client.post("/sign-in/set-up", data={"code": pyotp.TOTP(secret).now()})
    client.post("/recovery-codes")
    return secret


def come_in(client, email, password):
    return client.post("/sign-in", data={"email": email, "password": password})


def roles(client):
    """What *Change role* offers."""
    return client.get("/change-role").text


@pytest.fixture
def accounts_of(connection):
    """Ids of the accounts of these people, as the superuser sees them."""

    def find(*people):
        with connection.begin_nested() as step:
            connection.execute(text("set local session authorization default"))
            found = connection.execute(
                text(
                    "select account_id from identity.membership where person_id = any(:p) and ended_at is null"
                ),
                {"p": list(people)},
            )
            ids = set(found.scalars())
            step.rollback()
        return ids

    return find


@pytest.fixture
def two(client_for, invitation_to, world):
    """Ada and Ben of the office, invited at one address in two spellings, both in."""
    ada, ben = new_id(), new_id()
    first = invitation_to(Role.SENCO, email=OFFICE, name="Ada Office", person_id=ada)
    second = invitation_to(
        Role.ATTENDANCE_LEAD, email="Office@Larkfield.example.org", name="Ben Office", person_id=ben
    )
    browsers = client_for(None), client_for(None)
    for client, token, password in zip(browsers, (first, second), (FIRST, SECOND), strict=True):
        assert accept(client, token, password).location.endswith("/sign-in/set-up")
        set_up(client)
    return {"ada": (ada, browsers[0]), "ben": (ben, browsers[1])}


def test_two_at_one_address_are_two_accounts(two, accounts_of):
    (ada, ada_in), (ben, ben_in) = two["ada"], two["ben"]

    assert len(accounts_of(ada, ben)) == 2
    for client, name, role, other in (
        (ada_in, "Ada Office", "SENCO", "Attendance lead"),
        (ben_in, "Ben Office", "Attendance lead", "SENCO"),
    ):
        assert name in client.get("/my-account").text
        assert other not in roles(client).replace("You are here", "")
        assert role in roles(client)


def test_each_signs_in_by_their_own_password_in_any_spelling_of_the_address(two, client_for):
    for email in (OFFICE, OFFICE.upper(), f" {OFFICE} "):
        for password in (FIRST, SECOND):
            assert come_in(client_for(None), email, password).status_code == 303
        assert "One of them is not right" in come_in(client_for(None), email, "neither of the two").text


def test_a_colleague_at_the_same_address_does_not_pass_for_the_other(two, client_for):
    """The second factor is asked of whose password it was."""
    client = client_for(None)
    come_in(client, OFFICE, FIRST)
    page = client.get("/sign-in/set-up")
    assert page.location.endswith("/sign-in/code")
    assert "not right" in client.post("/sign-in/code", data={"code": "000000"}).text
    assert not is_in(client)


def test_a_password_that_tells_nobody_apart_is_refused(two, client_for, invitation_to):
    token, client = invitation_to(Role.SENCO, email=OFFICE, name="Cleo Office"), client_for(None)

    refused = accept(client, token, FIRST)

    assert "This password cannot be used here" in refused.text
    assert "Ada" not in refused.text
    assert accept(client, token, "a third one of four words").status_code == 303


def test_nobody_changes_theirs_to_a_colleagues(two):
    _person, client = two["ben"]
    form = {"current": SECOND, "password": FIRST}
    assert "This password cannot be used here" in client.post("/my-account/password", data=form).text
    form = {"current": FIRST, "password": "a third one of four words"}
    assert "This is not your password" in client.post("/my-account/password", data=form).text


def test_guessing_a_colleagues_password_at_an_invitation_stops(two, client_for, invitation_to):
    token = invitation_to(Role.SENCO, email=OFFICE, name="Cleo Office")
    answers = [accept(client_for(None), token, FIRST).status_code for _ in range(11)]
    assert set(answers) <= {200, 429}
    assert answers[-1] == 429


def test_a_fifth_is_asked_for_an_address_of_their_own(two, client_for, invitation_to):
    for n, password in enumerate(("tulip anchor seven", "marble onion window")):
        token = invitation_to(Role.SENCO, email=OFFICE, name=f"Person {n}")
        assert accept(client_for(None), token, password).status_code == 303
    token = invitation_to(Role.SENCO, email=OFFICE, name="Fifth Person")

    assert "an address of your own" in accept(client_for(None), token, "candle forest nine").text
    assert client_for(None).get(f"/invitation/{token}").status_code == 200, "still good"
    for password in (FIRST, SECOND, "tulip anchor seven", "marble onion window"):
        assert come_in(client_for(None), OFFICE, password).status_code == 303


def test_a_forgotten_password_sends_each_a_link_that_says_for_whom(two, client_for, connection, app, world):
    client = client_for(None)
    client.post("/sign-in/forgotten", data={"email": OFFICE})
    connection.execute(ASSUME, world.school.lead.scope.as_parameters())
    ids = connection.execute(text("select id from outbox where kind = 'password_reset'")).scalars().all()
    connection.execute(text("select set_config('role', 'none', true)"))
    tokens = [link_token(app.config["SECRET_KEY"], one) for one in ids]
    pages = {token: client.get(f"/new-password/{token}").text for token in tokens}
    assert sorted(find_in(r"Are you (\w+)", page)[1] for page in pages.values()) == ["Ada", "Ben"]

    ada = next(token for token, page in pages.items() if "Are you Ada" in page)
    same = client.post(f"/new-password/{ada}", data={"password": SECOND})
    assert "This password cannot be used here" in same.text
    assert client.post(f"/new-password/{ada}", data={"password": "lantern puddle six"}).status_code == 303
    assert come_in(client_for(None), OFFICE, "lantern puddle six").status_code == 303
    assert come_in(client_for(None), OFFICE, SECOND).status_code == 303
    assert come_in(client_for(None), OFFICE, FIRST).status_code == 200


# ---- a role for an account that is there already


def test_an_invitation_at_a_colleagues_address_says_nothing_of_them(
    client_for, colleague_of, invitation_to, world
):
    colleague = colleague_of(world.school.lead)
    token, client = invitation_to(Role.SENCO, email=colleague.person.email, name="Jo New"), client_for(None)

    pages = client.get(f"/invitation/{token}").text + client.get(f"/invitation/{token}?me=yes").text

    for words in ("You have an account already", "password that you have", "Accept the invitation"):
        assert words not in pages
    assert accept(client, token, FIRST).location.endswith("/sign-in/set-up")
    set_up(client)
    assert "Jo New" in client.get("/my-account").text
    assert "School lead" not in roles(client)
    # Nothing of the other's has changed.
    assert come_in(client_for(None), colleague.person.email, PASSWORD).status_code == 303


def test_whoever_is_signed_in_adds_the_role_to_their_own_account(
    client_for, colleague_of, invitation_to, world
):
    colleague = colleague_of(world.school.lead)
    token = invitation_to(Role.SENCO, email=colleague.person.email)
    client = client_for(colleague.person)
    assert "Is that you too?" in client.get(f"/invitation/{token}?me=yes").text

    assert client.post(f"/invitation/{token}/add").location.endswith("/change-role")

    assert "SENCO" in roles(client)
    assert come_in(client_for(None), colleague.person.email, PASSWORD).status_code == 303
    assert client_for(None).get(f"/invitation/{token}").status_code == 410


def test_signing_in_first_leads_back_to_the_invitation(client_for, colleague_of, invitation_to, world):
    colleague = colleague_of(world.school.lead)
    # At another address than the account's: a person is not an address.
    token, client = invitation_to(Role.SENCO, email="jo.private@example.org"), client_for(None)
    assert client.post(f"/invitation/{token}/sign-in").location.endswith("/sign-in")
    come_in(client, colleague.person.email, PASSWORD)
    there = client.post("/sign-in/code", data={"code": colleague.app_code()}).location

    assert f"/invitation/{token}" in there
    assert "Is that you too?" in client.get(there).text
    client.post(f"/invitation/{token}/add")
    assert "SENCO" in roles(client)


def test_who_is_signed_in_as_somebody_else_makes_an_account_of_their_own(
    client_for, colleague_of, invitation_to, accounts_of, world
):
    lead, person = colleague_of(world.school.lead), new_id()
    token = invitation_to(Role.SENCO, email=OFFICE, name="Ada Office", person_id=person)
    client = client_for(lead.person)

    assert accept(client, token, FIRST).status_code == 303
    set_up(client)

    assert accounts_of(person).isdisjoint({lead.person.account_id})
    assert "Ada Office" in client.get("/my-account").text
    assert "School lead" not in roles(client)


@pytest.mark.parametrize("who", ["nobody", "parent", "facilitator"])
def test_only_an_account_at_work_takes_a_role_at_work(client_for, invitation_to, accounts_of, world, who):
    person = new_id()
    token = invitation_to(Role.SENCO, email=OFFICE, person_id=person)
    client = client_for(None if who == "nobody" else getattr(world.school, who))

    assert "Is that you too?" not in client.get(f"/invitation/{token}?me=yes").text
    client.post(f"/invitation/{token}/add")

    assert accounts_of(person) == set()
    assert client_for(None).get(f"/invitation/{token}").status_code == 200, "still good"


def test_a_new_password_for_a_colleague_is_taken_by_nobody_else_who_is_signed_in(
    client_for, colleague_of, invitation_to, accounts_of, world
):
    """Invited again to what they have: it is that person's, whoever sits there."""
    dsl = colleague_of(world.school.senco)
    token = invitation_to(dsl.person.role, email=dsl.person.email, person_id=dsl.person.person_id)
    lead = client_for(world.school.lead)

    assert "/invitation/" in lead.post(f"/invitation/{token}/add").location

    assert accounts_of(dsl.person.person_id) == {dsl.person.account_id}
    assert come_in(client_for(None), dsl.person.email, PASSWORD).status_code == 303


# ---- staff who would be somebody else


def test_a_colleagues_row_is_not_invited_to_another_address(acting_as, colleague_of, world):
    for gone in (False, True):
        person = world.school.senco
        with acting_as(world.school.lead) as session:
            if gone:
                session.execute(text("select identity.end_membership(:p, 'senco')"), {"p": person.person_id})
            with pytest.raises(HasAccount):
                invite(
                    session,
                    role=Role.SENCO,
                    authority_id=person.authority_id,
                    school_id=person.school_id,
                    person_id=person.person_id,
                    email="mine@example.org",
                    name="Senco",
                )


def test_a_row_is_invited_in_its_own_role_alone(acting_as, world):
    person_id = new_id()
    with acting_as(world.school.lead) as session:
        listed(session, world.school.lead, Role.SENCO, person_id)
    with acting_as(world.school.lead) as session, pytest.raises(DBAPIError), session.begin_nested():
        invite(
            session,
            role=Role.ATTENDANCE_LEAD,
            authority_id=world.school.authority_id,
            school_id=world.school.school_id,
            person_id=person_id,
            email="mine@example.org",
            name="X",
        )


# ---- this is not me


def test_this_is_not_me_ends_the_invitation_and_tells_the_school(client_for, invitation_to, world):
    person = new_id()
    token = invitation_to(Role.SENCO, email="typo@example.org", name="Ada Office", person_id=person)
    stranger = client_for(None)

    page = stranger.post(f"/link/{token}/not-me")

    assert "Thank you for telling us" in page.text
    assert world.school.name in page.text
    assert accept(client_for(None), token, FIRST).status_code == 410
    lead = client_for(world.school.lead)
    assert "Check the email address of Ada Office" in lead.get("/school").text
    assert "This is not me" in lead.get("/school/staff").text
    # Sent again once somebody has checked the address, it is settled until somebody says so once more.
    lead.post(f"/school/staff/{person}/send-again", data={"checked": "yes"})
    assert "Check the email address" not in lead.get("/school").text
    # Other schools hear nothing.
    other = client_for(world.sibling_school.lead)
    assert "Ada Office" not in other.get("/school").text


def test_the_council_hears_of_those_it_invited(client_for, invitation_to, world):
    token = invitation_to(
        Role.COMMISSIONER, email="typo@example.org", name="Cora Council", by=world.authority.admin
    )

    assert world.authority.name in client_for(None).post(f"/link/{token}/not-me").text

    admin = client_for(world.authority.admin)
    assert "Check the email address of Cora Council" in admin.get("/authority").text
    assert "This is not me" in admin.get("/authority/people").text
