"""What an appointment asks for, and on what it rests."""

from __future__ import annotations

from enum import StrEnum


class AppointmentKind(StrEnum):
    """A role, or a new app for somebody who has one; stored by value."""

    APPOINT = "appoint"
    RESET = "reset"


class Basis(StrEnum):
    """Nobody has the role yet, or a second person agrees; stored by value."""

    FIRST_HOLDER = "first_holder"
    SECOND_PERSON = "second_person"


class Decision(StrEnum):
    """Of the authority on a signed agreement; stored by value."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
