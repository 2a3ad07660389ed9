"""A name of somebody in the group, however it is written."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.meetings.queries import Member
from app.shell.names_in_words import names_in


def known(name: str, known_as: str) -> Member:
    return Member(uuid4(), name, known_as, "", "", False, "en", "", False, False)


@pytest.mark.parametrize(
    ("text", "name", "known_as"),
    [
        ("Anne-Marie is called too often", "Anne-Marie Ferris", "Anne-Marie"),
        ("annemarie is called too often", "Anne-Marie Ferris", "Anne-Marie"),
        ("Mary Ann says nobody calls", "Mary Ann Poole", "Mary Ann"),
        ("D\u2019Arcy says so", "D'Arcy Wells", "D'Arcy"),
        ("রহিমা বলেন", "রহিমা বেগম", "রহিমা"),
        ("فاطمة تقول", "فاطمة علي", "فاطمة"),
        ("Zoe says so", "Zoë Lim", "Zoë"),
        ("ŁUKASZ says so", "Łukasz Kot", "Łukasz"),
        ("that is Jo's idea", "Josephine Hart", "Jo"),
        ("Lubnas idea, and Annas", "Lubna Noor", "Lubna"),
    ],
)
def test_a_name_is_found(text, name, known_as):
    assert names_in(text, [known(name, known_as)], any_case=True) == [known_as]


@pytest.mark.parametrize(
    ("text", "name", "known_as"),
    [
        ("the Ferris family wants calls", "Leanne Ferris", "Leanne"),
        ("Mrs Sultana brings cake", "Imran Sultana", "Imran"),
        ("Josephine says so", "Josephine Hart", "Jo"),
    ],
)
def test_whose_other_name_stands_there_is_said_by_their_whole_name(text, name, known_as):
    assert names_in(text, [known(name, known_as)], any_case=True) == [name]


def test_a_small_word_of_a_name_is_none_alone():
    assert names_in("a van to bring us", [known("Jan van Dijk", "Jan")], any_case=True) == []


def test_in_notes_a_word_that_is_written_small_is_none():
    will = [known("Will Hope", "Will")]
    assert names_in("we will hope", will) == []
    assert names_in("we heard Will", will) == ["Will"]
