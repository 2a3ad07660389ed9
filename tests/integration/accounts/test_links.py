"""Parents and facilitators come in by a link: once, in the browser that asked, by a press and not by a look."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.accounts import links, throttle
from app.accounts.services import cancel_invitations, end_membership
from app.identity.roles import Role
from app.messages import meant
from app.messages.services import link_token
from demo.sign_in_links import sign_in_path
from infra.ids import new_id
from tenants.session import ASSUME
from tests.integration.accounts.conftest import accept_offer
from tests.support.reading import find_in


def is_in(client) -> bool:
    return client.get("/my-account").status_code == 200


def plain(page) -> str:
    """A page without what differs each time."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page.text)


def test_looking_at_an_invitation_signs_nobody_in(client_for, invitation_to):
    token, client = invitation_to(Role.PARENT, phone="+447700900901"), client_for(None)

    for _ in range(3):
        assert client.get(f"/link/{token}").status_code == 200
    assert client.get(f"/l/{token}").location.endswith(f"/link/{token}")

    assert not is_in(client)
    assert client.post(f"/link/{token}").status_code == 303
    assert is_in(client)


def test_an_invitation_works_once(client_for, invitation_to):
    token, first, second = (
        invitation_to(Role.PARENT, phone="+447700900901"),
        client_for(None),
        client_for(None),
    )
    assert first.post(f"/link/{token}").status_code == 303

    again = second.post(f"/link/{token}")

    assert again.status_code == 410
    assert "This link was used" in again.text
    assert 'action="/new-link"' in again.text
    assert not is_in(second)


def test_a_press_needs_the_pages_own_token(client_for, invitation_to, with_csrf):
    token, client = invitation_to(Role.PARENT, phone="+447700900901"), client_for(None)

    assert client.post(f"/link/{token}").status_code == 400
    assert not is_in(client)


def test_a_newer_invitation_ends_the_one_before(client_for, invitation_to, app, world):
    person_id = new_id()
    old = invitation_to(Role.PARENT, phone="+447700900901", person_id=person_id)
    new = invitation_to(Role.PARENT, phone="+447700900902", person_id=person_id)
    client = client_for(None)

    assert "This link has ended" in client.post(f"/link/{old}").text
    assert client.post(f"/link/{new}").status_code == 303


def test_a_cancelled_invitation_says_so(client_for, invitation_to, acting_as, world):
    person_id = new_id()
    token = invitation_to(Role.PARENT, phone="+447700900901", person_id=person_id)
    with acting_as(world.school.lead) as session:
        cancel_invitations(session, person_id)

    response = client_for(None).get(f"/link/{token}")

    assert response.status_code == 410
    assert "This link has ended" in response.text


