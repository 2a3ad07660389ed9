"""How a group's dates are told where they are not all alike."""

from __future__ import annotations

from datetime import date, time, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from flask import Flask
from flask_babel import Babel

from app.cohorts.plan_view import changes_of, plan_heading
from app.cohorts.timetable import weeks_off
from app.meetings.view import line_of_sessions
from infra.clock import today


@pytest.fixture(autouse=True)
def words():
    app = Flask("words")
    Babel(app)
    with app.app_context():
        yield


def meeting(number: int, on: date, hour: int = 18, minute: int = 0, state: str = "planned"):
    return SimpleNamespace(
        id=uuid4(),
        number=number,
        on_date=on,
        starts_at=time(hour, minute),
        ends_at=time(hour + 1, minute),
        state=state,
        moved_from=None,
        topic="",
        room="",
    )


def weekly(*hours: tuple[int, int]):
    first = today() + timedelta(days=7)
    return [meeting(n, first + timedelta(weeks=n), *one) for n, one in enumerate(hours, start=1)]


def test_hours_are_in_the_heading_while_all_have_the_same():
    plan = weekly((18, 0), (18, 0), (18, 0))
    assert changes_of(plan) == {}
    assert plan_heading(plan).endswith("6pm to 7pm")


def test_each_session_says_its_hours_once_they_differ():
    """Given that the later ones begin half an hour earlier, nobody has to guess which are the usual ones."""
    plan = weekly((18, 0), (18, 0), (17, 30), (17, 30), (17, 30))
    told = changes_of(plan)
    assert [told[one.id] for one in plan] == ["6pm to 7pm"] * 2 + ["5:30pm to 6:30pm"] * 3
    assert "pm" not in plan_heading(plan)


def test_a_heading_counts_what_was_called_off_apart():
    plan = weekly((18, 0), (18, 0), (18, 0))
    plan[1].state = "cancelled"
    assert plan_heading(plan).startswith("2 sessions and one called off")


def test_one_session_is_on_one_day():
    plan = weekly((18, 0), (18, 0), (18, 0))
    for one in plan[1:]:
        one.state = "cancelled"
    assert plan_heading(plan).startswith("One session and 2 called off, ")
    assert "days," not in plan_heading(plan)


TUESDAYS = [date(2026, 12, 1), date(2026, 12, 8), date(2027, 1, 19)]


@pytest.mark.parametrize(
    ("days", "off"),
    [
        ([date(2027, 2, 10), date(2027, 2, 24)], [date(2027, 2, 17)]),
        ([date(2027, 2, 10), date(2027, 2, 17)], []),
        # One of a Tuesday group that moved to a Wednesday: the weeks after it are without a Tuesday.
        (
            [*TUESDAYS, date(2026, 12, 16), date(2027, 1, 12)],
            [date(2026, 12, 22), date(2026, 12, 29), date(2027, 1, 5)],
        ),
        # From a Tuesday to a Monday in the week after next.
        ([*TUESDAYS[:2], date(2026, 12, 21)], [date(2026, 12, 15)]),
        # A group that meets on Thursdays from the fourth on.
        ([*TUESDAYS[:2], date(2026, 12, 10), date(2026, 12, 24)], [date(2026, 12, 17)]),
    ],
)
def test_weeks_without_a_meeting_are_on_the_weekday_of_the_group(days, off):
    assert weeks_off(days) == off


def test_sessions_stand_by_their_days_and_no_day_is_without_a_meeting_that_has_one():
    """Given that session 7 was called off and got a day after session 8."""
    plan = [meeting(number, date(2026, 12, 1) + timedelta(weeks=number - 5)) for number in (5, 6)]
    plan += [meeting(7, date(2027, 1, 19)), meeting(8, date(2027, 1, 12))]

    line = line_of_sessions(plan, link=lambda _one: None, with_gaps=True)

    assert [item.get("number") for item in line] == [5, 6, None, None, None, None, 8, 7]
    assert "12 Jan" not in "".join(item["date"] for item in line if item["state"] == "gap")


def test_a_session_that_meets_elsewhere_says_where_in_the_list():
    for usual in ("", "The hall"):
        plan = weekly((18, 0), (18, 0), (18, 0))
        for one in plan:
            one.room = usual
        plan[1].room = "online"

        notes = [item["note"] for item in line_of_sessions(plan, link=lambda _one: None)]

        assert notes[1].endswith("online")
        assert "online" not in notes[0] + notes[2]
        assert "hall" not in "".join(notes)
