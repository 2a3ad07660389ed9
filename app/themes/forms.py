"""Forms of what a group says to its school."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.shell.components import Answered, CheckboxField, Form, LongTextField, RadioField
from app.states.themes import Enough


class ThemeForm(Form):
    """What many in a group say, in a sentence or two."""

    words = LongTextField(
        _l("What do many of you say?"),
        [Answered(_l("Write what many of you say"))],
        description=_l(
            "A sentence or two, as the group would say it. No names, no story of one family. For example: “We"
            " would like one person at school to call, not five.”"
        ),
        letters=300,
        rows=3,
    )
    names_nobody = CheckboxField(_l("A name that stands there is only a word: it means nobody"))


class VoiceForm(Form):
    """Whether it is what the group thinks, to one parent."""

    ours = RadioField(
        _l("Is this what your group thinks?"),
        [Answered(_l("Choose yes or no"))],
        choices=[("yes", _l("Yes, we say this")), ("no", _l("No, not for me"))],
    )
    to_council = CheckboxField(_l("The council may read these words too"))


class EnoughForm(Form):
    """Whether the school's reply is enough, to one parent."""

    enough = RadioField(
        _l("Is this enough?"),
        [Answered(_l("Choose yes, partly or no"))],
        choices=[(Enough.YES, _l("Yes")), (Enough.PARTLY, _l("Partly")), (Enough.NO, _l("No"))],
    )


class ReplyForm(Form):
    """What the school says and does."""

    reply = LongTextField(
        _l("Your reply"),
        [Answered(_l("Write what you will do"))],
        description=_l(
            "What you will do, by when, and who looks after it. Or why you cannot, and what you can do. The whole"
            " group reads it. It cannot be changed later."
        ),
        letters=1500,
        rows=8,
    )
