"""Dates of a group move only where the school is open and the sessions stay in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

import pytest

from app.calendar.school_year import Term
from app.cohorts.planning import (
    SchoolCalendar,
    ends_at,
    missing_for_start,
    passes_by,
    plan_move,
    propose,
    propose_move,
)
from app.shell.refusals import Refused

SPRING = Term("Spring 2027", date(2027, 1, 4), date(2027, 2, 15), date(2027, 2, 19), date(2027, 3, 25))
CALENDAR = SchoolCalendar((SPRING,), {date(2027, 1, 26): "Staff training"})
TODAY = date(2027, 1, 5)
FIRST = date(2027, 1, 12)


@dataclass
class Meeting:
    id: UUID
    number: int
    on_date: date
    state: str = "planned"


def weekly(*days: date) -> list[Meeting]:
    return [Meeting(UUID(int=number), number, on) for number, on in enumerate(days, 1)]


@pytest.fixture
def meetings():
    return weekly(date(2027, 1, 12), date(2027, 1, 19), date(2027, 2, 2), date(2027, 2, 9), date(2027, 2, 23))


def days(moves):
    return [move.to for move in moves]


def test_eight_dates_go_round_half_term_and_the_schools_own_closed_day():
    found = propose(CALENDAR, FIRST, time(18), 90, today=TODAY)

    assert [one.on for one in found.sessions][:5] == [
        date(2027, 1, 12),
        date(2027, 1, 19),
        date(2027, 2, 2),
        date(2027, 2, 9),
        date(2027, 2, 23),
    ]
    assert {skipped.reason for skipped in found.skipped} == {"Staff training", "half-term"}


@pytest.mark.parametrize(
    ("start_on", "starts_at", "field", "words"),
    [
        (date(2027, 1, 4), time(18), "start_on", "still to come"),
        (date(2027, 1, 9), time(18), "start_on", "Monday to Friday"),
        (date(2027, 3, 2), time(18), "start_on", "Only 4 of the eight"),
        (date(2037, 3, 3), time(18), "start_on", "^None of the eight sessions fits before"),
        (FIRST, time(23), "starts_at", "midnight"),
    ],
)
def test_an_impossible_plan_is_explained_at_the_field_to_change(start_on, starts_at, field, words):
    with pytest.raises(Refused, match=words) as refused:
        propose(CALENDAR, start_on, starts_at, 90, today=TODAY)
    assert refused.value.field == field


def test_a_session_moves_alone_between_its_neighbours(meetings):
    to = date(2027, 1, 21)
    assert days(plan_move(CALENDAR, meetings[1], meetings, to, with_later=False, today=TODAY)) == [to]


@pytest.mark.parametrize(
    ("to", "words"),
    [
        (date(2027, 2, 2), "Session 3 is on that day already"),
        (date(2027, 2, 4), "Choose a day before it"),
        (date(2027, 1, 11), "Choose a later day"),
        (date(2027, 1, 26), "Staff training"),
        (date(2027, 2, 16), "half-term"),
        (date(2027, 1, 23), "weekend"),
        (date(2027, 1, 4), "still to come"),
    ],
)
def test_a_day_that_does_not_fit_is_refused_with_the_reason(meetings, to, words):
    with pytest.raises(Refused, match=words) as refused:
        plan_move(CALENDAR, meetings[1], meetings, to, with_later=False, today=TODAY)
    assert refused.value.field == "on_date"


def test_later_sessions_move_along_on_the_new_weekday_round_half_term(meetings):
    moved = plan_move(CALENDAR, meetings[2], meetings, date(2027, 2, 4), with_later=True, today=TODAY)
    assert days(moved) == [date(2027, 2, 4), date(2027, 2, 11), date(2027, 2, 25)]


def test_later_sessions_do_not_move_past_the_known_terms(meetings):
    with pytest.raises(Refused, match="no school day left for session 5"):
        plan_move(CALENDAR, meetings[2], meetings, date(2027, 3, 16), with_later=True, today=TODAY)


def test_moving_along_never_passes_an_earlier_session(meetings):
    with pytest.raises(Refused, match="Session 2 is on"):
        plan_move(CALENDAR, meetings[2], meetings, date(2027, 1, 18), with_later=True, today=TODAY)


def test_the_week_after_is_proposed_while_later_sessions_can_move_along(meetings):
    assert propose_move(CALENDAR, meetings[2], meetings, today=TODAY) == date(2027, 2, 9)


def test_a_cancelled_session_is_proposed_the_next_free_week(meetings):
    meetings[2].state = "cancelled"
    assert propose_move(CALENDAR, meetings[2], meetings, today=TODAY) == date(2027, 3, 2)


def test_a_cancelled_session_may_be_made_up_for_after_the_last(meetings):
    meetings[1].state = "cancelled"
    to = date(2027, 3, 2)
    assert days(plan_move(CALENDAR, meetings[1], meetings, to, with_later=False, today=TODAY)) == [to]


def test_nothing_is_proposed_beyond_the_known_terms(meetings):
    meetings[4].on_date = date(2027, 3, 23)
    assert propose_move(CALENDAR, meetings[4], meetings, today=TODAY) is None


def test_a_session_that_was_missed_is_not_proposed_a_day_that_is_over(meetings):
    late = meetings[0].on_date + timedelta(weeks=4)
    assert propose_move(CALENDAR, meetings[0], meetings, today=late) > late


def test_a_group_that_meets_on_weekends_is_proposed_a_friday():
    meetings = weekly(date(2027, 1, 16), date(2027, 1, 23))
    assert propose_move(CALENDAR, meetings[1], meetings, today=TODAY) == date(2027, 1, 29)


@pytest.mark.parametrize(
    ("today", "to"),
    [(TODAY, date(2027, 2, 23)), (date(2027, 2, 24), date(2027, 3, 2))],
)
def test_a_session_on_another_weekday_is_proposed_the_groups_own_in_its_week(meetings, today, to):
    meetings[4].on_date = date(2027, 2, 24)
    assert propose_move(CALENDAR, meetings[4], meetings, today=today) == to


def test_a_session_that_came_after_a_later_one_may_move_on_to_what_is_proposed(meetings):
    """Given that session 4 was called off and made up for after session 5."""
    meetings[3].on_date = date(2027, 3, 2)
    to = propose_move(CALENDAR, meetings[3], meetings, today=TODAY)
    assert to == date(2027, 3, 9)
    assert days(plan_move(CALENDAR, meetings[3], meetings, to, with_later=False, today=TODAY)) == [to]
    # And back into its place, but not before the one before it.
    back = date(2027, 2, 9)
    assert days(plan_move(CALENDAR, meetings[3], meetings, back, with_later=False, today=TODAY)) == [back]
    with pytest.raises(Refused):
        plan_move(CALENDAR, meetings[3], meetings, date(2027, 1, 28), with_later=False, today=TODAY)


def test_whoever_moves_a_session_past_a_later_one_is_asked(meetings):
    plan = {meetings[3].id: date(2027, 3, 2)}
    later: Meeting = meetings[4]
    assert passes_by(meetings[3], meetings, plan) is later
    assert passes_by(meetings[3], meetings, {**plan, later.id: date(2027, 3, 9)}) is None
    later.state = "cancelled"
    assert passes_by(meetings[3], meetings, plan) is None


def test_a_group_needs_two_to_lead_it_somebody_in_it_and_its_dates():
    assert missing_for_start(facilitators=2, parents=1, sessions=8) == []
    assert len(missing_for_start(facilitators=0, parents=0, sessions=0)) == 3
    assert "second" in missing_for_start(facilitators=1, parents=9, sessions=8)[0]


def test_a_session_ends_on_its_own_day():
    assert ends_at(time(18), 90) == time(19, 30)
    with pytest.raises(Refused):
        ends_at(time(23), 60)
