"""A forgotten password: the same answer to everybody, a link that works once, and the app asked for as always."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.accounts import reset, throttle
from app.accounts.services import end_membership
from app.identity.roles import Role
from app.messages.links import link_token
from tenants.session import ASSUME
from tests.integration.accounts.conftest import PASSWORD

NEW = "seven purple kettles sing"


@pytest.fixture
def messages(connection, world):
    """Messages of a kind that wait in the school's outbox, or the authority's: id and what they are about."""

    def find(kind, person=None):
        person = person or world.school.lead
        connection.execute(ASSUME, person.scope.as_parameters())
        box = "outbox" if person.school_id else "authority_outbox"
        asked = f"select id, subject_id, recipient_kind from {box} where kind = :kind order by created_at, id"
        return [tuple(row) for row in connection.execute(text(asked), {"kind": kind})]

    return find


@pytest.fixture
def ask_for_link(app, messages):
    """The secret in the message that follows when somebody asks for a new password; None when none does."""

    def ask(client, email, person=None):
        before = messages("password_reset", person)
        response = client.post("/sign-in/forgotten", data={"email": email})
        assert response.status_code == 303
        assert response.location.endswith("/sign-in/forgotten/sent")
        new = [row for row in messages("password_reset", person) if row not in before]
        return link_token(app.config["SECRET_KEY"], new[0][0]) if new else None

    return ask


def sign_in(client, colleague, password):
    client.post("/sign-in", data={"email": colleague.person.email, "password": password})
    client.post("/sign-in/code", data={"code": colleague.app_code()})
    return client.get("/my-account").status_code == 200


def test_the_sign_in_page_leads_there(client_for):
    page = client_for(None).get("/sign-in").text
    assert "I forgot my password" in page
    assert "/sign-in/forgotten" in page


def test_a_new_password_by_a_link_and_the_app_is_asked_for_as_always(
    client_for, colleague_of, ask_for_link, world
):
    # given somebody who forgot their password
    colleague, client = colleague_of(world.school.lead), client_for(None)
    token = ask_for_link(client, colleague.person.email.upper())
    # when they choose another by the link in the message
    assert client.get(f"/l/{token}").location.endswith(f"/new-password/{token}")
    assert "Choose a new password" in client.get(f"/new-password/{token}").text
    response = client.post(f"/new-password/{token}", data={"password": NEW})
    # then nobody is signed in by it
    assert response.location.endswith("/sign-in")
    assert client.get("/my-account").status_code == 302
    # and the new one leads to the app's code, the old one nowhere
    old = client.post("/sign-in", data={"email": colleague.person.email, "password": PASSWORD})
    assert old.status_code == 200
    asked = client.post("/sign-in", data={"email": colleague.person.email, "password": NEW})
    assert asked.location.endswith("/sign-in/code")
    assert client.get("/my-account").status_code == 302
    client.post("/sign-in/code", data={"code": colleague.app_code()})
    assert client.get("/my-account").status_code == 200


def test_looking_at_the_link_changes_nothing(client_for, colleague_of, ask_for_link, world):
    colleague, client = colleague_of(world.school.lead), client_for(None)
    token = ask_for_link(client, colleague.person.email)
    for _scanner in range(3):
        assert client_for(None).get(f"/new-password/{token}").status_code == 200
    assert client.post(f"/new-password/{token}", data={"password": NEW}).status_code == 303


def test_every_open_session_ends_and_the_owner_is_told(
    client_for, colleague_of, ask_for_link, messages, app, connection, world
):
    # given a browser that is signed in, and a link
    colleague, inside, outside = colleague_of(world.school.lead), client_for(None), client_for(None)
    assert sign_in(inside, colleague, PASSWORD)
    token = ask_for_link(outside, colleague.person.email)
    ((asked_id, _, _),) = messages("password_reset")
    # when the password is changed elsewhere
    outside.post(f"/new-password/{token}", data={"password": NEW})
    # then that browser is out, and a notice goes to the address of the link
    assert inside.get("/my-account").status_code == 302
    ((_, about, recipient),) = messages("password_was_reset")
    assert (about, recipient) == (asked_id, "token")


def test_a_link_works_once(client_for, colleague_of, ask_for_link, world):
    colleague, client = colleague_of(world.school.lead), client_for(None)
    token = ask_for_link(client, colleague.person.email)
    client.post(f"/new-password/{token}", data={"password": NEW})
    again = client.post(f"/new-password/{token}", data={"password": "another good password here"})
    assert again.status_code == 410
    assert "This link has ended" in again.text
    assert sign_in(client, colleague, NEW)


def test_a_newer_link_takes_the_place_of_the_one_before(client_for, colleague_of, ask_for_link, world):
    colleague, client = colleague_of(world.school.lead), client_for(None)
    first, second = (ask_for_link(client, colleague.person.email) for _time in range(2))
    assert client.get(f"/new-password/{first}").status_code == 410
    assert client.get(f"/new-password/{second}").status_code == 200


def test_a_link_ends_after_half_an_hour(client_for, colleague_of, ask_for_link, clock, world):
    assert timedelta(minutes=30) == reset.LINK_LIFE
    colleague, client = colleague_of(world.school.lead), client_for(None)
    token = ask_for_link(client, colleague.person.email)
    clock.move(reset.LINK_LIFE)
    assert client.get(f"/new-password/{token}").status_code == 410
    assert client.post(f"/new-password/{token}", data={"password": NEW}).status_code == 410
    assert sign_in(client, colleague, PASSWORD)


def test_known_and_unknown_addresses_get_the_same_answer(client_for, colleague_of, ask_for_link, world):
    known = colleague_of(world.school.lead).person.email
    pages = []
    for email in (known, "nobody@a.example.org", world.school.parent.email):
        client = client_for(None)
        token = ask_for_link(client, email)
        assert (token is not None) == (email == known)
        pages.append(re.sub(r'value="[^"]+"', "", client.get("/sign-in/forgotten/sent").text))
    assert len(set(pages)) == 1


def test_known_and_unknown_addresses_wait_the_same(client_for, colleague_of, world):
    known = colleague_of(world.school.lead).person.email
    for email in (known, "nobody@a.example.org"):
        client = client_for(None)
        for _ in range(throttle.RESET_HERE.times):
            assert client.post("/sign-in/forgotten", data={"email": email}).status_code == 303
        late = client.post("/sign-in/forgotten", data={"email": email})
        assert late.status_code == 429
        assert "Wait" in late.text


def test_a_strangers_presses_do_not_keep_the_owner_waiting(client_for, colleague_of, world):
    email = colleague_of(world.school.lead).person.email
    for _ in range(throttle.RESET_HERE.times + 1):
        client_for(None).post(
            "/sign-in/forgotten", data={"email": email}, environ_overrides={"REMOTE_ADDR": "192.0.2.1"}
        )
    owner = client_for(None).post(
        "/sign-in/forgotten", data={"email": email}, environ_overrides={"REMOTE_ADDR": "192.0.2.9"}
    )
    assert owner.status_code == 303


def test_an_authoritys_colleague_gets_a_link_too(client_for, colleague_of, ask_for_link, messages, world):
    admin = world.authority.admin
    colleague, client = colleague_of(admin), client_for(None)
    token = ask_for_link(client, colleague.person.email, admin)
    client.post(f"/new-password/{token}", data={"password": NEW})
    assert len(messages("password_was_reset", admin)) == 1
    assert sign_in(client, colleague, NEW)


def test_somebody_without_a_role_gets_none(client_for, colleague_of, ask_for_link, acting_as, world):
    colleague, client = colleague_of(world.school.people["senco"]), client_for(None)
    with acting_as(world.school.lead) as session:
        end_membership(session, colleague.person.person_id, colleague.person.role)
    assert ask_for_link(client, colleague.person.email) is None


def test_a_weak_password_is_refused_and_the_link_is_kept(client_for, colleague_of, ask_for_link, world):
    colleague, client = colleague_of(world.school.lead), client_for(None)
    token = ask_for_link(client, colleague.person.email)
    page = client.post(f"/new-password/{token}", data={"password": "short"})
    assert page.status_code == 200
    assert "at least 12 letters" in page.text
    assert client.post(f"/new-password/{token}", data={"password": NEW}).status_code == 303


def test_the_link_is_good_for_nothing_else(client_for, colleague_of, ask_for_link, invitation_to, world):
    colleague, client = colleague_of(world.school.lead), client_for(None)
    token = ask_for_link(client, colleague.person.email)
    for path in ("link", "invitation"):
        assert client.post(f"/{path}/{token}", data={"password": NEW}).location.endswith(
            f"/new-password/{token}"
        )
    assert client.get("/my-account").status_code == 302
    # nor is an invitation good for this
    invitation = invitation_to(Role.SENCO, email="new@example.org")
    assert client.post(f"/new-password/{invitation}", data={"password": NEW}).status_code == 404
    assert client.get("/new-password/wrong").status_code == 404


@pytest.mark.parametrize("path", ["/sign-in/forgotten", "/new-password/x"])
def test_a_form_without_its_token_is_refused(client_for, with_csrf, path):
    assert client_for(None).post(path, data={"email": "a@b.example"}).status_code == 400
