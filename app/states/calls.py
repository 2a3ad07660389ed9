"""A parent's wish to be called: what it is about, where it stands, and what came of calling."""

from __future__ import annotations

from enum import StrEnum


class Need(StrEnum):
    """What it is about; stored by value. Everything that is ever known of it."""

    GETTING_TO_SCHOOL = "getting_to_school"
    BIG_FEELINGS = "big_feelings"
    EXTRA_HELP = "extra_help"
    TALKING_WITH_SCHOOL = "talking_with_school"
    MYSELF = "myself"
    WHERE_TO_TURN = "where_to_turn"


class CallState(StrEnum):
    """Where it stands; stored by value."""

    OPEN = "open"
    #: Who was asked thinks that the school's contact should call: the parent says whether they may.
    ASKS_BACK = "asks_back"
    DONE = "done"
    TAKEN_BACK = "taken_back"


class CallOutcome(StrEnum):
    """What came of it, as who was asked notes it; stored by value. There is no room for what was said."""

    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    PASSED_ON = "passed_on"
    NOT_NEEDED = "not_needed"


#: Not over: nobody has called so far, or the parent is asked.
WAITING = (CallState.OPEN, CallState.ASKS_BACK)
#: Where it leads to.
CALL_STEPS: dict[CallState, frozenset[CallState]] = {
    CallState.OPEN: frozenset({CallState.ASKS_BACK, CallState.DONE, CallState.TAKEN_BACK}),
    CallState.ASKS_BACK: frozenset({CallState.OPEN, CallState.TAKEN_BACK}),
    CallState.DONE: frozenset(),
    CallState.TAKEN_BACK: frozenset(),
}
