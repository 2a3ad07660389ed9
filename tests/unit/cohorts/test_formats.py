"""How a group meets, in words, and whom that suits."""

from __future__ import annotations

from datetime import time

import pytest

from app.cohorts.calendar_file import place_words
from app.cohorts.day_and_time import list_days
from app.cohorts.formats import room_in, tidy_join_link, where_words, why_no_join_link
from app.recruitment.wishes import Wishes
from app.states.wishes import Format
from tests.unit.cohorts.test_day_and_time import CALENDAR, MONDAY

WANT = {wish: Wishes(format=wish) for wish in Format}


@pytest.mark.parametrize(
    ("format_", "words", "room"),
    [
        ("room", "Library", "Library"),
        ("online", "online", ""),
        ("both", "Library, or online", "Library"),
    ],
)
def test_where_it_meets_is_said_in_words_and_read_back(format_, words, room):
    assert where_words(format_, "Library") == words
    assert room_in(words) == room


@pytest.mark.parametrize(
    ("format_", "suits"),
    [
        ("room", {Format.ROOM, Format.EITHER}),
        ("online", {Format.ONLINE, Format.EITHER}),
        ("both", {Format.ROOM, Format.ONLINE, Format.EITHER}),
    ],
)
def test_a_way_to_meet_suits_who_asked_for_it(format_, suits):
    assert {wish for wish, one in WANT.items() if one.suits(1, time(18), format_)} == suits
    row = list_days(CALENDAR, [*WANT.values()], MONDAY, format_)[1]
    assert {slot.suits for slot in row.slots} == {len(suits)}


def test_a_calendar_says_online_of_no_school():
    assert place_words("online", "Larkfield") == "Online"
    assert place_words("Library, or online", "Larkfield") == "Library, or online, Larkfield"


@pytest.mark.parametrize(
    "link",
    [
        "https://meet.example.org/j/1?pwd=a_b",
        "https://teams.example.com/l/%3a1/0",
        # As phones begin a line, and as some programs write hosts.
        "Https://Meet.Example.org/J/1?pwd=A_b",
    ],
)
def test_a_whole_link_is_taken(link):
    tidied = tidy_join_link(link)

    assert why_no_join_link(tidied) == ""
    assert tidied.startswith("https://")
    assert tidied.split("/", 3)[3] == link.split("/", 3)[3], "its page stays as it is"
