"""What stands behind the question mark is data: whoever writes an address chooses its words, and breaks nothing."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.integration.bad_input.test_back import BROWSER
from tests.integration.bad_input.test_junk import ROLES, browser, page_of, person_of
from tests.support.client import sign_in

#: Names that mean something to those who put addresses together, or to us.
NAMES = (
    "endpoint",
    "self",
    "values",
    "method",
    "_anchor",
    "_scheme",
    "_external",
    "_method",
    "school_id",
    "x",
)
ODD = "&".join(f"{name}=x" for name in NAMES)


def pages_for(app, world, role):
    """Every page that a role may open, once for all roles: `(rule, address)`."""
    for rule in app.url_map.iter_rules():
        allowed = app.extensions["access_table"].get(rule.endpoint, ())
        if role in allowed and (at := page_of(world, rule)) is not None:
            yield rule, at


@pytest.fixture(scope="module")
def seen():
    return set()


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_every_page_and_press_takes_any_argument(app, world, connection, client_for, seen, role):
    client = app.test_client()
    person = person_of(world, role)
    if person:
        sign_in(client, person)
    cookie = client.get_cookie(app.session_interface.cookie_name(app))
    found = [
        (rule, at)
        for rule, at in pages_for(app, world, person.role if person else None)
        if rule.rule not in seen
    ]
    for rule, at in found:
        seen.add(rule.rule)
        for query in (ODD, f"again=zz&{ODD}", f"words=1&{ODD}"):
            with connection.begin_nested() as before:
                if "GET" in (rule.methods or ()):
                    assert browser(app, cookie).get(f"{at}?{query}").status_code < 500, (at, query)
                if "POST" in (rule.methods or ()):
                    answer = browser(app, cookie).post(f"{at}?{query}", data={}, headers=BROWSER)
                    assert answer.status_code < 500, (at, query)
                before.rollback()
    assert seen


def test_a_number_that_is_known_no_more_leads_to_the_page_with_its_arguments(client_for):
    answer = client_for(None).get("/sign-in?again=zz&endpoint=x&n=1")

    assert answer.status_code == 302
    assert urlsplit(answer.location).path == "/sign-in"
    assert parse_qs(urlsplit(answer.location).query) == {"endpoint": ["x"], "n": ["1"]}


def test_a_form_with_mistakes_keeps_its_words_whatever_its_address_says(client_for, world):
    client = client_for(world.school.lead)
    answer = client.post("/school/parents/add?endpoint=x", data={"first_name": "Noor"}, headers=BROWSER)

    assert answer.status_code == 303
    assert "Noor" in client.get(answer.location).text
