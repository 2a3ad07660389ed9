"""A release as a page: up and down in the same words, nothing hidden drawn as nought, the lead settled beforehand."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from app.outcomes.drawings import FILLS, Parts, bars
from app.outcomes.findings import not_shown
from app.outcomes.queries import latest_of
from app.outcomes.report import _findings, _headline, method

HIDDEN = not_shown("c")


def area(name: str, low: Any, high: Any) -> dict[str, Any]:
    return {
        "name": name,
        "sentences": [f"About {name}.", "More."],
        "figures": {"change_low": low, "change_high": high},
    }


@pytest.fixture(autouse=True)
def words(shared_app):
    with shared_app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("ranges", "says"),
    [
        ([(0.2, 1.0), (0.1, 0.9)], "higher numbers in all 2 areas"),
        ([(-1.0, -0.2), (-0.9, -0.1)], "lower numbers in all 2 areas"),
        ([(0.2, 1.0)], "higher numbers in the one area"),
        ([(-1.0, -0.2)], "lower numbers in the one area"),
        ([(0.2, 1.0), (-1.0, -0.2), (-0.5, 0.5)], "higher in one, lower in one, and clearly neither in one"),
        ([(0.2, 1.0), (0.3, 1.0), (-0.5, 0.5)], "higher in two, lower in none, and clearly neither in one"),
        ([(-0.5, 0.5), (-0.2, 0.3)], "No area that we can show moved clearly, up or down"),
        ([(HIDDEN, HIDDEN)], "What parents told us"),
    ],
)
def test_the_headline_can_say_lower_as_well_as_higher(ranges, says):
    assert says in _headline([area(str(place), *ends) for place, ends in enumerate(ranges)])


def test_the_lead_is_the_first_area_whatever_moved_most():
    sections = {
        "change": {"domains": [area("Confidence", 0.1, 0.2), area("School", 2.0, 3.0)]},
        "retention": {"sentences": []},
        "applications": {"sentences": []},
    }
    lead = _findings(sections)[0]
    assert lead["say"] == "About Confidence."
    assert "first area" in lead["detail"]


def test_a_hidden_lower_is_not_drawn_as_if_nobody_fell():
    assert FILLS["not_higher"] not in (FILLS["same"], FILLS["lower"], FILLS["higher"])
    assert len(set(FILLS.values())) == len(FILLS)
    drawn = bars([Parts("School", (("higher", 10), ("not_higher", 10)))])
    assert {segment["fill"] for segment in drawn[0]["rows"][0]["segments"]} == {"wb-c1", "wb-cx"}


def test_the_latest_is_the_latest_term_not_the_last_published():
    def release(ends: str, day: int, withdrawn: bool = False) -> Any:
        return SimpleNamespace(
            payload={"window": {"ends_on": ends}},
            published_at=datetime(2026, 9, day),
            withdrawn_at=datetime(2026, 9, 30) if withdrawn else None,
        )

    spring, summer, autumn = (
        release("2026-04-10", 20),
        release("2026-08-31", 1),
        release("2026-12-31", 25, True),
    )
    assert latest_of([autumn, spring, summer]) is summer
    assert latest_of([]) is None


def test_the_range_says_how_sure_and_how_it_was_worked_out():
    assert any("95%" in line for line in method())
