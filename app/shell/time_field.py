"""A time of day as people type it. Forms import it from `app.shell.components`."""

from __future__ import annotations

import datetime
from typing import Any

from flask_babel import gettext

from app.shell.field_parts import Checks, Label, Params
from app.shell.fields import ReadField
from app.shell.parsing import MorningOrEvening, parse_time


class TimeField(ReadField):
    """A time of day, typed as people write it: 6pm, 6:30 pm, 18.30. Data is a datetime.time.

    6.30 alone is read near the time that the field had before, or by day; asked for where it could be both.
    """

    data: datetime.time | None

    def __init__(
        self, label: Label = None, validators: Checks = (), *, params: Params = None, **kwargs: Any
    ) -> None:
        params = {"classes": "govuk-input--width-5", **(params or {})}
        super().__init__(label, validators, params=params, **kwargs)

    def read(self, typed: str) -> datetime.time:
        before = self.object_data
        return parse_time(typed, before if isinstance(before, datetime.time) else None)

    def write(self, value: datetime.time) -> str:
        # With am or pm, so that what is sent back unchanged is read as it was.
        half = "am" if value.hour < 12 else "pm"
        minutes = f":{value.minute:02d}" if value.minute else ""
        return f"{value.hour % 12 or 12}{minutes}{half}"

    def mistake(self) -> str:
        return gettext("Enter a time, like 6:30pm or 18:30")

    def mistake_of(self, error: ValueError) -> str:
        if isinstance(error, MorningOrEvening):
            return gettext("In the morning or in the evening? Enter %(n)sam or %(n)spm", n=error.hour)
        return self.mistake()
