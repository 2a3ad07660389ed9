"""The form of a short message to a group."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.group_messages.wording import LETTERS
from app.shell.components import Answered, CheckboxField, Form, LongTextField


class GroupMessageForm(Form):
    """What everybody in a group is told, in a sentence or two."""

    words = LongTextField(
        _l("Your message"),
        [Answered(_l("Write your message"))],
        description=_l(
            "A sentence or two about the room, the time or what to bring. No names of parents or children, no links,"
            " no phone numbers. For example: “Tonight we are in the library, not in room 4. Please come in by the"
            " back gate.”"
        ),
        letters=LETTERS,
        rows=3,
    )
    names_nobody = CheckboxField(_l("A name that stands there is only a word: it means nobody in the group"))
