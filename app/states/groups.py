"""States of a group, its sessions, its places and its notes, and what groups of them mean.

The steps of a group: forming -> running -> closed; either of the first may be called off. Of a session: planned ->
closed, which is taken back for an hour, or cancelled, which a new day takes back. A place is held, then finished or
left; who is asked back takes a new one.
"""

from __future__ import annotations

from enum import StrEnum


class GroupState(StrEnum):
    """Of a group; stored by value."""

    FORMING = "forming"
    RUNNING = "running"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class GroupFormat(StrEnum):
    """How a group, or one of its sessions, meets; stored by value."""

    ROOM = "room"
    ONLINE = "online"
    BOTH = "both"


class SessionState(StrEnum):
    """Of one session of a group; stored by value."""

    PLANNED = "planned"
    CANCELLED = "cancelled"
    #: Written by no page any more.
    HELD = "held"
    CLOSED = "closed"


class PlaceState(StrEnum):
    """Of a parent's place in a group; stored by value."""

    IN_GROUP = "in_group"
    LEFT = "left"
    FINISHED = "finished"


class OfferState(StrEnum):
    """Of a place that is kept for a parent until a day; stored by value. Who waits may be offered one again."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class ReasonFor(StrEnum):
    """What about a group is not as usual, and was given a reason; stored by value."""

    MORE_PLACES = "more_places"
    BEGAN_SMALL = "began_small"


class NotesState(StrEnum):
    """Of what was worked on in a session; stored by value."""

    DRAFT = "draft"
    SENT = "sent"


class Mark(StrEnum):
    """Of one parent in the register of one session; stored by value."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT = "absent"
    APOLOGY = "apology"


class Part(StrEnum):
    """Of the four that each session has, in their order; stored by value."""

    WELCOME = "welcome"
    THEME = "theme"
    HOME = "home"
    SUMMING_UP = "summing_up"


class TimesKept(StrEnum):
    """Whether those who led kept to the times of the four parts; stored by value."""

    KEPT = "kept"
    NEARLY = "nearly"
    NOT_KEPT = "not_kept"


class Turns(StrEnum):
    """Who had a chance to speak; stored by value."""

    EVERYBODY = "everybody"
    NOT_EVERYBODY = "not_everybody"


class FirstCall(StrEnum):
    """What came of asking a parent how their first evening was; stored by value."""

    DONE = "done"
    NOT_REACHED = "not_reached"
    NOT_NEEDED = "not_needed"


#: Where a group leads to.
GROUP_STEPS: dict[GroupState, frozenset[GroupState]] = {
    GroupState.FORMING: frozenset({GroupState.RUNNING, GroupState.CANCELLED}),
    GroupState.RUNNING: frozenset({GroupState.CLOSED, GroupState.CANCELLED}),
    GroupState.CLOSED: frozenset(),
    GroupState.CANCELLED: frozenset(),
}
UNDER_WAY = (GroupState.FORMING, GroupState.RUNNING)
OVER = (GroupState.CLOSED, GroupState.CANCELLED)
#: Somebody may come to it by a link.
WITH_LINK = (GroupFormat.ONLINE, GroupFormat.BOTH)
#: A session that nothing more happens in.
SESSION_OVER = (SessionState.CLOSED, SessionState.CANCELLED)
#: Belongs to the group, also after its end.
BELONGS = (PlaceState.IN_GROUP, PlaceState.FINISHED)
#: Was there: for the whole session, from later on, or until earlier.
HERE = (Mark.PRESENT, Mark.LATE, Mark.LEFT_EARLY)
