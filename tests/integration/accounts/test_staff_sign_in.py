"""People at work come in with password and app, and with nothing less."""

from __future__ import annotations

import re

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from app.accounts import throttle
from app.accounts.passwords import is_costly
from app.accounts.services import end_membership
from tests.integration.accounts.conftest import PASSWORD
from tests.integration.test_state_words import put  # noqa: F401
from tests.support.client import PageClient
from tests.support.reading import find_in


def type_password(client, person, password=PASSWORD):
    return client.post("/sign-in", data={"email": person.email, "password": password})


def is_in(client: PageClient) -> bool:
    return client.get("/my-account").status_code == 200


def test_password_and_app_lead_home(client_for, colleague_of, world):
    colleague, client = colleague_of(world.school.lead), client_for(None)

    assert type_password(client, colleague.person).location.endswith("/sign-in/code")
    assert not is_in(client)
    response = client.post("/sign-in/code", data={"code": colleague.app_code()})

    assert response.status_code == 303
    assert is_in(client)


def test_the_email_may_be_typed_in_capitals(client_for, colleague_of, world):
    colleague, client = colleague_of(world.school.lead), client_for(None)

    response = client.post("/sign-in", data={"email": colleague.person.email.upper(), "password": PASSWORD})

    assert response.location.endswith("/sign-in/code")


def test_known_and_unknown_addresses_get_the_same_page(client_for, colleague_of, world):
    known, client = colleague_of(world.school.lead).person.email, client_for(None)
    unknown = "x" * (len(known) - 14) + "@a.example.org"

    pages = [
        client.post("/sign-in", data={"email": email, "password": "wrong but long enough"})
        for email in (known, unknown)
    ]

    assert {page.status_code for page in pages} == {200}
    assert plain(pages[0]).replace(known, "*") == plain(pages[1]).replace(unknown, "*")
    assert "One of them is not right" in pages[0].text


def test_the_code_page_is_shut_without_a_password(client_for, world):
    client = client_for(None)

    for page in ("/sign-in/code", "/sign-in/recovery-code", "/sign-in/set-up"):
        assert client.get(page).location.endswith("/sign-in")
        assert client.post(page, data={"code": "123456"}).location.endswith("/sign-in")
    assert client.get("/sign-in/set-up.svg").status_code == 404


def test_a_code_opens_one_door_once(client_for, colleague_of, world):
    colleague, first, second = colleague_of(world.school.lead), client_for(None), client_for(None)
    code = colleague.app_code()
    for client in (first, second):
        type_password(client, colleague.person)

    assert first.post("/sign-in/code", data={"code": code}).status_code == 303
    again = second.post("/sign-in/code", data={"code": code})

    assert again.status_code == 200
    assert "was used before" in again.text
    assert not is_in(second)


def test_a_code_from_before_the_last_one_is_refused(client_for, colleague_of, world):
    colleague, first, second = colleague_of(world.school.lead), client_for(None), client_for(None)
    for client in (first, second):
        type_password(client, colleague.person)

    first.post("/sign-in/code", data={"code": colleague.app_code(+1)})

    assert second.post("/sign-in/code", data={"code": colleague.app_code()}).status_code == 200
    assert not is_in(second)


def test_a_recovery_code_works_once_however_it_is_typed(client_for, colleague_of, world):
    colleague, first, second = colleague_of(world.school.lead), client_for(None), client_for(None)
    code = colleague.codes[3]
    for client in (first, second):
        type_password(client, colleague.person)

    assert (
        first.post("/sign-in/recovery-code", data={"code": code.upper().replace("-", " ")}).status_code == 303
    )
    assert is_in(first)
    assert second.post("/sign-in/recovery-code", data={"code": code}).status_code == 200
    assert not is_in(second)


def test_a_colleagues_recovery_code_is_worth_nothing_to_me(client_for, colleague_of, world):
    mine, theirs, client = colleague_of(world.school.lead), colleague_of(world.school.dsl), client_for(None)
    type_password(client, mine.person)

    assert client.post("/sign-in/recovery-code", data={"code": theirs.codes[0]}).status_code == 200
    assert not is_in(client)


def test_the_browsers_secret_changes_at_each_step(client_for, colleague_of, cookie_of, world, with_csrf):
    colleague, client, planted = colleague_of(world.school.lead), client_for(None), client_for(None)
    page = client.get("/sign-in")
    before = cookie_of(client)
    planted.set_cookie("webelong", before, domain="localhost")

    client.post(
        "/sign-in", data={"email": colleague.person.email, "password": PASSWORD, "csrf_token": token_in(page)}
    )
    between = cookie_of(client)
    page = client.get("/sign-in/code")
    client.post("/sign-in/code", data={"code": colleague.app_code(), "csrf_token": token_in(page)})
    after = cookie_of(client)

    assert len({before, between, after}) == 3
    assert is_in(client)
    assert not is_in(planted)


