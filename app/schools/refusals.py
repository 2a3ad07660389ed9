"""How a wish is turned down."""


class Refused(Exception):
    """What was asked for cannot be done as things stand; the message is for the person, and says what to do."""
