"""What a short message to a group may hold, and how a text carries it."""

from __future__ import annotations

import pytest

from app.group_messages.wording import LETTERS, by_text, refuse_unsafe, tidy
from app.shell.refusals import Refused
from tests.integration.group_messages.writing import rows, send


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Write your message"),
        (" \u200b\n ", "Write your message"),
        ("x" * 10_000, "120"),
        ("a\x00b", "letter"),
        ("See https://example.org tonight", "Take out the link"),
        ("Look at example.co.uk", "Take out the link"),
        ("Write to me@home", "Take out the link"),
        ("Call me on 07700 900 123", "Take out the phone number"),
        ("Ring (0161) 496-0123", "Take out the phone number"),
        ("Call 07700.900.123", "Take out the phone number"),
        ("Call 07700/900123", "Take out the phone number"),
        ("ayesha will open the door", "A name of somebody in the group"),
        ("Ask Mrs Wrenfield", "A name of somebody in the group"),
    ],
)
def test_what_it_may_not_hold_is_said_and_what_was_typed_stays(
    by_day, others, client_for, world, led, look, words, said
):
    for step in ("", "send"):
        page = client_for(world.school.facilitator).post(led, data={"words": words, "step": step})
        assert said in page.text.split("<main")[1]
        assert words.strip()[:40].replace("\x00", "") in page.text
    assert rows(look, world) == []


@pytest.mark.parametrize(
    "words",
    [
        "We begin at 6.30pm on 12.12.2026, not 18.00.",
        "Room 4, 2nd floor. Bring 10 cups!",
        "e.g. tea",
        "14.12.2026, 18.00-20.00",
        "14/12/2026 18:00 \u2013 20:00, room 204",
        "14.12.2026-21.12.2026",
        "On 7.12., 14.12. and 21.12.",
        "Not on 7/12, 14/12, 21/12, 28/12",
        "Rooms 12, 14, 15, 16",
        "We begin at 6. Me and Ada bring tea",
        "We start at six on the dot tonight",
        "Wear your polka dot dress",
        "Rooms 101-103 in the school year 2026/27",
        "Nets for the netball. Organise lifts",
    ],
)
def test_hours_rooms_and_days_are_no_links_and_no_numbers(words):
    refuse_unsafe(tidy(words))


@pytest.mark.parametrize(
    "words",
    [
        "07700.900.123",
        "07700/900123",
        "07700 - 900 123",
        "07700 \u2022 900 \u2022 123",
        "07700_900_123",
        "07700, 900123",
        "+44 7700 900123",
        "07.50.09.00.12.3",
        "14.12.2026.900123",
        "946 012",
        "946012",
        "0\ufe0f\u20e37\ufe0f\u20e37\ufe0f\u20e30\ufe0f\u20e30\ufe0f\u20e39\ufe0f\u20e30\ufe0f\u20e30",
    ],
)
def test_a_phone_number_is_one_however_it_is_written(words):
    with pytest.raises(Refused):
        refuse_unsafe(tidy(f"Ring {words} tonight"))


def test_letters_that_become_two_are_counted_as_two(by_day, others, client_for, world, led, look):
    # Given signs that keyboards write as one and that are two once they are tidied,
    fits, too_long = "\u09df" * 6 + "\u0995" * (LETTERS - 12), "\u09df" * 6 + "\u0995" * (LETTERS - 10)
    leader = client_for(world.school.facilitator)

    # when there are too many of them, then that is said, and what was typed stays;
    for step in ("", "send"):
        page = leader.post(led, data={"words": too_long, "step": step})
        assert page.status_code == 200
        assert "2 letters too long" in page.text
        assert too_long in page.text
    assert rows(look, world) == []

    # and what fits goes.
    assert "on its way" in send(leader, led, fits).text


@pytest.mark.parametrize(
    "words",
    [
        "EXAMPLE.COM",
        "evil . com",
        "evil. com",
        "evil(dot)com",
        "evil [dot] example",
        "evil dot com",
        "bit\u3002ly/abc",
    ],
)
def test_a_link_is_one_however_it_is_written(words):
    with pytest.raises(Refused):
        refuse_unsafe(tidy(f"Look at {words} tonight"))


def test_a_name_that_is_only_a_word_goes_once_they_say_so(
    by_day, others, client_for, world, led, look, as_owner
):
    as_owner("update parent_contact set first_name = 'Will' where parent_id = :id", id=others["Carys"])
    leader, words = client_for(world.school.facilitator), "We will meet in the hall."
    assert "tick below" in leader.post(led, data={"words": words}).text

    assert "on its way" in send(leader, led, words, names_nobody="y").text


@pytest.mark.parametrize(
    ("first_name", "words"),
    [
        ("Anne-Marie", "Anne-Marie opens the door."),
        ("Anne-Marie", "anne marie opens the door."),
        ("D'Arcy", "D\u2019Arcy opens the door."),
        ("Zo\u00eb", "Zoe opens the door."),
        ("\u09b0\u09b9\u09bf\u09ae\u09be", "\u09b0\u09b9\u09bf\u09ae\u09be \u09ac\u09b2\u09c7\u09a8"),
        ("Carys", "The wrenfield family opens the door."),
    ],
)
def test_a_name_is_asked_about_however_it_is_written(
    by_day, others, client_for, world, led, of_school, look, as_owner, first_name, words
):
    as_owner(
        "update parent_contact set first_name = :name where parent_id = :id",
        name=first_name,
        id=others["Carys"],
    )
    for person, address in ((world.school.facilitator, led), (world.school.lead, of_school)):
        assert (
            "A name of somebody in the group" in client_for(person).post(address, data={"words": words}).text
        )
    assert rows(look, world) == []


@pytest.mark.parametrize(
    "words", ["আজ আমরা লাইব্রেরিতে", "نحن في المكتبة", "Сегодня в библиотеке", "Hall tonight 🙂"]
)
def test_what_no_text_can_carry_is_said_before_and_the_text_leads_to_the_page(
    by_day, others, client_for, world, led, becomes, words
):
    leader = client_for(world.school.facilitator)

    page = leader.post(led, data={"words": words})
    assert "A text cannot carry" in page.text
    send(leader, led, words)

    goes = becomes(others["Ayesha"])
    assert "a message to your group is on your page: https://w.example/" in goes["sms"]
    assert "?" not in goes["sms"].replace("Not you?", "").split("https")[0]
    assert words in goes["email"]
    assert words in client_for(world.school.parent).get("/my/group/messages").text


@pytest.mark.parametrize(
    ("words", "carried"),
    [
        ("Café, 6pm – “hall”", 'Café, 6pm - "hall"'),
        ("Großer Saal", "Großer Saal"),
        ("€" * 61, ""),
        ("Cafe\u0301", "Café"),
    ],
)
def test_signs_of_a_text_are_counted_by_notifys_table(words, carried):
    assert by_text(tidy(words)) == carried
