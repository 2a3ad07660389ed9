"""A page with mistakes has an address of its own, so that *Back* finds it; nobody else does."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask import url_for

from tests.isolation.places import ARGUMENTS, PLAIN

BROWSER = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
TYPED = {"first_name": "Noor", "last_name": "", "phone": "not a number", "email": "noor@example.org"}
ADD = "/school/parents/add"


@pytest.fixture
def sent(client_for, world):
    """A browser, and the address that it was sent to for its mistakes."""
    client = client_for(world.school.lead)
    answer = client.post(ADD, data=TYPED, headers=BROWSER)
    assert answer.status_code == 303
    return client, answer.headers["Location"]


def test_mistakes_and_words_are_there_again_and_again(sent):
    client, address = sent
    for _time in range(2):
        page = client.get(address)
        assert page.status_code == 200
        assert "There is a problem" in page.text
        assert "Noor" in page.text
        assert "not a number" in page.text
        client.get("/school")


def test_nothing_typed_stands_in_the_address(sent):
    _client, address = sent
    assert urlsplit(address).path == ADD
    assert not any(word in address for word in ("Noor", "noor", "number"))


def test_it_is_for_that_browser_and_reader_alone(sent, client_for, world):
    _client, address = sent
    for person in (world.school.lead, world.school.people["senco"], world.sibling_school.people["lead"]):
        other = client_for(person).get(address)
        assert other.status_code == 302
        assert other.headers["Location"] == ADD
    assert client_for(world.school.parent).get(address).status_code == 403


def test_once_the_form_is_taken_its_mistakes_are_gone(sent):
    client, address = sent
    right = TYPED | {"phone": "07700 900456", "last_name": "Aziz"}
    assert client.post(ADD, data=right, headers=BROWSER).status_code == 303
    assert client.get(address).status_code == 302


def test_only_the_last_few_are_kept(sent):
    client, address = sent
    for _time in range(3):
        assert client.post(ADD, data=TYPED, headers=BROWSER).status_code == 303
    assert client.get(address).status_code == 302


def test_a_program_gets_its_answer_at_once(client_for, world):
    assert client_for(world.school.lead).post(ADD, data=TYPED).status_code == 200


# ---- addresses that only take presses

REASON = "Words that nobody wants to type twice"


def only_presses(app):
    """Every route that takes a press and is no page."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and "GET" not in (rule.methods or ())
    ]


def address_of(app, rule, place):
    values = {
        name: place.get(ARGUMENTS.get(name, ""), PLAIN.get(name, place["parent_id"]))
        for name in rule.arguments
    }
    with app.test_request_context():
        return url_for(rule.endpoint, **values)


def test_no_refused_form_stands_where_nothing_can_be_opened(app, world, client_for):
    """Every press of every role, with nothing and with junk in it: an answer with mistakes has an address to open."""
    place = {**world.authority.ids, **world.school.ids, "school_id": world.school.school_id}
    people = {**world.authority.people, **world.school.people}
    by_role = {person.role: person for person in people.values()}
    table, stood = app.extensions["access_table"], set()
    for rule in only_presses(app):
        roles = table[rule.endpoint] - {None}
        for role in sorted(roles & set(by_role))[:1]:
            for data in (
                {},
                {"reason": REASON, "action": REASON, "topic_5": "x", "topics": "x", "q": "x" * 300},
            ):
                client = client_for(by_role[role])
                answer = client.post(address_of(app, rule, place), data=data, headers=BROWSER)
                if answer.status_code in (200, 429) and answer.mimetype == "text/html":
                    assert "govuk-error-summary" not in answer.text, rule
                if "again=" in answer.headers.get("Location", ""):
                    page = client.get(answer.headers["Location"])
                    assert page.status_code == 200, rule
                    assert "govuk-error-summary" in page.text, rule
                    stood.add(rule.endpoint)
    # Those are known to answer with their page; fewer means that this looks at nothing.
    assert stood >= {"safeguarding.record_action", "safeguarding.officer_record_action"}, stood


@pytest.mark.parametrize(
    ("who", "desk"), [("dsl", "/school/concerns"), ("named_officer", "/officer/concerns")]
)
def test_what_was_written_about_a_concern_survives_back(client_for, world, who, desk):
    is_school = who == "dsl"
    person = world.school.people[who] if is_school else world.authority.people[who]
    concern = world.school.ids["concern_id"] if is_school else world.authority.ids["authority_concern_id"]
    client = client_for(person)
    answer = client.post(f"{desk}/{concern}/actions", data={"reason": REASON}, headers=BROWSER)

    assert urlsplit(answer.headers["Location"]).path == f"{desk}/{concern}"
    assert REASON not in answer.headers["Location"]
    client.get(desk)
    page = client.get(answer.headers["Location"]).text
    assert REASON in page
    assert f'action="{desk}/{concern}/actions"' in page
