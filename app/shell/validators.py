"""What an answer must be, each with a message that says what to do."""

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


def no_control_characters(form, field) -> None:
    """PostgreSQL refuses some of them, and nobody types them on purpose."""
    typed = field.data if isinstance(field.data, str) else ""
    if any(
        (ord(letter) < 32 and letter not in "\n\r\t") or 0xD800 <= ord(letter) < 0xE000 for letter in typed
    ):
        raise ValidationError(gettext("Type this again without special characters"))
