"""How many more parents to ask, and by when, from a school's own past."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from app.cohorts.countdown import count_down
from app.cohorts.queries import GroupLine
from app.recruitment.rates import Rates
from infra.clock import today

PAST = Rates(asked=20, joined=8, days=9, open_asked=0)


def group(taken: int = 0, first_on: date | None = None, state: str = "forming") -> GroupLine:
    return GroupLine(
        uuid4(), "Library group", state, 10, taken, first_on, "", None, None, time(18), None, has_met=False
    )


def in_days(number: int) -> date:
    return today() + timedelta(days=number)


def test_it_says_how_many_to_ask_and_by_when():
    """Given eight of twenty who were asked joined, half within nine days, when three are missing, then ask eight."""
    (one,) = count_down([group(5, in_days(40))], 0, {}, PAST)

    assert (one.wanted, one.to_ask, one.ask_by) == (3, 8, in_days(31))


def test_where_few_were_asked_no_number_is_made_up():
    (one,) = count_down([group(5, in_days(40))], 0, {}, Rates(asked=9, joined=5, days=3))
    assert one.to_ask is None
    (one,) = count_down([group(5, in_days(40))], 0, {}, Rates(asked=30, joined=0, days=1))
    assert one.to_ask is None


def test_those_who_are_ready_or_have_an_offer_are_there():
    first, second = group(4, in_days(20)), group(0, in_days(60))
    found = count_down([second, first], 3, {first.id: 2, second.id: 1}, PAST)

    assert [(one.wanted, one.first_on) for one in found] == [(6, in_days(60))]


def test_who_was_asked_lately_counts_as_the_past_says():
    (one,) = count_down([group(4, in_days(40))], 0, {}, Rates(20, 8, 9, open_asked=10))
    assert (one.wanted, one.to_ask) == (4, 0)


@pytest.mark.parametrize(
    "other",
    [
        group(8, in_days(9)),
        group(0, None),
        group(0, in_days(0)),
        group(0, in_days(-3)),
        group(2, in_days(9), "running"),
    ],
)
def test_there_is_nothing_to_count_for(other):
    assert count_down([other], 0, {}, PAST) == []


def test_a_day_that_went_by_is_today_and_said_to_be_late():
    """Given most take longer to answer than there is time, then nobody is told to wait."""
    (one,) = count_down([group(0, in_days(3))], 0, {}, PAST)
    assert (one.ask_by, one.is_late) == (today(), True)
    asked_enough = Rates(asked=20, joined=10, days=14, open_asked=40)
    (one,) = count_down([group(0, in_days(3))], 0, {}, asked_enough)
    assert (one.to_ask, one.is_late) == (0, True)


@pytest.mark.parametrize(("wanted", "asked"), [(1, 4), (3, 10), (2, 7)])
def test_parts_of_a_parent_are_asked_whole(wanted, asked):
    assert Rates(asked=10, joined=3, days=1).to_ask(wanted) == asked


def test_who_was_asked_lately_is_counted_for_one_group_alone():
    """Given three who will come of those asked lately, when two groups lack two each, then the second asks for one."""
    rates = Rates(asked=10, joined=5, days=9, open_asked=6)
    found = count_down([group(6, in_days(40)), group(6, in_days(60))], 0, {}, rates)

    assert [one.to_ask for one in found] == [0, 2]
