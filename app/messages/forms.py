"""Forms of a council: its own words in messages, its own key at Notify."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.messages.own_words import PARAGRAPH
from app.shell.components import (
    Answered,
    Form,
    LongTextField,
    TextField,
    ValidationError,
)
from app.shell.widgets import UncountedTextWidget
from infra.notify import ApiKey


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


class KeyField(TextField):
    """A key that somebody pastes. It is no password of theirs, which a browser would offer to keep; nor does the page
    ever show it again."""

    def _value(self) -> str:
        return ""


class NotifyKeyForm(Form):
    """What we need to send by the council's own service at Notify. The key itself is never shown again."""

    api_key = KeyField(
        _l("API key"),
        [Answered(_l("Paste the API key"))],
        description=_l(
            "In Notify: API integration, API keys, Create an API key. Choose “Live”. Notify shows it once."
        ),
        letters=300,
    )
    email_template_id = TextField(
        _l("Id of the email template"),
        [Answered(_l("Enter the id of the email template"))],
        description=_l("Its subject is ((subject)), its message is ((body)), and nothing else."),
        letters=60,
    )
    sms_template_id = TextField(
        _l("Id of the text template"),
        [Answered(_l("Enter the id of the text template"))],
        description=_l("Its message is ((body)), and nothing else."),
        letters=60,
    )

    def validate_api_key(self, field: KeyField) -> None:
        """The whole of a key."""
        try:
            ApiKey.parse(field.data or "")
        except ValueError:
            raise ValidationError(
                gettext("This is not a whole key. Copy all of it: a name, then two long numbers.")
            ) from None

    def validate_email_template_id(self, field: TextField) -> None:
        """As Notify shows it."""
        _template_id(field)

    def validate_sms_template_id(self, field: TextField) -> None:
        """As Notify shows it."""
        _template_id(field)


def _template_id(field: TextField) -> None:
    try:
        field.data = str(UUID(field.data or ""))
    except ValueError:
        raise ValidationError(
            gettext("This is no template id. Open the template in Notify and copy its id.")
        ) from None
