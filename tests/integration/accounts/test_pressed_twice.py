"""Whoever presses a button of the way in twice is in, as after one press; nobody else gets in by it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.identity.roles import Role
from app.shell import pressed_twice
from tests.integration.accounts.conftest import PASSWORD

COOKIE = "webelong"

pytestmark = pytest.mark.usefixtures("with_csrf")


def is_in(client) -> bool:
    return client.get("/my-account").status_code == 200


def opened(client, path: str, **words: str) -> dict[str, str]:
    """The form at `path`, with these words typed in."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert token is not None, path
    return {**words, "csrf_token": token.group(1)}


def press_twice(client, path: str, form: dict[str, str]):
    """Both answers. The browser drops the first one, its cookie too, as browsers do."""
    before = client.get_cookie(COOKIE).value
    first = client.post(path, data=form)
    client.set_cookie(COOKIE, before)
    return first, client.post(path, data=form)


@pytest.fixture
def link(invitation_to) -> str:
    return f"/link/{invitation_to(Role.PARENT, phone='+447700900931')}"


def test_a_link_pressed_twice_signs_in_once(client_for, link):
    client = client_for(None)

    first, second = press_twice(client, link, opened(client, link))

    assert (first.status_code, second.status_code) == (303, 303)
    assert second.location == first.location
    assert is_in(client)


def test_also_when_the_first_answer_came_through(client_for, link):
    client = client_for(None)
    form, before = opened(client, link), client.get_cookie(COOKIE).value
    client.post(link, data=form)
    mine = client.get_cookie(COOKIE).value
    client.set_cookie(COOKIE, before)
    client.post(link, data=form)

    assert client.get_cookie(COOKIE).value == mine


def test_a_link_pressed_many_times_signs_in_once(client_for, link):
    client = client_for(None)
    form, before = opened(client, link), client.get_cookie(COOKIE).value
    answers = []
    for _ in range(6):
        client.set_cookie(COOKIE, before)
        answers.append(client.post(link, data=form).status_code)

    assert set(answers) == {303}
    assert is_in(client)


def test_every_step_of_the_way_in_at_work_may_be_pressed_twice(client_for, colleague_of, world):
    colleague, client = colleague_of(world.school.lead), client_for(None)
    words = opened(client, "/sign-in", email=colleague.person.email, password=PASSWORD)

    _first, second = press_twice(client, "/sign-in", words)
    assert second.location.endswith("/sign-in/code")
    first, second = press_twice(
        client, "/sign-in/code", opened(client, "/sign-in/code", code=colleague.app_code())
    )

    assert (first.status_code, second.status_code) == (303, 303)
    assert is_in(client)


def test_a_change_of_role_pressed_twice_stays_signed_in(client_for, colleague_of, invitation_to, world):
    colleague = colleague_of(world.school.lead).person
    link, client = f"/link/{invitation_to(Role.PARENT, email=colleague.email)}", client_for(colleague)
    client.post(link, data=opened(client, link, join="yes"))
    client = client_for(colleague)
    chosen = re.search(r'name="membership" value="([^"]+)"', client.get("/change-role").text)
    assert chosen is not None

    form = opened(client, "/change-role", membership=chosen.group(1))
    first, second = press_twice(client, "/change-role", form)

    assert (first.status_code, second.status_code) == (303, 303)
    assert second.location == first.location
    assert is_in(client)


def test_a_secret_that_somebody_planted_opens_nothing(client_for, link):
    """Somebody else knows the browser's secret of before, and not the link."""
    client, stranger = client_for(None), client_for(None)
    form, before = opened(client, link), client.get_cookie(COOKIE).value
    assert client.post(link, data=form).status_code == 303

    for path, words in ((link[:-1] + "x", form), ("/sign-in", form), (link, {"csrf_token": "x"}), (link, {})):
        stranger.set_cookie(COOKIE, before)
        stranger.post(path, data=words)
        assert not is_in(stranger)


def test_the_same_words_from_another_browser_open_nothing(client_for, link):
    client, stranger = client_for(None), client_for(None)
    form = opened(client, link)
    stranger.get("/sign-in")
    assert client.post(link, data=form).status_code == 303

    assert stranger.post(link, data=form).status_code in {400, 410}
    assert not is_in(stranger)


def test_another_site_cannot_press_again(client_for, link):
    client = client_for(None)
    form, before = opened(client, link), client.get_cookie(COOKIE).value
    client.post(link, data=form)
    client.set_cookie(COOKIE, before)

    assert client.post(link, data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400


def test_after_a_minute_a_press_is_a_new_one(client_for, link, monkeypatch):
    monkeypatch.setattr(pressed_twice, "WHILE", timedelta(seconds=-1))
    client = client_for(None)

    _first, second = press_twice(client, link, opened(client, link))

    assert second.status_code in {400, 410}
    assert not is_in(client)


def test_who_left_meanwhile_stays_out(client_for, link):
    client = client_for(None)
    form, before = opened(client, link), client.get_cookie(COOKIE).value
    client.post(link, data=form)
    client.get("/leave")
    client.set_cookie(COOKIE, before)

    client.post(link, data=form)
    assert not is_in(client)
