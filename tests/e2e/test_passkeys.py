"""A real browser with a device of its own: add a passkey, come in with it, show once more who one is.

Browsers make passkeys for names and not for numbers, so the website answers at `localhost` here.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from app.factory import create_app
from app.identity.gate import close_doors
from infra.settings import Settings
from tests.e2e.conftest import Demo

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def environment(demo: Demo) -> dict[str, str]:
    found: dict[str, str] = json.loads((demo.folder / "environment.json").read_text())
    return found


@pytest.fixture(scope="module")
def website(environment: dict[str, str]) -> Iterator[str]:
    """The demo's website once more, at a name."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    address = f"http://localhost:{server.server_port}"
    known: dict[str, Any] = {name.lower(): value for name, value in environment.items()}
    app = create_app(
        Settings(
            **{name: value for name, value in known.items() if name in Settings.model_fields}
            | {"base_url": address}
        )
    )
    server.app = app
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield address
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        close_doors()
    app.extensions["storage"].close()


@pytest.fixture
def page(browser: Browser, website: str) -> Iterator[Page]:
    context = browser.new_context(base_url=website, locale="en-GB")
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield page
    context.close()


def test_a_passkey_opens_the_door_and_shows_once_more_who_one_is(page, demo, environment):
    account = demo.account("school_dsl")
    page.goto(urlsplit(account["sign_in_url"]).path)

    page.goto("/my-account/passkeys/add")
    page.get_by_label("What shall we call it?").fill("Phone of the story")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Phone of the story")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(lambda url: "/my-account" not in url)

    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/school")
    page.goto("/school/concerns")
    expect(page.get_by_role("heading", level=1, name="Concerns")).to_be_visible()

    with psycopg.connect(environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("update identity.browser_session set confirmed_at = now() - interval '11 minutes'")
    page.goto("/school/concerns")
    expect(page.get_by_role("heading", level=1, name="Confirm it is you")).to_be_visible()
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url("**/school/concerns")


def test_a_stopped_ceremony_says_so_and_the_password_stays(page):
    page.goto("/sign-in")  # this device holds no passkey

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("Try again, or use another way", timeout=70_000)
    expect(page.get_by_label("Password", exact=True)).to_be_visible()


def test_without_javascript_no_button_is_shown(browser, website):
    context = browser.new_context(base_url=website, java_script_enabled=False)
    page = context.new_page()

    page.goto("/sign-in")

    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    context.close()


def test_at_a_bare_number_there_is_no_button(open_browser):
    page = open_browser()

    page.goto("/sign-in")

    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
