"""The form of a council's own words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.messages.own_words import PARAGRAPH
from app.shell.components import Answered, Form, LongTextField


class OwnWordsForm(Form):
    """One marked piece of a message. What it may hold is judged with the piece (`own_words.py`)."""

    words = LongTextField(
        _l("Your words"),
        [Answered(_l("Write your words"))],
        description=_l(
            "Plain, warm and short. No days, times or rooms: the message has its own. No links, no phone numbers."
        ),
        letters=PARAGRAPH,
        rows=4,
    )
