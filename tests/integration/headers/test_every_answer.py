"""Every answer carries the headers: each route, method and person, each error, files, redirects."""

from __future__ import annotations

import re
import uuid
from contextlib import contextmanager

import pytest
from flask import abort, redirect
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from app.shell.errors import PAGES
from infra.storage import StorageUnavailable
from tests.support.answers import faults_of
from tests.support.reading import find_in

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")
#: What errors a page of ours, or the router, may raise.
CODES = sorted(
    {*PAGES, 406, 408, 409, 410, 411, 412, 414, 415, 416, 417, 418, 422, 428, 431, 451, 501, 502, 504}
)


def check(answer, *, https: bool = False) -> None:
    assert not faults_of(answer, https=https)


def path_of(rule) -> str:
    """An address of the rule, with ids of nothing."""
    path = re.sub(r"<uuid:\w+>", str(uuid.uuid4()), rule.rule)
    path = re.sub(r"<(int|float):\w+>|<int\([^)]*\):\w+>", "1", path)
    return re.sub(r"<[^>]+>", "none", path)


def ask(client, path: str, method: str):
    """Like `client.open`, which looks at every page; these answers have none."""
    if method in ("HEAD", "OPTIONS"):
        return FlaskClient.open(client, path, method=method)
    return client.open(path, method=method)


@contextmanager
def page_that(app, does):
    """The page /help does something else for a moment."""
    kept = app.view_functions["shell.help_page"]
    app.view_functions["shell.help_page"] = does
    try:
        yield
    finally:
        app.view_functions["shell.help_page"] = kept


@pytest.fixture
def as_outside_tests(app):
    """Defects become pages, as they do for people."""
    app.config["PROPAGATE_DEFECTS"] = False
    yield app
    app.config["PROPAGATE_DEFECTS"] = True


def test_every_route_and_method(client_for, app):
    """Of nobody who is signed in. What the twelve of `tests/isolation/test_crawl.py` get is looked at there."""
    client = client_for(None)
    asked = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ("shell.leave", "accounts.sign_out"):
            continue  # they end the session that the others need
        for method in METHODS:
            check(ask(client, path_of(rule), method))
            asked += 1
    assert asked > 200


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("code", CODES)
def test_every_error(client_for, world, as_outside_tests, code, signed_in):
    client = client_for(world.school.lead if signed_in else None)
    with page_that(as_outside_tests, lambda: abort(code)):
        for method in ("GET", "HEAD"):
            answer = ask(client, "/help", method)
            assert answer.status_code == code
            check(answer)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError("secret-canary"), 500),
        (OperationalError("secret-canary", {}, Exception("secret-canary")), 503),
        (StorageUnavailable("secret-canary"), 503),
    ],
)
@pytest.mark.parametrize("debug", ["", "1"])
def test_no_error_shows_what_went_wrong(
    client_for, world, as_outside_tests, error, status, debug, monkeypatch
):
    def fail():
        raise error

    monkeypatch.setenv("FLASK_DEBUG", debug)
    assert not as_outside_tests.debug
    with page_that(as_outside_tests, fail):
        answer = client_for(world.school.lead).get("/help")
    assert answer.status_code == status
    check(answer)
    for word in ("secret-canary", "Error:", "File &#34;", "line "):
        assert word not in answer.text.replace("lines", "")


def test_errors_of_the_router(client_for, world):
    client = client_for(world.school.lead)
    for path, method, status in (
        ("/nowhere", "GET", 404),
        ("/help", "POST", 405),
        ("/static/nowhere.css", "GET", 404),
        ("/static/../wsgi.py", "GET", 404),
        ("/%ff", "GET", 404),
    ):
        answer = client.open(path, method=method)
        assert answer.status_code == status
        check(answer)


def test_a_body_too_large_and_too_many_asks(client_for, world, as_outside_tests):
    client = client_for(world.school.senco)
    answer = client.post("/school/parents/add", data={"first_name": "x" * (1024 * 1024 + 1)})
    assert answer.status_code == 413
    check(answer)
    as_outside_tests.config["RATELIMIT_ENABLED"] = True
    with page_that(as_outside_tests, lambda: abort(429)):
        check(client.get("/help"))
    as_outside_tests.config["RATELIMIT_ENABLED"] = False


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 200),
        ({"If-None-Match": "its own"}, 304),
        ({"Range": "bytes=0-9"}, 206),
        ({"Range": "bytes=9999999-"}, 416),
    ],
)
def test_files_may_be_kept_and_nothing_else(client_for, asked, status):
    client = client_for(None)
    sheet = find_in(r'href="(/static/[^"]+\.css)"', client.get("/").text)[1]
    with client.get(sheet) as first:
        known = first.headers["ETag"]
    with client.get(
        sheet, headers={name: value.replace("its own", known) for name, value in asked.items()}
    ) as answer:
        assert answer.status_code == status
        check(answer)
        kept = answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert kept == (status != 416)


def test_redirects_carry_them_and_stay_here(client_for, app, world):
    client = client_for(None)
    away = client.get("/school")
    assert away.status_code == 302
    assert away.headers["Location"].startswith("/")
    check(away)
    # The router mends doubled slashes; it must not do so for a host that the request made up.
    for path in ("//help", "/school//parents", "//evil.example/help", "/help//..//evil.example"):
        answer = client.get("http://localhost" + path, headers={"Host": "evil.example"})
        check(answer)
        if answer.status_code in (301, 302, 303, 307, 308):
            assert re.match(r"/(?![/\\])", answer.headers["Location"]), answer.headers["Location"]
    with page_that(app, lambda: redirect("/", 301)):
        check(client.get("/help"))


def test_leaving_and_signing_out_clear_what_is_kept(client_for, world):
    for path, method in (("/leave", "GET"), ("/sign-out", "POST")):
        client = client_for(world.school.lead)
        answer = client.open(path, method=method)
        check(answer)
        assert answer.headers["Clear-Site-Data"] == '"storage"'
        # On leaving also the one by which a browser is known that came in before.
        names = {cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")}
        assert names == ({"webelong", "webelong-known"} if path == "/leave" else {"webelong"})
        assert all("Max-Age=0" in cookie for cookie in answer.headers.getlist("Set-Cookie"))
        assert client.get("/school").status_code == 302


def test_where_marks_of_somebody_else_wait_the_page_clears_the_rest_itself(client_for, world):
    for path, method in (("/leave?waiting=1", "GET"), ("/sign-out?waiting=1", "POST")):
        client = client_for(world.school.lead)
        answer = client.open(path, method=method)
        assert "Clear-Site-Data" not in answer.headers
        assert client.get("/school").status_code == 302
