"""A browser for tests that looks at every page it gets."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import html5lib
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.confirming import CONFIRM
from app.extensions import db
from app.identity.gate import ask_signing_in
from app.identity.websession import RowSessionInterface, WebSession, hash_secret, start_session
from infra.clock import now
from tests.support.world import Person

KEPT = re.compile(r'<bdi translate="no">|</bdi>')
#: Pages that answer with an address of the storage.
LEADS_AWAY = re.compile(r"/documents/[0-9a-f-]{36}")
#: What html5lib calls an error and browsers and the standard do not.
HARMLESS = {"expected-doctype-but-got-chars"}
IDS = re.compile(r'<[^<>]*?\sid="([^"]+)"')
#: Text without references, and values of attributes that no check of ours reads.
WORDS = re.compile(r">([^<>&]*)<")
VALUES = re.compile(r'(\s(?!id=|type=|autocomplete=)[a-z-]+)="[^"<>&]+"')
UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Skeletons of pages that parsed well in this process.
_parsed: set[str] = set()


class PageProblem(AssertionError):
    """A page is not fit to be sent: broken HTML, no title, an id twice, something inline."""


class PageClient(FlaskClient):
    """A test client whose every HTML response must be whole."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app, app.response_class, use_cookies=True)

    def open(self, *args: Any, **options: Any) -> TestResponse:
        if has_app_context():
            # A browser asks in a session of its own, not in the one that the test has looked with.
            db.session.remove()
        response = super().open(*args, **options)
        check_where_forms_lead(response)
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 308):
            page = response.get_data(as_text=True)
            check_page(page, response)
            # Sentences are read as people read them; tests/isolation/test_kept_words.py looks at these elements.
            response.set_data(KEPT.sub("", page))
        return response


def check_where_forms_lead(response: TestResponse) -> None:
    """Raise PageProblem when a form's answer leads away from the service, itself or by the page that it leads to.

    Our own `form-action 'self'` has browsers stop there, and the person sees nothing happen.
    """
    if response.request.method != "POST" or response.status_code not in (301, 302, 303, 307, 308):
        return
    to = urlsplit(response.location or "")
    if to.netloc and to.netloc != urlsplit(response.request.url).netloc and "localhost" not in to.netloc:
        raise PageProblem(f"{response.request.path} is a form that leads to {to.netloc}")
    if LEADS_AWAY.fullmatch(to.path):
        raise PageProblem(f"{response.request.path} is a form that leads to a file in the storage")


def check_page(page: str, response: TestResponse) -> None:
    """Raise PageProblem unless this page parses strictly, has a title, one h1, no id twice and nothing inline."""
    if "Content-Security-Policy" not in response.headers:
        raise PageProblem(f"{response.request.path} has no policy header")
    ids = Counter(IDS.findall(page))
    if twice := sorted(name for name, times in ids.items() if times > 1):
        raise PageProblem(f"{response.request.path} has ids twice: {twice}")
    if re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=\"", page):
        raise PageProblem(f"{response.request.path} has inline script or style")
    skeleton = skeleton_of(page)
    if skeleton not in _parsed:
        _parse(page, response)
        _parsed.add(skeleton)


def skeleton_of(page: str) -> str:
    """The page without what no parser stumbles over: one strict parse does for all pages of the same build."""
    bare = WORDS.sub(lambda words: "><" if words[1].isspace() or not words[1] else ">.<", page)
    return VALUES.sub(r'\1="."', UUIDS.sub(".", bare))


def _parse(page: str, response: TestResponse) -> None:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(page)
    errors = [f"{name} at {place}" for place, name, _ in parser.errors if name not in HARMLESS]
    if errors:
        raise PageProblem(f"{response.request.path}: {errors[:5]}")
    title = tree.find(".//title")
    if title is None or not (title.text or "").strip():
        raise PageProblem(f"{response.request.path} has no title")
    if len(tree.findall(".//h1")) != 1:
        raise PageProblem(f"{response.request.path} has {len(tree.findall('.//h1'))} h1")
    if unnamed := [form.get("action") or "" for form in tree.iter("form") if not _names_its_account(form)]:
        raise PageProblem(f"{response.request.path} asks for a password and names no account: {unnamed}")


def _names_its_account(form: Any) -> bool:
    """Whether a password manager knows whose password this form asks for: it is typed here, or the page says it."""
    inputs = list(form.iter("input"))
    names = [one for one in inputs if "username" in (one.get("autocomplete") or "").split()]
    asks = any(one.get("type") == "password" for one in inputs)
    return not asks or any("hidden" not in one.attrib or one.get("value") for one in names)


def sign_in(client: FlaskClient, person: Person, *, confirmed: bool | timedelta = True) -> None:
    """Give the browser a session of `person`, as a finished sign-in would.

    `confirmed`: whether they have just shown once more who they are, or how long ago.
    """
    app = client.application
    with app.test_request_context():
        session = WebSession()
        if not start_session(session, person.membership_id, role=person.role):
            raise AssertionError(f"{person.name} has no live membership")
        if confirmed is not False:
            before = confirmed if isinstance(confirmed, timedelta) else timedelta()
            ask_signing_in(CONFIRM, hash=hash_secret(session.secret or ""), at=now() - before)
    client.set_cookie(RowSessionInterface().cookie_name(app), session.secret or "", domain="localhost")
