"""Wherever a password is typed or chosen, a password manager can tell whose it is."""

from __future__ import annotations

import ast

import html5lib
import pytest

from app.accounts import links
from app.identity.roles import Role
from app.shell.fields import PasswordField
from tests.architecture.test_forms import every_form
from tests.architecture.test_house import PRODUCT
from tests.integration.accounts.own_keys import PHONE, PIN, joined  # noqa: F401 - a fixture
from tests.integration.accounts.test_invitations import NEW, accept
from tests.integration.accounts.test_password_reset import ask_for_link, messages  # noqa: F401 - fixtures
from tests.support.client import PageProblem, check_page

#: The functions that make a form with a password in it; the pages that they draw are opened below.
OPENED = {
    "sign_in",
    "change_password",
    "new_recovery_codes",
    "invitation",
    "new_password",
    "choose_pin",
    "enter_pin",
    "_confirm_by",
}


def makers(names):
    """The functions of the product that make one of these forms."""
    return {
        function.name
        for source in PRODUCT.values()
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef)
        and any(
            isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in names
            for call in ast.walk(function)
        )
    }


def accounts_named(page):
    """What each form that asks for a password says to a password manager; "" where the person types it."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return [
        one.get("value") or ""
        for form in tree.iter("form")
        if any(field.get("type") == "password" for field in form.iter("input"))
        for one in form.iter("input")
        if one.get("autocomplete") == "username"
    ]


@pytest.fixture
def invited_again(colleague_of, invitation_to, world):
    """A link for somebody who has the role already: by it they choose a new password."""

    def make():
        lead = colleague_of(world.school.lead).person
        return invitation_to(lead.role, email=lead.email, person_id=lead.person_id, name=lead.name)

    return make


@pytest.fixture
def two_at_one_phone(joined, links_asked_by, client_for):  # noqa: F811 - a fixture
    """Ada, who has a PIN and is in; Ben, who comes to choose one; Ada once more, who has just opened a link."""
    ada = joined("Ada Couple")
    ada.post("/my-account/pin", data={"pin": PIN})
    ben, again = joined("Ben Couple"), client_for(None)
    for link in links_asked_by(again, PHONE):
        if "Are you Ada?" in again.get(f"/link/{link}").text:
            again.post(f"/link/{link}")
    return {"ada": ada, "ben": ben, "again": again}


def test_every_page_that_asks_for_a_password_is_opened_below(shared_app):
    with shared_app.test_request_context():
        asking = {
            kind.__name__ for kind in every_form() if any(isinstance(one, PasswordField) for one in kind())
        }
    assert asking >= {"SignInForm", "InvitationForm", "PinForm"}
    assert makers(asking) == OPENED


@pytest.mark.parametrize("path", ["/my-account/password", "/my-account/recovery-codes"])
def test_somebody_signed_in_at_work_is_named_by_their_address(client_for, world, path):
    lead = world.school.lead
    assert accounts_named(client_for(lead).get(path).text) == [lead.email]


def test_at_sign_in_the_address_is_typed(client_for):
    assert accounts_named(client_for(None).get("/sign-in").text) == [""]


def test_an_invitation_names_the_account_that_it_makes(client_for, invitation_to):
    token, client = invitation_to(Role.SENCO, email=NEW), client_for(None)
    # Who has not said yet that they are this person is told no address.
    assert NEW not in client.get(f"/invitation/{token}").text
    assert accounts_named(client.get(f"/invitation/{token}?me=yes").text) == [NEW]
    # Also where the first password is not good enough.
    assert accounts_named(client.post(f"/invitation/{token}", data={"password": "short"}).text) == [NEW]
    # A link that was used says nothing any more.
    assert accept(client, token).status_code == 303
    assert NEW not in client_for(None).get(f"/invitation/{token}?me=yes").text


def test_an_invitation_once_more_names_the_account_that_is_there(client_for, invited_again, world):
    page = client_for(None).get(f"/invitation/{invited_again()}?me=yes").text
    assert accounts_named(page) == [world.school.lead.email]


def test_a_link_for_a_new_password_names_its_account(client_for, colleague_of, ask_for_link, world):  # noqa: F811
    lead, client = colleague_of(world.school.lead).person, client_for(None)
    first, token = ask_for_link(client, lead.email), ask_for_link(client, lead.email)
    assert accounts_named(client.get(f"/new-password/{token}").text) == [lead.email]
    # Taken back by the second.
    assert lead.email not in client.get(f"/new-password/{first}").text


def test_a_link_of_a_parent_says_no_address(client_for, invitation_to, app):
    token = invitation_to(Role.PARENT, email="ada@example.org", name="Ada Couple")
    with app.test_request_context():
        assert links.look_at(token).account_email == ""
    assert "ada@example.org" not in client_for(None).get(f"/link/{token}").text


@pytest.mark.parametrize(
    ("who", "path", "account"),
    [
        ("ben", "/my-account/pin", "Ben Couple"),
        ("again", "/pin", "Ada Couple"),
        ("ada", "/confirm/pin", "Ada Couple"),
        ("ada", "/confirm/words", "Ada Couple"),
    ],
)
def test_two_at_one_phone_are_two_to_its_password_manager(two_at_one_phone, who, path, account):
    page = two_at_one_phone[who].get(path)
    assert page.status_code == 200
    assert accounts_named(page.text) == [account]


def test_a_page_that_names_no_account_is_seen_by_every_test(client_for, world):
    page = client_for(world.school.lead).get("/my-account/password")
    check_page(page.text, page)
    with pytest.raises(PageProblem, match="names no account"):
        check_page(page.text.replace('autocomplete="username"', ""), page)
