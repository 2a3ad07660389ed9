"""A real browser goes to a provider that others wrote, and comes back signed in; our security headers let it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from threading import Lock, Thread

import pytest
import requests
from playwright.sync_api import Page
from werkzeug.serving import make_server

from app.identity.roles import Role
from infra.openid import WELL_KNOWN, OpenIdProvider
from infra.openid_client import clients_for
from tests.integration.accounts.openid import off
from tests.support.browser import PATIENCE
from tests.support.openid import running_mock

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    with running_mock() as url:
        yield url


@pytest.fixture
def site(app, mock) -> Iterator[str]:
    """The application behind a real server, with the mock as its provider."""
    one_at_a_time = Lock()  # the test's database is one connection

    def serve(environ, start_response):
        with one_at_a_time, closing(app.wsgi_app(environ, start_response)) as answer:
            return [b"".join(answer)]

    server = make_server("127.0.0.1", 0, serve, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    kept = app.extensions["settings"]
    app.extensions["settings"] = kept.model_copy(update={"base_url": url})
    app.extensions["openid"] = clients_for([described(mock)])
    app.config["WTF_CSRF_ENABLED"] = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield url
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
        app.config["WTF_CSRF_ENABLED"] = False
        app.extensions["settings"], app.extensions["openid"] = kept, {}


def described(mock: str) -> OpenIdProvider:
    return OpenIdProvider.model_validate(
        {
            "name": "mock",
            "label": "Mock ID",
            "kind": "generic",
            "discovery_url": mock + WELL_KNOWN,
            "client_id": "any",
            "client_secret": "any",
        }
    )


@pytest.fixture
def open_page(browser, site):
    contexts = []

    def make(viewport=DESKTOP, **options) -> Page:
        context = browser.new_context(viewport=viewport, base_url=site, locale="en-GB", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.problems = []
        page.on("console", lambda line: note(page, line))
        return page

    yield make
    for context in contexts:
        context.close()


def note(page: Page, line) -> None:
    """Keep what our own pages complain about; the mock's own are not our affair."""
    if line.type == "error" and "Failed to load resource" not in line.text:
        vars(page)["problems"].append(line.text)


def at_mock(page: Page, subject: str) -> None:
    page.wait_for_url("**/oauth2/authorize?*")
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()


@pytest.mark.parametrize(
    ("viewport", "options"), [(PHONE, {}), (DESKTOP, {}), (DESKTOP, {"java_script_enabled": False})]
)
def test_an_invitation_then_one_button(open_page, invitation_to, mock, site, viewport, options):
    subject = f"sam-{viewport['width']}-{len(options)}"
    requests.put(f"{mock}/users/{subject}", json={"amr": ["mfa"], "email": "x@example.org"}, timeout=10)
    token = invitation_to(Role.SENCO, email=f"{subject}@larkfield.example.org")
    page = open_page(viewport, **options)

    page.goto(f"/l/{token}")
    page.get_by_role("button", name="Yes, I am Amina Test").click()
    page.get_by_role("button", name="Continue with Mock ID").click()
    at_mock(page, subject)
    page.wait_for_url(f"{site}/**")
    assert page.locator("h1").count() == 1
    page.goto("/my-account")
    assert page.get_by_text("Connected since").count() == 1
    assert "code=" not in page.url

    later = open_page(viewport, **options)
    later.goto("/sign-in")
    later.get_by_role("button", name="Continue with Mock ID").click()
    at_mock(later, subject)
    later.wait_for_url(lambda url: url.startswith(site) and "/sign-in" not in url)
    later.goto("/my-account")
    assert later.get_by_text("Amina Test").count() >= 1
    assert page.problems == later.problems == []


def test_saying_no_there_is_a_page_from_which_to_start_again(open_page, site):
    page = open_page(PHONE)
    page.goto("/sign-in")
    page.get_by_role("button", name="Continue with Mock ID").click()
    page.wait_for_url("**/oauth2/authorize?*")
    page.get_by_role("button", name="Deny").click()
    # The mock sends no state with its "no", so it cannot be told from one that somebody made up.
    page.get_by_role("heading", name="Please start again").wait_for()
    page.get_by_role("button", name="Continue with Mock ID").click()
    page.wait_for_url("**/oauth2/authorize?*")


def test_a_provider_that_others_wrote_agrees_with_us(app, client_for, mock):
    """Over HTTP alone, where there is no browser."""
    app.extensions["openid"] = clients_for([described(mock)])
    client = client_for(None)
    address = off(client, "/sign-in/with/mock")
    requests.put(f"{mock}/users/stranger", json={"amr": ["mfa"]}, timeout=10)

    answer = requests.post(address, data={"sub": "stranger"}, allow_redirects=False, timeout=10)
    back = answer.headers["Location"].removeprefix("http://127.0.0.1:5000")

    assert "We do not know this Mock ID account yet" in client.get(back).text
    assert client.get(back).status_code == 400
    app.extensions["openid"] = {}
