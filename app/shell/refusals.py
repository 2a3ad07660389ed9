"""How a wish is turned down, everywhere: with words for the person, and nothing changed."""

from __future__ import annotations


class Refusal(Exception):
    """What was asked for cannot be done as things stand.

    The message is for the person and says what to do instead. A page that knows where the words belong catches it
    and shows them there; where none does, `app/shell/errors.py` answers with a page that says them (409). A service
    raises it before it changes anything, so that a caller may go on after it.
    """

    #: The box of the form that it is about, where there is one.
    field: str | None = None

    @property
    def words(self) -> str:
        """What the person reads."""
        return str(self)
