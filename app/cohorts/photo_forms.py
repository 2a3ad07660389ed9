"""The form of a room's photo."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.shell.components import (
    Answered,
    CheckboxField,
    FileField,
    Form,
    LongTextField,
    Optional,
    for_parents,
)


class RoomPhotoForm(Form):
    """A photo of the room, or of its door, and what is to be seen on it. Without a file only the words change."""

    file = FileField(
        _l("The photo"),
        [Optional()],
        description=_l("A JPEG or PNG, up to 10 MB. We make it small, and leave out where it was taken."),
    )
    words = LongTextField(
        _l("What is on it?"),
        [Answered(_l("Say what is on the photo, for whoever cannot see it")), for_parents],
        letters=200,
        rows=2,
        description=_l(
            "For example: The door is blue. The room is on the ground floor. For another photo, look whether it still"
            " says what is on it."
        ),
    )
    nobody = CheckboxField(_l("The words fit this photo. No people are in it, and no names on the wall"))