@pytest.mark.parametrize("token", ["short", "A" * 22, "%00", "é" * 22, "x" * 5000])
def test_a_link_that_is_none_of_ours_leads_to_a_new_one(client_for, token):
    client = client_for(None)

    for path in (f"/link/{token}", f"/invitation/{token}"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
    assert 'action="/new-link"' in client.get(f"/link/{token}").text


def test_a_link_that_was_asked_for_opens_where_it_was_asked_for(client_for, link_asked_by, world):
    client, other = client_for(None), client_for(None)
    token = link_asked_by(client, world.school.parent.phone or world.school.parent.email)

    elsewhere = other.get(f"/link/{token}")
    assert "another phone, computer or browser" in elsewhere.text
    assert other.post(f"/link/{token}").status_code == 200
    assert not is_in(other)

    assert "Are you Parent?" in client.get(f"/link/{token}").text
    assert client.post(f"/link/{token}").status_code == 303
    assert is_in(client)


def test_whoever_signs_in_from_a_message_for_another_role_is_asked_to_change(
    client_for, link_asked_by, offered_to, world
):
    """Given a parent who leads too, when they sign in from a message for parents, then they come to that role."""
    parent, client = world.school.parent, client_for(None)
    offered_to(parent)
    accept_offer(client_for(parent))
    assert client.get("/go/group?p").location == "/new-link"
    token = link_asked_by(client, parent.phone or parent.email)

    on = client.post(f"/link/{token}").location
    assert on == "/go/group?p="
    assert client.get(on).location == "/change-role"
    choice = find_in(r'name="membership" value="([^"]+)"', client.get("/change-role").text).group(1)
    on = client.post("/change-role", data={"membership": choice}).location
    assert client.get(on).location == "/my/group"


@pytest.mark.parametrize(
    ("sign", "role", "on"),
    [
        ("p", Role.PARENT, {"place": "home", "p": ""}),
        ("p", Role.SENCO, None),
        ("f", Role.PARENT, None),
        ("", Role.SENCO, {"place": "home"}),
    ],
)
def test_whoever_chooses_another_role_than_a_message_was_for_goes_home(app, clock, sign, role, on):
    with app.test_request_context("/"):
        meant.keep("home", sign)
        meant.drop_unless_for(role)
        assert meant.take() == on
        meant.keep("home", sign)
        clock.move(meant.LIFE + timedelta(minutes=1))
        assert meant.take() is None


def test_six_digits_carry_a_link_over(client_for, link_asked_by, app, world):
    asked, opened, stranger = client_for(None), client_for(None), client_for(None)
    token = link_asked_by(asked, world.school.parent.phone or world.school.parent.email)
    with app.app_context():
        digits = links.code_for(token)
    assert digits in opened.get(f"/link/{token}").text

    assert stranger.post("/new-link/sent", data={"code": digits}).status_code == 200
    assert not is_in(stranger)
    wrong = f"{(int(digits) + 1) % 1_000_000:06}"
    assert "are not right" in asked.post("/new-link/sent", data={"code": wrong}).text
    assert asked.post("/new-link/sent", data={"code": f"{digits[:3]} {digits[3:]}"}).status_code == 303
    assert is_in(asked)
    assert "This link was used" in opened.get(f"/link/{token}").text


def test_digits_cannot_be_guessed(client_for, link_asked_by, app, world):
    client = client_for(None)
    token = link_asked_by(client, world.school.parent.phone or world.school.parent.email)
    with app.app_context():
        digits = links.code_for(token)
    for step in range(throttle.LINK_CODE.times):
        client.post("/new-link/sent", data={"code": f"{(int(digits) + 1 + step) % 1_000_000:06}"})

    assert client.post("/new-link/sent", data={"code": digits}).status_code == 429
    assert not is_in(client)


def test_a_link_lasts_ten_minutes(client_for, link_asked_by, monkeypatch, world):
    monkeypatch.setattr(links, "LINK_LIFE", timedelta(seconds=-1))
    client = client_for(None)
    token = link_asked_by(client, world.school.parent.phone or world.school.parent.email)

    assert client.post(f"/link/{token}").status_code == 410
    assert not is_in(client)


def test_known_and_unknown_addresses_get_the_same_answer(client_for, link_asked_by, world):
    known, unknown = client_for(None), client_for(None)
    assert link_asked_by(known, world.school.parent.phone or world.school.parent.email)
    assert link_asked_by(unknown, "07700 900999") is None
    assert link_asked_by(unknown, "nobody@a.example.org") is None

    assert plain(known.get("/new-link/sent")) == plain(unknown.get("/new-link/sent"))


def test_people_at_work_get_no_link(client_for, link_asked_by, world):
    assert link_asked_by(client_for(None), world.school.lead.email) is None


@pytest.mark.parametrize("typed", ["", "12", "amina", "@", "amina@", "020 7946 0001", "0" * 300])
def test_an_invalid_address_is_explained_and_kept(client_for, typed):
    response = client_for(None).post("/new-link", data={"address": typed})

    assert response.status_code == 200
    assert "There is a problem" in response.text
    assert f'value="{typed}"' in response.text or not typed


def test_asking_again_and_again_stops(client_for, world):
    client = client_for(None)
    answers = [
        client.post("/new-link", data={"address": "07700 900999"})
        for _ in range(throttle.LINK_TEXT_HERE.times + 1)
    ]

    assert [answer.status_code for answer in answers] == [303] * throttle.LINK_TEXT_HERE.times + [429]
    assert "Wait 10 minutes" in answers[-1].text


def test_an_ended_membership_is_out_at_the_next_request(client_for, acting_as, world):
    parent, client = world.school.parent, client_for(world.school.parent)
    assert is_in(client)
    with acting_as(world.school.lead) as session:
        assert end_membership(session, parent.person_id, parent.role)

    assert client.get("/my-account").location.endswith("/sign-in?ended=1")


def test_the_demo_door_is_not_there_outside_the_demo(client_for, app, world):
    client = client_for(None)

    assert (
        client.get(sign_in_path(app.config["SECRET_KEY"], world.school.parent.membership_id)).status_code
        == 404
    )
    assert not is_in(client)


def test_somebody_invited_who_has_not_come_yet_gets_a_link_by_asking(
    client_for, invitation_to, link_asked_by, acting_as, world
):
    """At night the invitation's own text waits until morning; whoever asks now is let in now."""
    person_id = new_id()
    invitation_to(Role.PARENT, phone="+447700900903", person_id=person_id)
    client = client_for(None)

    token = link_asked_by(client, "07700 900903")

    assert token is not None
    assert client_for(None).post(f"/link/{token}").status_code == 200  # not from another browser
    assert client.post(f"/link/{token}").status_code == 303
    assert is_in(client)


def test_a_cancelled_invitation_gets_nobody_a_link(
    client_for, invitation_to, link_asked_by, acting_as, world
):
    person_id = new_id()
    invitation_to(Role.PARENT, phone="+447700900904", person_id=person_id)
    with acting_as(world.school.lead) as session:
        cancel_invitations(session, person_id)

    assert link_asked_by(client_for(None), "07700 900904") is None


def test_a_new_link_before_the_first_visit_says_the_first_name_alone(
    client_for, invitation_to, connection, world, app
):
    """Whoever else has the mailbox reads no surname."""
    invitation_to(Role.PARENT, phone="+447700900977", name="Dos Second")
    client = client_for(None)
    client.post("/new-link", data={"address": "07700 900977"})
    connection.execute(ASSUME, world.school.lead.scope.as_parameters())
    row = connection.execute(
        text("select id from outbox where kind = 'sign_in_link' order by created_at desc, id desc limit 1")
    ).scalar_one()
    connection.execute(text("select set_config('role', 'none', true)"))
    page = client.get(f"/link/{link_token(app.config['SECRET_KEY'], row)}").text
    assert "Dos" in page
    assert "Second" not in page
