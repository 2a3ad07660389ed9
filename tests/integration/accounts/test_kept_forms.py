"""Words that are kept over the end of a session: found again by their writer, lost by nothing that they did not do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import session

from app.accounts import confirming
from app.identity.own_pages import NoPage
from app.identity.websession import PARENT_IDLE
from tests.integration.accounts.test_form_tokens import CONCERN, WORDS, come_back, opened

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
