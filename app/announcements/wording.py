"""What an announcement may hold: words for people at work, and nothing that another could pass off as the council's."""

from __future__ import annotations

import re

from flask_babel import gettext as _

from app.shell.links_in_words import has_link
from app.shell.refusals import Refused

#: Letters of the heading, which is the email's subject, and of the words.
HEADING, LETTERS = 80, 600
_NUMBER = re.compile(r"\b0(?:[\W_]{0,3}\d){9,}|\+\d(?:[\W_]{0,3}\d){8,}")


def refuse_unsafe(words: str, field: str) -> None:
    """Raise Refused where a link, an address or a phone number stands in them: they are believed in the council's name,
    and stay right for as long as they are shown on its page alone."""
    if has_link(words):
        raise Refused(
            _(
                "Take out the link or address: people are right not to trust one in a message. Is there none? Put a"
                " space after each full stop."
            ),
            field,
        )
    if _NUMBER.search(words):
        raise Refused(
            _("Take out the phone number. Schools have the council’s number, and call that."), field
        )
