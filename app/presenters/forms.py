"""The form of a booking."""

from __future__ import annotations

from datetime import time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.shell.components import (
    Answered,
    EmailField,
    Form,
    NameField,
    Optional,
    PhoneField,
    SelectField,
    TextField,
    TimeField,
    for_parents,
)
from app.shell.pressing import answered

#: The columns hold so much, and an email reads well with it.
LETTERS = 120


class BookForm(Form):
    """Who comes to which session, about what, and from when to when."""

    session = SelectField(_l("Which session?"), [Answered(_l("Choose the session"))])
    name = NameField(_l("Name of the presenter"), [Answered(_l("Enter the name of the presenter"))])
    organisation = TextField(
        _l("Organisation"),
        [Answered(_l("Enter the organisation that they come from")), for_parents],
        description=_l(
            "Parents and carers read it. Somebody who works alone? Say what they are, like “Sleep coach”."
        ),
        letters=LETTERS,
    )
    email = EmailField(
        _l("Email address"),
        [Answered(_l("Enter their email address"))],
        description=_l("They get a link there, to say whether they come."),
    )
    phone = PhoneField(_l("Telephone number"), [Optional()], mobile=False, description=_l("If you have it."))
    topic = TextField(
        _l("What will they talk about?"),
        [Answered(_l("Enter what they will talk about")), for_parents],
        description=_l("Parents and carers of the group read this once the presenter has said yes."),
        letters=LETTERS,
    )
    begins = TimeField(_l("From"), [Answered(_l("Enter the time from which they talk, like 6pm"))])
    ends = TimeField(_l("Until"), [Answered(_l("Enter the time until which they talk, like 6.30pm"))])
    needs = TextField(
        _l("What do they need?"),
        [Optional()],
        description=_l("For example a projector. Leave it empty if nothing."),
        letters=LETTERS,
    )
    door = TextField(
        _l("Who do they ask for at the door?"),
        [Answered(_l("Enter who they ask for at the door"))],
        description=_l("Somebody of the school or of those who lead. No name of a parent in the group."),
        letters=LETTERS,
    )

    def validate(self, extra_validators: object = None) -> bool:
        fine = super().validate(extra_validators)
        if fine and answered(self.ends.data) <= answered(self.begins.data):
            self.add_error(_("Enter an end that is later than the beginning"), "ends")
            return False
        return fine

    def minutes(self, starts_at: time) -> tuple[int, int]:
        """From when after a session that begins at `starts_at`, and for how long."""
        begins, ends = _minute(answered(self.begins.data)), _minute(answered(self.ends.data))
        return begins - _minute(starts_at), ends - begins


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
