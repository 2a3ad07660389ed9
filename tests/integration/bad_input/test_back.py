"""A page with mistakes has an address of its own, so that *Back* finds it; nobody else does."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

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
    assert client.post(ADD, data=right, headers=BROWSER).status_code == 302
    assert client.get(address).status_code == 302


def test_only_the_last_few_are_kept(sent):
    client, address = sent
    for _time in range(3):
        assert client.post(ADD, data=TYPED, headers=BROWSER).status_code == 303
    assert client.get(address).status_code == 302


def test_a_program_gets_its_answer_at_once(client_for, world):
    assert client_for(world.school.lead).post(ADD, data=TYPED).status_code == 200
