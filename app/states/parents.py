"""The stages of a parent, and what groups of them mean. What they are called stands in `app/recruitment`."""

from __future__ import annotations

from enum import StrEnum


class ParentStage(StrEnum):
    """Where a parent is on the way into a group and out of it; stored by value."""

    IDENTIFIED = "identified"
    INVITED = "invited"
    INTERESTED = "interested"
    JOINED = "joined"
    WAITING = "waiting"
    IN_GROUP = "in_group"
    GRADUATED = "graduated"
    SAID_NO = "said_no"
    LEFT = "left"


#: The way from first to last, as the list draws it.
WAY = (
    ParentStage.IDENTIFIED,
    ParentStage.INVITED,
    ParentStage.INTERESTED,
    ParentStage.JOINED,
    ParentStage.WAITING,
    ParentStage.IN_GROUP,
)
#: The answer to the invitation is still to come.
BEFORE_JOINING = frozenset({ParentStage.IDENTIFIED, ParentStage.INVITED, ParentStage.INTERESTED})
#: Nobody in these stages is written to.
DO_NOT_WRITE = frozenset({ParentStage.SAID_NO, ParentStage.LEFT})
#: *Ready for a place*, wherever it is counted or listed: they said yes, and are in no group.
READY = (ParentStage.JOINED, ParentStage.WAITING)
#: They have a place in a group, or finished one.
WITH_GROUP = (ParentStage.IN_GROUP, ParentStage.GRADUATED)
#: Those who have said yes at some time, also when they left since.
HAS_JOINED = frozenset(
    {
        ParentStage.JOINED,
        ParentStage.WAITING,
        ParentStage.IN_GROUP,
        ParentStage.GRADUATED,
        ParentStage.LEFT,
    }
)


class StartEnd(StrEnum):
    """How a fresh start ended; stored by value."""

    STOPPED = "stopped"
    TAKEN_BACK = "taken_back"
    DONE = "done"


class BySide(StrEnum):
    """Who took a step of a parent; stored by value."""

    SCHOOL = "school"
    PARENT = "parent"
    FACILITATOR = "facilitator"
    SYSTEM = "system"
