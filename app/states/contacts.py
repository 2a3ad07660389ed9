"""How people at work were in touch with a parent or a school, what came of it, and where the next step stands."""

from __future__ import annotations

from enum import StrEnum


class How(StrEnum):
    """By what way; stored by value."""

    PHONE = "phone"
    TEXT = "text"
    EMAIL = "email"
    GATE = "gate"
    VISIT = "visit"
    LETTER = "letter"


class Outcome(StrEnum):
    """What came of it; stored by value."""

    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    MESSAGE_LEFT = "message_left"
    WRONG_NUMBER = "wrong_number"
    CALL_BACK = "call_back"
    #: It is on its way, which is not to say that it arrived.
    POSTED = "posted"
    HANDED_OVER = "handed_over"


class ActionState(StrEnum):
    """Where a next step is; stored by value."""

    OPEN = "open"
    DONE = "done"
    #: The parent said no, or left, so that nobody gets in touch.
    CLOSED = "closed"


class StepKind(StrEnum):
    """What became of a next step before its end; kept with it."""

    LATER = "later"
    CHANGED = "changed"