def test_the_first_time_the_app_is_set_up_and_codes_are_kept(client_for, colleague_of, world):
    colleague, client = colleague_of(world.school.lead, has_app=False), client_for(None)

    assert type_password(client, colleague.person).location.endswith("/sign-in/set-up")
    page = client.get("/sign-in/set-up").text
    colleague.secret = find_in(r"<strong[^>]*>([A-Z2-7 ]{20,})</strong>", page).group(1).replace(" ", "")
    picture = client.get("/sign-in/set-up.svg")
    assert picture.mimetype == "image/svg+xml"
    assert client.post("/sign-in/set-up", data={"code": "000000"}).status_code == 200
    assert not is_in(client)

    assert client.post("/sign-in/set-up", data={"code": colleague.app_code()}).location.endswith(
        "/recovery-codes"
    )
    shown = codes_in(client.get("/recovery-codes").text)
    assert len(shown) == 10
    assert codes_in(client.get("/recovery-codes").text) == shown, (
        "a reload before they are kept loses nothing"
    )
    client.post("/recovery-codes")
    assert client.get("/recovery-codes").status_code == 303

    other = client_for(None)
    type_password(other, colleague.person)
    assert other.post("/sign-in/recovery-code", data={"code": shown[0]}).status_code == 303
    assert is_in(other)


def test_an_app_is_not_replaced_from_the_sign_in_pages(client_for, colleague_of, world):
    colleague, client = colleague_of(world.school.lead), client_for(None)
    type_password(client, colleague.person)

    assert client.get("/sign-in/set-up").location.endswith("/sign-in/code")
    assert client.get("/sign-in/set-up.svg").status_code == 404


def test_guessing_stops_here_and_the_owner_still_comes_in_elsewhere(client_for, colleague_of, world):
    colleague, guesser, owner = colleague_of(world.school.lead), client_for(None), client_for(None)
    for _ in range(throttle.PASSWORD_HERE.times):
        assert type_password(guesser, colleague.person, "wrong but long enough").status_code == 200

    locked = type_password(guesser, colleague.person)

    assert locked.status_code == 429
    assert re.search(r"Wait [1-5] minutes", locked.text)
    elsewhere = owner.post(
        "/sign-in",
        data={"email": colleague.person.email, "password": PASSWORD},
        environ_overrides={"REMOTE_ADDR": "192.0.2.7"},
    )
    assert elsewhere.location.endswith("/sign-in/code")


def test_codes_are_counted_too(client_for, colleague_of, world):
    colleague, client = colleague_of(world.school.lead), client_for(None)
    type_password(client, colleague.person)
    for _ in range(throttle.CODE.times):
        client.post("/sign-in/code", data={"code": "000000"})

    assert client.post("/sign-in/code", data={"code": colleague.app_code()}).status_code == 429
    assert not is_in(client)


def test_a_password_without_a_role_opens_nothing(client_for, colleague_of, acting_as, world):
    colleague, client = colleague_of(world.school.people["senco"]), client_for(None)
    with acting_as(world.school.lead) as session:
        end_membership(session, colleague.person.person_id, colleague.person.role)

    type_password(client, colleague.person)
    response = client.post("/sign-in/code", data={"code": colleague.app_code()})

    assert response.location.endswith("/sign-in")
    assert "no role here" in client.get("/sign-in").text
    assert not is_in(client)


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code", "/new-link", "/new-link/sent", "/change-role"])
def test_a_form_without_its_token_is_refused(client_for, world, with_csrf, path):
    assert client_for(world.school.lead).post(path, data={"email": "a@b.example"}).status_code == 400


def plain(page) -> str:
    """A page without what differs each time."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page.text)


def token_in(page) -> str:
    return find_in(r'name="csrf_token" value="([^"]+)"', page.text).group(1)


def codes_in(page: str) -> list[str]:
    return re.findall(r"<strong>([a-z2-9]{5}-[a-z2-9]{5})</strong>", page)


def test_a_password_kept_at_another_cost_is_kept_anew_when_it_is_typed_right(
    client_for,
    colleague_of,
    put,  # noqa: F811
    connection,
    world,
):
    """A costlier hash would take longer than the one of nobody, and so tell that there is an account."""
    colleague = colleague_of(world.school.lead)
    costly = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1).hash(PASSWORD.encode())
    put(
        "update identity.account set password_hash = :hash where id = :id",
        hash=costly,
        id=colleague.person.account_id,
    )

    def kept():
        connection.execute(text("set session authorization default"))
        found = connection.execute(
            text("select password_hash from identity.account where id = :id"),
            {"id": colleague.person.account_id},
        ).scalar_one()
        connection.execute(text("set session authorization wb_web"))
        return found

    type_password(client_for(None), colleague.person, "another thing altogether")
    assert kept() == costly
    assert type_password(client_for(None), colleague.person).status_code == 303
    assert kept() != costly
    assert not is_costly(kept())
    assert type_password(client_for(None), colleague.person).status_code == 303
