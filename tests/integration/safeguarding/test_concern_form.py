"""The form of a concern: what it needs, and what becomes of mistakes."""

from __future__ import annotations

import pytest

from tests.integration.safeguarding.telling import WORDS, concerns, send


def test_only_who_what_and_how_urgent_are_needed(world, client_for, rows):
    """Given somebody in a hurry, when all else is empty, then it is sent; and the page says what is needed."""
    client = client_for(world.school.parent)
    assert "Three answers are needed" in client.get("/concerns/new").text

    answer = send(
        client, about_name="", happened_when="", happened_where="", who_else="", done_so_far="", reach_me="",
        risk_today="yes",
    )  # fmt: skip

    assert answer.status_code in (302, 303), answer.text
    assert len(concerns(rows, world)) == 1


def test_mistakes_are_explained_and_the_words_stay(world, client_for, rows):
    client = client_for(world.school.parent)

    answer = send(client, about="", risk_today="", happened_when="")

    assert answer.status_code == 200
    assert "Choose who it is about" in answer.text
    assert "Write when it was" not in answer.text  # whoever is in a hurry does not know, or says it later
    for typed in (WORDS, "The library", "07700 900999 after four", "I listened."):
        assert typed in answer.text
    assert concerns(rows, world) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"about": "headteacher"},
        {"risk_today": "maybe"},
        {"what": "x" * 5000},
        {"what": "   "},
    ],
)
def test_a_concern_that_cannot_be_stored_is_explained(world, client_for, changes):
    answer = send(client_for(world.school.parent), **changes)
    assert answer.status_code == 200
    assert "There is a problem" in answer.text
