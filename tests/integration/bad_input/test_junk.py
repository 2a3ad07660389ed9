"""Whatever is typed into any form: a whole page, never an error of ours, and the words are still there."""

from __future__ import annotations

import unicodedata
from io import BytesIO
from urllib.parse import urlsplit

import pytest

from app.shell.validators import without_unfit_letters
from infra.ids import new_id
from tests.integration.bad_input.forms import Field, forms_of, likely
from tests.support.client import PageClient, sign_in

ROLES = (
    "authority_admin",
    "named_officer",
    "commissioner",
    "lead",
    "dsl",
    "facilitator",
    "parent",
    "graduate",
    None,
)

ODD = "\N{PARROT} '; drop table parent; -- <b>&amp;\u202eolleh\u202c {{ 7*7 }} %s\r\nBcc: all@example.org \u00a0."
UNFIT = "a\x00b\x07c\x85d\ufffee"
LONG = "x" * 10_000


def odd_where_words_fit(one: Field) -> str:
    guess = likely(one)
    return ODD if guess in ("Some words", one.value) and not one.part else guess


#: How each control is answered. None leaves the form empty.
WAYS = {
    "odd among right answers": odd_where_words_fit,
    "unfit": lambda one: UNFIT,
    "long": lambda one: LONG,
}


def person_of(world, role):
    if role is None:
        return None
    return world.authority.people.get(role) or world.school.people[role]


def browser(app, cookie):
    client = PageClient(app)
    if cookie is not None:
        client.set_cookie(cookie.key, cookie.value, domain="localhost")
    return client


#: What stands for an argument whose name is no key of the world's ids.
OTHERWISE = {
    "officer_concern_id": "authority_concern_id",
    "document_id": "agreement_document_id",
    "notes_id": "cohort_notes_id",
    "message_id": "outbox_id",
    # One that is to come: it can be moved and cancelled.
    "session_id": "next_session_id",
}
WORDS = {
    "number": 1,
    "question": 1,
    "urn": 990_999,
    "task": "details",
    "occasion": "before",
    "to_stage": "shortlisted",
}


def page_of(world, rule):
    """Where a page of our own is; None for one that leads on and shows nothing."""
    if rule.endpoint in ("static", "shell.leave") or "pdf" in rule.rule or "place" in rule.arguments:
        return None
    school, authority = world.school, world.authority
    ids = {
        "school_id": school.school_id,
        "staff_id": school.senco.person_id,
        "member_id": authority.commissioner.person_id,
        **authority.ids,
        **school.ids,
    }
    found = {
        name: ids.get(OTHERWISE.get(name, name), new_id()) if name.endswith("_id") else WORDS.get(name, "x")
        for name in rule.arguments
    }
    return rule.build(found)[1]


@pytest.fixture(scope="module")
def seen():
    """Endpoints and shapes of forms that another role has met: each is sent junk once."""
    return set()


@pytest.fixture
def forms_for(app, world, seen):
    """Every form that a role meets on its pages, each shape once: `(address of the page, form)`."""

    def collect(role, client):
        person = person_of(world, role)
        found = []
        for rule in app.url_map.iter_rules():
            allowed = app.extensions["access_table"].get(rule.endpoint, ())
            if "GET" not in (rule.methods or ()) or (person.role if person else None) not in allowed:
                continue
            if (at := page_of(world, rule)) is None:
                continue
            answer = client.get(at)  # not looked at here: every page is, elsewhere
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            for form in forms_of(answer.text, at):
                path = urlsplit(form.action).path
                endpoint, _values = app.url_map.bind("").match(path, method=form.method.upper())
                if (endpoint, form.shape) not in seen:
                    seen.add((endpoint, form.shape))
                    found.append((at, form))
        return found

    return collect


def send(client, form, data):
    if form.method == "get":
        return client.get(form.action, query_string=data)
    files = {one.name: (BytesIO(b"%PDF-junk"), "a\u202e.pdf") for one in form.fields if one.kind == "file"}
    return client.post(form.action, data={**data, **files}, follow_redirects=True)


def plain(text: str) -> str:
    """`text` as it is read: names go without signs that nobody sees."""
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return " ".join(without_unfit_letters(text).split())


#: What is pasted once and shown by no page.
SECRETS = {"api_key"}


def check_kept(page, form, sent, why):
    """Where the same form comes back with mistakes, each box holds what was typed."""
    for again in forms_of(page.text, page.request.path):
        if again.action != form.action or again.shape != form.shape or "govuk-error-summary" not in page.text:
            continue
        for before, after in zip(form.fields, again.fields, strict=True):
            is_kept = before.is_typed and not before.is_code and before.name not in SECRETS
            if is_kept and not isinstance(sent[before.name], list):
                assert plain(str(sent[before.name])) in plain(after.value), (
                    f"{why}: {before.name} lost its words"
                )


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_junk_in_every_form(app, world, connection, forms_for, seen, role):
    client = app.test_client()
    person = person_of(world, role)
    if person:
        sign_in(client, person)
    cookie = client.get_cookie(app.session_interface.cookie_name(app))
    found = forms_for(role, client)
    assert seen, "every role has a page with a form"
    for at, form in found:
        ways = {name: form.filled(way) for name, way in WAYS.items()} if form.fields else {}
        ways["nothing"] = {}
        ways["choices that were not offered"] = {
            one.name: "z\x00z" if one.kind in ("hidden", "choice", "submit") else likely(one)
            for one in form.fields
        }
        for way, data in ways.items():
            why = f"{form.action} on {at}, {way}"
            with connection.begin_nested() as before:
                try:
                    answer = send(browser(app, cookie), form, data)
                except Exception as error:
                    error.add_note(why)
                    raise
                before.rollback()
            assert answer.status_code < 500, why
            if form.method == "post" and way != "choices that were not offered" and data:
                check_kept(answer, form, data, why)
