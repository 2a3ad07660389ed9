"""Why something cannot be done with a group, in words for the person who asked."""

from __future__ import annotations

from app.shell.errors import NotFound
from app.shell.refusals import Refusal


class Refused(Refusal):
    """What was asked for cannot be. The message says why and what to do; `field` is the box that it is about."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NotLed(NotFound):
    """A page of a group that this person does not lead, or does not lead any more."""


class PlaceGone(Refused):
    """Somebody else took the last place."""
