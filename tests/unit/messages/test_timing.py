"""Texts keep out of the night, in London's time, summer and winter."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.messages.catalogue import KINDS
from app.messages.timing import next_allowed
from app.states.messages import Channel

REMINDER = KINDS["session_reminder"]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        # Winter: London is UTC.
        ("2027-01-12 07:59", "2027-01-12 08:00"),
        ("2027-01-12 08:00", "2027-01-12 08:00"),
        ("2027-01-12 19:59", "2027-01-12 19:59"),
        ("2027-01-12 20:00", "2027-01-13 08:00"),
        ("2027-01-12 23:30", "2027-01-13 08:00"),
        ("2027-01-13 00:10", "2027-01-13 08:00"),
        # Summer: London is an hour ahead.
        ("2027-06-12 06:59", "2027-06-12 07:00"),
        ("2027-06-12 18:59", "2027-06-12 18:59"),
        ("2027-06-12 19:00", "2027-06-13 07:00"),
        # The night in which the clocks go forward.
        ("2027-03-27 21:00", "2027-03-28 07:00"),
    ],
)
def test_a_text_waits_for_the_morning(moment: str, allowed: str) -> None:
    assert next_allowed(REMINDER, Channel.SMS, _at(moment)) == _at(allowed)


def test_an_email_does_not_wait() -> None:
    assert next_allowed(REMINDER, Channel.EMAIL, _at("2027-01-12 23:00")) == _at("2027-01-12 23:00")


def test_a_link_that_somebody_waits_for_does_not_wait() -> None:
    moment = _at("2027-01-12 23:00")

    assert next_allowed(KINDS["sign_in_link"], Channel.SMS, moment) == moment
