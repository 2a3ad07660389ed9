"""A gate asks what a thing is: a certificate, training, a reference from somebody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from app.extensions import babel
from app.facilitators.gates import (
    is_somebody_else,
    plain_certificate_number,
    plain_contact,
    problem_of_certificate_day,
    problem_of_training,
)
from infra.clock import today


@pytest.fixture(autouse=True)
def words():
    app = Flask(__name__)
    babel.init_app(app)
    with app.app_context():
        yield


@pytest.mark.parametrize("typed", ["001538472916", "0015 3847 2916", "001-538-472-916"])
def test_twelve_digits_are_a_certificate_number(typed):
    assert plain_certificate_number(typed) == "001538472916"


@pytest.mark.parametrize(
    "typed",
    [
        "1",
        "",
        "seen",
        "0012345678",
        "0012345678901",
        "000000000000",
        "121212121212",
        # Our own example, and what is typed only to get on.
        "001234567890",
        "123456789012",
        "987654321098",
        "012345678901",
        "٠٠١٢٣٤٥٦٧٨٩٠",
        "00123456789O",
    ],
)
def test_anything_else_is_none(typed):
    with pytest.raises(ValueError, match="certificate"):
        plain_certificate_number(typed)


@pytest.mark.parametrize(
    ("day", "word"),
    [
        (lambda: today() + timedelta(days=1), "or a day before it"),
        (lambda: date(2012, 11, 30), "2012"),
        (lambda: today() - timedelta(days=1100), "three years"),
        (lambda: today() - timedelta(days=1090), None),
        (lambda: today(), None),
    ],
)
def test_a_certificate_is_of_a_day_that_can_be(day, word):
    problem = problem_of_certificate_day(day())

    assert problem is None if word is None else word in (problem or "")


@pytest.mark.parametrize(
    ("title", "minutes", "ago", "fine"),
    [
        ("Listening without advice", 90, 3, True),
        ("Keeping children safe", 30, 0, True),
        ("Tea", 5, 1, False),
        ("Tea", 60, 1, False),
        ("Listening", 29, 1, False),
        ("Listening", 601, 1, False),
        ("Listening", 60, -1, False),
        ("Listening", 60, 1200, False),
        ("12345", 60, 1, False),
        ("উপদেশ ছাড়া শোনা", 60, 1, True),
    ],
)
def test_training_has_a_subject_and_takes_time(title, minutes, ago, fine):
    assert (problem_of_training(title, today() - timedelta(days=ago), minutes) is None) is fine


@pytest.mark.parametrize("typed", ["07700 900123", "+447700900123", "Ada@Example.org", " ada@example.org "])
def test_a_contact_is_an_address_or_a_number(typed):
    assert plain_contact(typed) in ("+447700900123", "ada@example.org")


@pytest.mark.parametrize("typed", ["ask her", "12", "ada@", ""])
def test_other_words_are_not_read_as_a_contact(typed):
    with pytest.raises(ValueError, match=r".+"):
        plain_contact(typed)


@pytest.mark.parametrize(
    ("contact", "name", "is_other"),
    [
        ("ADA@example.org", "Somebody", False),
        ("07700 900 123", "Somebody", False),
        ("b@example.org", "Okafor  ada", False),
        ("b@example.org", "Bea Okafor", True),
    ],
)
def test_nobody_is_their_own_reference(contact, name, is_other):
    me = [("ada@example.org", "Ada Okafor"), ("+447700900123", "Ada Okafor")]

    assert is_somebody_else(contact, name, me) is is_other
