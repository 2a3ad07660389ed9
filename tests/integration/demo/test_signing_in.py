"""The demo's own door is there in the demo, and its button counts as a proof there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.factory import create_app
from app.identity.gate import close_doors
from demo.accounts import list_accounts
from infra.settings import Settings
from tests.support.client import PageClient


@pytest.fixture(scope="module")
def demo_app(written: dict[str, int], demo_settings: Settings) -> Iterator[Flask]:
    app = create_app(demo_settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    yield app
    with app.app_context():
        close_doors()
    app.extensions["storage"].close()


def test_its_link_and_its_button_are_a_proof(demo_app, demo_settings):
    """Given somebody who reads concerns, then their link opens them, and later a press does what a code would."""
    reader = next(one for one in list_accounts(demo_settings) if one["role"] == "school_dsl")
    client = PageClient(demo_app)

    assert client.get(reader["sign_in_url"].removeprefix(demo_settings.base_url)).location == "/school"
    assert client.get("/school/concerns").status_code == 200
    with client.session_transaction() as kept:
        kept.pop("confirmed_at", None)
    assert client.post("/confirm", data={"way": "demo"}).status_code == 303
    assert client.get("/school/concerns").status_code == 200


def test_a_link_that_nobody_signed_leads_nowhere(demo_app):
    assert PageClient(demo_app).get("/demo/sign-in/nobody.at.all").status_code == 404
