"""The form of a council's own words."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.messages.own_words import PARAGRAPH
from app.shell.components import Answered, Form, LongTextField
from app.shell.widgets import UncountedTextWidget


def _words(**more: Any) -> LongTextField:
    return LongTextField(
        _l("Your words"),
        [Answered(_l("Write your words"))],
        description=_l(
            "Plain, warm and short. No days, times or rooms: the message has its own. No links, no phone numbers."
        ),
        letters=PARAGRAPH,
        rows=4,
        **more,
    )


class OwnWordsForm(Form):
    """One marked piece of an email. What it may hold is judged with the piece (`own_words.py`)."""

    words = _words()


class OwnTextForm(Form):
    """One marked piece of a text. How much room is left depends on the rest: the page counts by Notify's table."""

    words = _words(widget=UncountedTextWidget())
