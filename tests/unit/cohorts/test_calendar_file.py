"""The calendar file says the same hour everywhere, in winter and summer, and gives nothing away."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import UUID

import icalendar
import pytest
from flask import Flask
from flask_babel import Babel

from app.cohorts.calendar_file import Entry, calendar_feed, calendar_file, place_words, title_of
from app.cohorts.models import CohortSession

CHANGED = datetime(2027, 1, 4, 9, tzinfo=UTC)


def _meeting(on: date, at: time = time(17, 45), **values):
    given = {"number": 1, "state": "planned", "room": "", "revision": 0, "changed_at": CHANGED} | values
    ends = at.replace(hour=(at.hour + 1) % 24)
    return CohortSession(
        id=UUID(int=7), school_id=UUID(int=1), on_date=on, starts_at=at, ends_at=ends, **given
    )


@pytest.fixture
def read():
    app = Flask(__name__)
    Babel(app)

    def make(*meetings, feed=False, doubtful=False):
        with app.app_context():
            entries = [
                Entry(one, title_of(one), place_words(one.room or "Library", "Oakfield"), doubtful)
                for one in meetings
            ]
            data = (
                calendar_feed(entries)
                if feed
                else calendar_file(entries, organiser="Oakfield", base_url="https://wb.example.gov.uk")
            )
        return data, icalendar.Calendar.from_ical(data)

    return make


@pytest.mark.parametrize(
    ("on", "at", "in_utc"),
    [
        (date(2027, 3, 27), time(18), "2027-03-27T18:00"),
        (date(2027, 3, 28), time(18), "2027-03-28T17:00"),
        (date(2027, 10, 30), time(18), "2027-10-30T17:00"),
        (date(2027, 10, 31), time(18), "2027-10-31T18:00"),
        (date(2028, 2, 29), time(9, 30), "2028-02-29T09:30"),
    ],
)
def test_the_hour_is_right_on_both_sides_of_a_change(read, on, at, in_utc):
    _, calendar = read(_meeting(on, at))
    (event,) = calendar.walk("vevent")

    assert event.decoded("dtstart").astimezone(UTC).isoformat()[:16] == in_utc
    assert event["dtstart"].params["TZID"] == "Europe/London"


def test_the_zone_is_told_by_rules_that_never_end(read):
    data, calendar = read(_meeting(date(2027, 6, 4)))

    assert b"RDATE" not in data
    (zone,) = calendar.walk("vtimezone")
    rules = {str(part["tzname"]): part["rrule"].to_ical().decode() for part in zone.subcomponents}
    assert rules == {"BST": "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "GMT": "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"}
    # A reader that knows no Europe/London works it out from the rules.
    alone = zone.to_tz(lookup_tzid=False)
    assert datetime(2035, 6, 4, 18, tzinfo=alone).astimezone(UTC).hour == 17
    assert datetime(2035, 12, 4, 18, tzinfo=alone).astimezone(UTC).hour == 18


def test_a_session_that_changed_is_the_same_event_with_a_higher_sequence(read):
    events = [
        read(meeting)[1].walk("vevent")[0]
        for meeting in (
            _meeting(date(2027, 1, 12)),
            _meeting(date(2027, 1, 19), revision=1),
            _meeting(date(2027, 1, 19), revision=2, state="cancelled"),
        )
    ]

    assert len({str(event["uid"]) for event in events}) == 1
    assert [event["sequence"] for event in events] == [0, 2, 4]
    assert [str(event["status"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert all(event.decoded("last-modified") == CHANGED for event in events)


def test_a_day_that_is_shut_since_is_a_change_of_the_event(read):
    as_planned, shut = (
        read(_meeting(date(2027, 1, 12), revision=1), feed=True, doubtful=doubtful)[1].walk("vevent")[0]
        for doubtful in (False, True)
    )
    assert (str(as_planned["status"]), str(shut["status"])) == ("CONFIRMED", "TENTATIVE")
    assert shut["sequence"] > as_planned["sequence"]


def test_a_feed_has_a_name_and_says_of_nobody_that_they_send_it(read):
    """Without a name, programs show the address, with its secret."""
    data, calendar = read(_meeting(date(2027, 1, 12)), feed=True)
    assert str(calendar["x-wr-calname"]) == str(calendar["name"]) == "Sessions"
    assert b"ORGANIZER" not in data
    assert b"METHOD" not in data
    assert b"wb.example.gov.uk" not in data
    # the same dates are the same file, so that a program sees that nothing changed
    assert read(_meeting(date(2027, 1, 12)), feed=True)[0] == data


def test_nothing_in_it_says_what_it_is_about(read):
    data, calendar = read(_meeting(date(2027, 1, 12), topic="toxic_stress"))
    (event,) = calendar.walk("vevent")

    assert str(event["summary"]) == "Session 1"
    assert str(event["organizer"]) == "mailto:no-reply@wb.example.gov.uk"
    assert event["organizer"].params["CN"] == "Oakfield"
    assert "description" not in event
    assert b"stress" not in data
    assert b"parent" not in data.lower()


def test_every_line_is_folded_as_calendars_want(read):
    data, _ = read(
        _meeting(
            date(2027, 1, 12), room="The community room behind the sports hall, বাংলা কক্ষ, left of the stairs"
        )
    )

    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert data.endswith(b"\r\n")


def test_a_calendar_that_reads_an_address_is_told_when_to_come_back(read):
    data, calendar = read(_meeting(date(2027, 6, 4)), feed=True)

    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in data
    assert calendar["X-PUBLISHED-TTL"] == "PT6H"
    assert b"REFRESH-INTERVAL" not in read(_meeting(date(2027, 6, 4)))[0]


def test_a_session_on_a_day_that_is_shut_since_is_not_sure(read):
    (event,) = read(_meeting(date(2027, 6, 4)), doubtful=True)[1].walk("vevent")
    (off,) = read(_meeting(date(2027, 6, 4), state="cancelled"), doubtful=True)[1].walk("vevent")

    assert (event["status"], off["status"]) == ("TENTATIVE", "CANCELLED")
