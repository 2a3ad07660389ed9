"""States of a message and of a reply, and what groups of them mean."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Channel(StrEnum):
    """How something goes to somebody; stored by value."""

    EMAIL = "email"
    SMS = "sms"


class InvitedBy(StrEnum):
    """How what opens an invitation goes to somebody; stored by value."""

    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"


class RecipientKind(StrEnum):
    """Which table `recipient_id` is in; TOKEN is somebody who asked for a link and is known by it alone.

    PRESENTER is somebody from outside who is booked for a session, and has no account.
    """

    PARENT = "parent"
    FACILITATOR = "facilitator"
    STAFF = "staff"
    MEMBER = "member"
    PRESENTER = "presenter"
    TOKEN = "token"  # noqa: S105 - a word, no secret


class State(StrEnum):
    """queued -> sending -> sent -> delivered | failed; held_back when it must not go any more. Stored by value."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    HELD_BACK = "held_back"


class Heard(StrEnum):
    """What became of a reply; stored by value."""

    STOP = "stop"
    #: They want texts again, which nobody but a person who is signed in can say.
    START = "start"
    #: One school has it as work.
    KEPT = "kept"
    #: Nobody texted this number lately, or several did: nobody reads it, and its sender is told.
    NOBODYS = "nobodys"


class AnswerState(StrEnum):
    """Of our answer to a reply; stored by value."""

    NONE = "none"
    DUE = "due"
    SENT = "sent"


#: In which state it waits -> in which a worker has it.
TAKEN: Mapping[str, str] = {State.QUEUED: State.SENDING}
