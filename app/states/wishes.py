"""What suits a parent who waits for a group: days, times, how to meet, and what they need to come; stored by value."""

from __future__ import annotations

from datetime import time
from enum import StrEnum


class Weekday(StrEnum):
    """Days on which schools are open, in the order of `date.weekday()`."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"


class DayPart(StrEnum):
    """When on a day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Format(StrEnum):
    """How to meet."""

    ROOM = "room"
    ONLINE = "online"
    EITHER = "either"


class Help(StrEnum):
    """What makes it possible to come. That of an interpreter is kept with the contact, where staff note it too."""

    CRECHE = "creche"
    STEP_FREE = "step_free"
    TRANSPORT = "transport"
    REFRESHMENTS = "refreshments"


#: Before this it is the morning, and before the next the afternoon: work and school pick-up lie between.
NOON, AFTER_WORK = time(12), time(17)


def part_of(starts_at: time) -> DayPart:
    """When on a day something is that begins then."""
    if starts_at < NOON:
        return DayPart.MORNING
    return DayPart.AFTERNOON if starts_at < AFTER_WORK else DayPart.EVENING
