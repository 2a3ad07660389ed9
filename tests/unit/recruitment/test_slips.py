"""Which signed slips a parent's page leads to."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from app.recruitment.slips import that_counted
from infra.clock import LONDON

START = datetime(2026, 11, 2, 10, tzinfo=LONDON)


def step(day: int, before: str, after: str, how: str = "") -> Any:
    return SimpleNamespace(at=START + timedelta(days=day), from_stage=before, to_stage=after, how=how)


def file(day: int) -> Any:
    return SimpleNamespace(created_at=START + timedelta(days=day))


def test_a_newer_slip_hides_none_that_counted():
    """Given somebody who joined by a slip, left, and joined by another, then their page leads to both."""
    first, second = file(1), file(30)
    events = [
        step(30, "interested", "joined", "slip"),
        step(20, "left", "interested"),
        step(10, "joined", "left"),
        step(1, "identified", "joined", "slip"),
    ]
    assert that_counted([second, first], events) == [second, first]


def test_the_slip_of_a_yes_that_was_taken_back_is_not_theirs():
    """Given a wrong slip that was taken back, when they join by themselves, then it does not stand on their page."""
    wrong = file(1)
    events = [
        step(3, "invited", "joined"),
        step(2, "joined", "invited", "mistake"),
        step(1, "invited", "joined", "slip"),
    ]
    assert that_counted([wrong], events) == []


def test_a_no_that_was_taken_back_leaves_the_slip_before_it():
    slip = file(1)
    events = [
        step(4, "said_no", "joined", "mistake"),
        step(3, "joined", "said_no"),
        step(2, "joined", "joined", "telephone"),
        step(1, "identified", "joined", "slip"),
    ]
    assert that_counted([slip], events) == [slip]
