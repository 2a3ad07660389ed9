"""What people type is read kindly, and refused clearly."""

from __future__ import annotations

import datetime

import pytest

from app.shell.parsing import (
    MorningOrEvening,
    full_name,
    full_year,
    given_name,
    listed,
    month_number,
    normal_email,
    normal_phone,
    parse_time,
    plain_name,
    readable_phone,
    real_day,
    whole_number,
)


@pytest.mark.parametrize(
    "typed", ["07700900123", "07700 900 123", "+44 7700 900123", "0044 7700 900123", "(07700) 900-123"]
)
def test_a_drama_mobile_is_accepted_in_every_spelling(typed):
    assert normal_phone(typed, mobile=True) == "+447700900123"


def test_a_mobile_in_use_and_one_from_abroad_are_accepted():
    assert normal_phone("07911 123456", mobile=True) == "+447911123456"
    assert normal_phone("+90 532 123 45 67", mobile=True) == "+905321234567"


@pytest.mark.parametrize("typed", ["", "nobody", "123", "07700 901 0001", "0" * 300, "07700 9001x"])
def test_rejects_an_invalid_phone_number(typed):
    with pytest.raises(ValueError, match="not a"):
        normal_phone(typed, mobile=True)


def test_a_landline_can_be_called_but_not_texted():
    assert normal_phone("020 7219 3000") == "+442072193000"
    with pytest.raises(ValueError, match="mobile"):
        normal_phone("020 7219 3000", mobile=True)


def test_a_stored_number_reads_as_people_write_it():
    assert readable_phone("+447700900123") == "07700 900123"
    assert readable_phone("+905321234567") == "+90 532 123 45 67"
    assert readable_phone("extension 4") == "extension 4"


def test_an_address_has_one_form_in_small_letters():
    # One form, as accounts have it: two spellings of an address are one address.
    assert normal_email("Selin.Kaya@Example.ORG") == "selin.kaya@example.org"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Sukarno ", "Sukarno"),
        ("g\u0306u\u0308l", "ğül"),
        ("Ada\u202e\u200b  Lovelace", "Ada Lovelace"),
        ("زینب\u200cها", "زینب\u200cها"),
        ("\u200b", ""),
    ],
)
def test_a_name_is_kept_as_it_is_written_without_what_nobody_sees(typed, kept):
    assert plain_name(typed) == kept


def test_one_name_is_a_whole_name():
    assert full_name("Sukarno", "") == "Sukarno"
    assert full_name("Ada", "Lovelace") == "Ada Lovelace"


@pytest.mark.parametrize(
    ("name", "called"),
    [("Ayşe Doğan", "Ayşe"), ("Sukarno", "Sukarno"), ("Dr. Ada Lovelace", "Ada"), ("Mrs", "Mrs"), ("", "")],
)
def test_what_to_call_somebody(name, called):
    assert given_name(name) == called


@pytest.mark.parametrize(
    "typed", ["name", "name@", "@example.org", "two words@example.org", "a@b", "x" * 300]
)
def test_rejects_an_invalid_email_address(typed):
    with pytest.raises(ValueError, match="not an email"):
        normal_email(typed)


@pytest.mark.parametrize(
    ("typed", "hour", "minute"),
    [
        ("6pm", 18, 0),
        ("6.30pm", 18, 30),
        ("6pm.", 18, 0),
        ("6 p.m.", 18, 0),
        ("6:30 PM", 18, 30),
        ("6:30 p.m.", 18, 30),
        ("12am", 0, 0),
        ("12:15pm", 12, 15),
        ("18.30", 18, 30),
        ("1830", 18, 30),
        ("930", 9, 30),
        ("9", 9, 0),
        ("noon", 12, 0),
    ],
)
def test_times_of_day(typed, hour, minute):
    assert parse_time(typed) == datetime.time(hour, minute)


@pytest.mark.parametrize(
    ("typed", "near", "hour"),
    [
        ("6.30", None, 18),
        ("06:30", None, 18),
        ("6.30", 18, 18),
        ("6.30", 17, 18),
        ("7.30", 7, 7),
        ("9.30", 18, 9),
        ("8.30", 18, 20),
        ("8.30", 9, 8),
        ("1.30", 10, 13),
        ("6.30am", 18, 6),
        ("18.30", 9, 18),
    ],
)
def test_an_hour_that_says_neither_am_nor_pm(typed, near, hour):
    """Near the hour that is known, or by day; never before dawn for an evening group."""
    assert parse_time(typed, None if near is None else datetime.time(near)) == datetime.time(hour, 30)


@pytest.mark.parametrize("near", [None, datetime.time(14)])
def test_eight_may_be_both_and_is_asked(near):
    with pytest.raises(MorningOrEvening, match="morning or evening"):
        parse_time("8", near)


@pytest.mark.parametrize(
    "typed",
    [
        "99999999999:00",
        "6:99999999999",
        "9" * 4000,
        "",
        "soon",
        "25:00",
        "13pm",
        "0am",
        "6:75",
        "6:x",
        "18:30:00:00",
        "²",
    ],
)
def test_rejects_an_invalid_time(typed):
    with pytest.raises(ValueError):  # noqa: PT011 - datetime has words of its own
        parse_time(typed)


def test_whole_numbers():
    assert whole_number("1,200", 0, 5000) == 1200
    assert whole_number("６", 0, 9) == whole_number("٦", 0, 9) == 6
    for typed in ("", "8.5", "-1", "9" * 5000, "²", "11"):
        with pytest.raises(ValueError, match=r"whole number|range"):
            whole_number(typed, 0, 10)


def test_parts_of_a_date():
    assert (full_year("2027"), month_number("3"), month_number("March"), month_number("sept")) == (
        2027,
        3,
        3,
        9,
    )
    for typed in ("27", "20227", "0000"):
        with pytest.raises(ValueError, match="year"):
            full_year(typed)


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize(
    "typed",
    ["9" * 12, "9" * 26, "9" * 5000, "-1", "0", "x", ""],
    ids=lambda typed: typed[:3] + str(len(typed)),
)
def test_an_invalid_date_raises_value_error_and_nothing_else(place, typed):
    parts = ["1", "1", "2027"]
    parts[place] = typed
    with pytest.raises(ValueError, match=r"[a-z]"):
        real_day(*parts)


@pytest.mark.parametrize(
    ("names", "words"),
    [([], ""), (["Ada"], "Ada"), (["Ada", "Bo"], "Ada and Bo"), (["Ada", "Bo", "Cem"], "Ada, Bo and Cem")],
)
def test_names_are_listed_as_people_do(names, words):
    assert listed(names) == words
