"""What an answer must be, each with a message that says what to do."""

import re

from flask_babel import gettext, lazy_gettext
from wtforms.validators import InputRequired, StopValidation, ValidationError


class Answered(InputRequired):
    """The question has an answer. Give a message that says what to do: "Enter your first name"."""

    def __init__(self, message: str | None = None):
        super().__init__(message or lazy_gettext("This needs an answer"))

    def __call__(self, form, field):
        sent = [getattr(value, "filename", value) for value in field.raw_data or []]
        if not any(str(value).strip() for value in sent if value is not None):
            raise StopValidation(str(self.message))


class MaxLength:
    """At most so many letters; says how many, so that people know how much to cut."""

    def __init__(self, letters: int):
        self.letters = letters

    def __call__(self, form, field):
        if isinstance(field.data, str) and len(field.data) > self.letters:
            raise ValidationError(gettext("Use %(n)s letters or fewer", n=f"{self.letters:,}"))


#: Control characters, halves of pairs and code points that are none: PostgreSQL or HTML refuses them.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
    + "]"
)


def has_unfit_letters(text: str) -> bool:
    """Whether something in `text` can neither be kept nor shown."""
    return _UNFIT.search(text) is not None


def without_unfit_letters(text: str) -> str:
    """`text` as a page can show it again."""
    return _UNFIT.sub("", text)


def no_control_characters(form, field) -> None:
    """Nobody types them on purpose."""
    if isinstance(field.data, str) and has_unfit_letters(field.data):
        raise ValidationError(gettext("Type this again without special characters"))
