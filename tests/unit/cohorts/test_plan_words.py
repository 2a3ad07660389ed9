"""How a group's dates are told where they are not all alike."""

from __future__ import annotations

from datetime import date, time, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from flask import Flask
from flask_babel import Babel

from app.cohorts.room_view import changes_of, plan_heading
from app.cohorts.timetable import weeks_between
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


def test_weeks_without_a_meeting_are_counted_from_the_meeting_before():
    wednesday = date(2027, 2, 10)
    assert weeks_between(wednesday, date(2027, 2, 24)) == [date(2027, 2, 17)]
    assert weeks_between(wednesday, date(2027, 2, 17)) == []
