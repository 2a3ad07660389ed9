"""Why something cannot be done with a group, in words for the person who asked."""

from __future__ import annotations

from app.shell.errors import NotFound


class NotLed(NotFound):
    """A page of a group that this person does not lead, or does not lead any more."""
