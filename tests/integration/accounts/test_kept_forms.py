"""Words that are kept over the end of a session: found again by their writer, lost by nothing that they did not do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.accounts import confirming
from app.identity import known_browsers
from app.identity.current import session
from app.identity.own_pages import NoPage
from app.identity.websession import PARENT_IDLE
from tenants.session import ASSUME
from tests.integration.accounts.test_form_tokens import CONCERN, WORDS, come_back, opened, token_in
from tests.integration.bad_input.test_back import BROWSER
from tests.support.reading import find_in

pytestmark = pytest.mark.usefixtures("with_csrf")


def test_kept_words_are_shown_whatever_their_address_said(client_for, clock, world):
    client = client_for(world.school.parent)
    form = opened(client, "/concerns/new", CONCERN)
    clock.move(PARENT_IDLE + timedelta(minutes=1))
    assert client.post("/concerns/new?endpoint=x", data=form).status_code == 303

    page = come_back(client, world.school.parent).get("/confirm/kept")

    assert page.status_code == 200
    assert WORDS in page.text


def test_kept_words_without_a_page_keep_nobody_out(client_for, clock, world, monkeypatch):
    """What an older version kept, whose page is gone: the next in the row waits, and signing in leads home."""
    client = client_for(world.school.parent)
    form = opened(client, "/concerns/new", CONCERN)
    clock.move(PARENT_IDLE + timedelta(minutes=1))
    client.post("/concerns/new", data=form)
    with monkeypatch.context() as patched:
        patched.setattr("app.identity.kept_forms.address_of", gone)
        assert come_back(client, world.school.parent).get("/confirm/kept").status_code == 303

    assert come_back(client, world.school.parent).get("/confirm/kept").status_code == 200


OTHER = CONCERN | {"what": "Another thing altogether, seen at the gate"}


@pytest.fixture
def back_with_words(client_for, clock, world):
    """A parent who has signed in again, with a concern that is not sent yet."""
    client = client_for(world.school.parent)
    form = opened(client, "/concerns/new", CONCERN)
    clock.move(PARENT_IDLE + timedelta(minutes=1))
    client.post("/concerns/new", data=form)
    return come_back(client, world.school.parent)


def waits(client) -> bool:
    return WORDS in client.get("/confirm/kept").text


@pytest.fixture
def concerns(connection, world):
    def count():
        connection.execute(text("reset role"))
        connection.execute(ASSUME, world.school.dsl.scope.as_parameters())
        return connection.execute(text("select count(*) from concern")).scalar_one()

    return count


def test_another_form_at_the_same_address_leaves_the_kept_words(back_with_words, concerns, world):
    before = concerns()
    sent = back_with_words.post("/concerns/new", data=opened(back_with_words, "/concerns/new", OTHER))
    assert sent.status_code in (302, 303)
    assert concerns() == before + 1

    assert waits(back_with_words)
    assert waits(come_back(back_with_words, world.school.parent))


def test_an_empty_form_at_the_same_address_leaves_the_kept_words(back_with_words):
    token = opened(back_with_words, "/concerns/new", {})
    assert back_with_words.post("/concerns/new", data=token, headers=BROWSER).status_code == 303

    assert waits(back_with_words)


def test_kept_words_sent_with_mistakes_wait_until_they_are_taken(back_with_words):
    page = back_with_words.get("/concerns/new?words=1")
    assert WORDS in page.text
    form = CONCERN | {"what": "", "csrf_token": token_in(page)}
    again = back_with_words.post("/concerns/new", data=form)
    assert again.status_code == 200
    assert waits(back_with_words)

    right = CONCERN | {"form_id": form_id_in(again), "csrf_token": token_in(again)}
    assert back_with_words.post("/concerns/new", data=right).status_code in (302, 303)
    assert not waits(back_with_words)


def form_id_in(page) -> str:
    return find_in(r'name="form_id"[^>]* value="([^"]+)"', page.text).group(1)


def test_a_token_of_last_week_keeps_nothing(client_for, clock, world):
    """Whoever once saw the source of a page writes nothing in its reader's name for ever."""
    client = client_for(world.school.parent)
    form = opened(client, "/concerns/new", CONCERN)
    clock.move(timedelta(days=1, minutes=1))

    answer = client_for(None).post("/concerns/new", data=form)

    assert answer.location.endswith("kept=0")
    assert not waits(come_back(client, world.school.parent))


def gone(*_arguments: object) -> str:
    raise NoPage


def test_a_private_page_with_an_odd_argument_is_found_again_after_the_proof(app, world):
    with app.test_request_context("/school/concerns?endpoint=x&_anchor=y"):
        session[confirming.PAGE] = {
            "endpoint": "safeguarding.list_concerns",
            "arguments": {"endpoint": "x", "_anchor": "y"},
        }
        session.identity = None
        assert "endpoint=x" in confirming.way_back()


def test_words_from_another_browser_say_so(back_with_words):
    """Whoever saw the page's source sends words in its reader's name from a browser of their own."""
    said = "If it was not you, do not send it"
    assert said in back_with_words.get("/confirm/kept").text


def test_words_from_a_browser_that_came_in_here_say_nothing_of_another(client_for, clock, world, app):
    client = client_for(world.school.parent)
    with app.test_request_context():
        known_browsers.remember(("account", world.school.parent.account_id))
        answer = app.process_response(app.make_response(""))
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if known_browsers.NAME in line)
    client.set_cookie(known_browsers.NAME, cookie.partition("=")[2].partition(";")[0], domain="localhost")
    form = opened(client, "/concerns/new", CONCERN)
    clock.move(PARENT_IDLE + timedelta(minutes=1))
    client.post("/concerns/new", data=form)

    page = come_back(client, world.school.parent).get("/confirm/kept").text
    assert WORDS in page
    assert "If it was not you" not in page
