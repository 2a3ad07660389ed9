"""How a wish is turned down."""

from app.shell.refusals import Refusal


class Refused(Refusal):
    """What was asked for cannot be done as things stand; the message is for the person, and says what to do."""
