"""Which session of a group comes next, what each is about, and which weeks have none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

from app.cohorts.models import CohortSession
from app.cohorts.times import has_begun, is_over
from app.cohorts.topics import CHOSEN_NUMBERS, DEFAULTS, TOPICS, title_of
from app.states.groups import SessionState


def next_of(sessions: Sequence[CohortSession]) -> CohortSession | None:
    """The session that is on now or comes next; one that is over by the clock, closed or called off is not next."""
    coming = [one for one in sessions if is_to_come(one)]
    return min(coming, key=lambda one: (one.on_date, one.number), default=None)


def took_place(one: CohortSession) -> bool:
    """Whether it was, or is on now: closed, or begun by the clock and not called off."""
    return one.state == SessionState.CLOSED or (one.state == SessionState.PLANNED and has_begun(one))


def waits_to_be_closed(sessions: Sequence[CohortSession]) -> list[CohortSession]:
    """Sessions that are over by the clock, and that those who lead have not closed yet; the oldest first."""
    return [one for one in sessions if one.state == SessionState.PLANNED and is_over(one)]


def takes_newcomers(sessions: Sequence[CohortSession]) -> bool:
    """Whether somebody can begin in a group with these sessions: one is to come, or they are not planned yet."""
    return not sessions or any(map(is_to_come, sessions))


def is_at_its_end(meetings: Sequence[CohortSession]) -> bool:
    """Whether its last session took place and none is to come: such a group is finished, and does not end early.

    One whose last dates were called off may still end early.
    """
    if not meetings or any(map(is_to_come, meetings)):
        return False
    return max(meetings, key=lambda one: (one.on_date, one.number)).state != SessionState.CANCELLED


def ending_of(sessions: Sequence[CohortSession]) -> dict[str, object]:
    """Where a group's page stands at its end: whether it met, what is not closed, who may still begin or end it."""
    return {
        "has_met": any(map(took_place, sessions)),
        "not_closed": waits_to_be_closed(sessions),
        "takes_newcomers": takes_newcomers(sessions),
        "at_its_end": is_at_its_end(sessions),
    }


class Topical(Protocol):
    """A session as far as its topic is concerned."""

    @property
    def number(self) -> int: ...

    @property
    def topic(self) -> str: ...


def topic_title(one: Topical) -> str:
    """The topic in words; empty while the group has still to choose."""
    if one.topic:
        return title_of(one.topic)
    return "" if one.number in CHOSEN_NUMBERS else title_of(DEFAULTS[one.number - 1])


def prompts_of(one: Topical) -> tuple[str, ...]:
    """Two questions to open the talk with; none for a topic that a group named itself."""
    topic = TOPICS.get(one.topic)
    return tuple(map(str, topic.prompts)) if topic else ()


def purpose_of(one: Topical) -> str:
    """What its topic is for; empty for a topic that a group named itself."""
    topic = TOPICS.get(one.topic)
    return str(topic.purpose) if topic else ""


def is_to_come(one: CohortSession) -> bool:
    """Whether it is still to come, or on now: until its end somebody may say that they cannot come."""
    return one.state == SessionState.PLANNED and not is_over(one)


def weeks_off(days: Collection[date]) -> list[date]:
    """Of each week between two of these days that has none, the day on which the group would meet.

    That is the weekday of the day before or after, whichever more of them are on: one alone may have moved.
    """
    found = []
    for before, after in pairwise(sorted(set(days))):
        weekday = usual_weekday(days, (before.weekday(), after.weekday()))
        week = _monday(before) + timedelta(weeks=1)
        while week < _monday(after):
            found.append(week + timedelta(days=weekday))
            week += timedelta(weeks=1)
    return found


def usual_weekday(days: Collection[date], among: Sequence[int]) -> int:
    """The weekday of `among` that most of these days are on; of two alike the first."""
    return max(among, key=lambda weekday: sum(day.weekday() == weekday for day in days))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
