"""What is due with the sessions of a group: the one to lead, those to close or to open again, a topic to choose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.cohorts.models import CohortSession
from app.cohorts.times import has_begun
from app.cohorts.timetable import next_of
from app.cohorts.topics import CHOSEN_NUMBERS, DEFAULTS
from app.states.groups import SessionState
from infra.clock import now, today

#: How long a session that was closed can be opened again, and how long its messages wait.
REOPEN_FOR = timedelta(hours=1)


def tonight_of(sessions: Sequence[CohortSession]) -> CohortSession | None:
    """The session that those who lead have before them: today's until it is closed, else the next."""
    open_today = [one for one in sessions if one.state == SessionState.PLANNED and one.on_date == today()]
    return min(open_today, key=lambda one: one.number, default=next_of(sessions))


def to_close(sessions: Sequence[CohortSession]) -> list[CohortSession]:
    """Sessions that have begun and are not closed, the oldest first."""
    return [one for one in sessions if one.state == SessionState.PLANNED and has_begun(one)]


def reopen_until(one: CohortSession) -> datetime | None:
    """When the hour is over in which a closed session can be opened again, and its messages go; None while open."""
    return (
        one.closed_at + REOPEN_FOR if one.state == SessionState.CLOSED and one.closed_at is not None else None
    )


def can_reopen(one: CohortSession) -> bool:
    """Whether a session was closed so lately that it can be opened again."""
    until = reopen_until(one)
    return until is not None and now() < until


def to_choose(sessions: Sequence[CohortSession]) -> list[CohortSession]:
    """Sessions whose topic the group may still choose: none chosen, not met yet."""
    return [
        one
        for one in sessions
        if one.number in CHOSEN_NUMBERS
        and one.state == SessionState.PLANNED
        and not one.topic
        and not has_begun(one)
    ]


def changeable(sessions: Sequence[CohortSession]) -> list[CohortSession]:
    """Sessions of the group’s own themes that have not met: those who lead may set their topic, and set it again."""
    return [
        one
        for one in sessions
        if one.number in CHOSEN_NUMBERS and one.state == SessionState.PLANNED and not has_begun(one)
    ]


def done_topics(sessions: Sequence[CohortSession]) -> set[str]:
    """Topics that were met, or are fixed, before the group chooses."""
    fixed = {one.topic or DEFAULTS[one.number - 1] for one in sessions if one.number < CHOSEN_NUMBERS[0]}
    return fixed | {one.topic for one in sessions if one.state == SessionState.CLOSED}
