"""How a wish is turned down, everywhere: with words for the person, and nothing changed."""

from __future__ import annotations

from collections.abc import Sequence


class Refused(Exception):
    """What was asked for cannot be done as things stand.

    `message` is for the person and says what to do instead; where several things are in the way it is a sentence for
    each. `field` is the box of the form that it is about. A service raises it before it changes anything, so that a
    caller may go on after it. Pages hand their change to `submit` or `press` (`app/shell/pressing.py`), which say it
    where it belongs; where a page does neither, `app/shell/errors.py` answers with a page that says it.

    Subclasses are for whoever goes on in another way; the words stay in the message.
    """

    #: Whether nothing that is typed into the form could mend it: then it is said on the next page.
    leads_on = False
    #: Of the page that says it where no form does.
    status = 409
    #: Of the page with the form that says it.
    form_status = 200

    def __init__(self, message: str | Sequence[str] = "", field: str | None = None) -> None:
        self.reasons = tuple(message) if isinstance(message, list | tuple) else (message,)
        self.field = field
        super().__init__(" ".join(map(str, self.reasons)))

    @property
    def words(self) -> str:
        """What the person reads, in one piece."""
        return str(self)
