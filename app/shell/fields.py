"""The fields, drawn as GOV.UK components. Forms import them from `app.shell.components`."""

from __future__ import annotations

import datetime
import re
from typing import Any

import wtforms
from flask_babel import gettext
from flask_wtf.file import FileField as FlaskFileField
from wtforms.validators import StopValidation

from app.shell.field_parts import Checks, Choosing, Describing, Label, Params
from app.shell.parsing import (
    normal_email,
    normal_phone,
    plain_name,
    readable_phone,
    real_day,
    whole_number,
)
from app.shell.validators import (
    MaxLength,
    email_mistake,
    is_a_name,
    no_control_characters,
    phone_mistake,
    without_turned_lines,
    without_unfit_letters,
)
from app.shell.widgets import (
    CheckboxesWidget,
    CheckboxWidget,
    DateWidget,
    FileWidget,
    LongTextWidget,
    PasswordWidget,
    RadiosWidget,
    SelectWidget,
    TextWidget,
)
from infra.recipients import our_digits

NAME_LENGTH = 100
TEXT_LENGTH = 200
LONG_TEXT_LENGTH = 4000
EMAIL_LENGTH = 254


class TextField(Describing, wtforms.StringField):
    """One line of text, at most `letters` long, without spaces at either end.

    Most of what people type here is about somebody else, so a browser offers nothing of its user's own. A field for
    the user's own data says which: `params={"autocomplete": "email"}`.
    """

    data: str | None

    def __init__(
        self,
        label: Label = None,
        validators: Checks = (),
        *,
        letters: int = TEXT_LENGTH,
        params: Params = None,
        **kwargs: Any,
    ) -> None:
        self.letters = letters
        checks: Checks = [MaxLength(letters), *(validators or ()), no_control_characters]
        kwargs.setdefault("widget", TextWidget())
        super().__init__(label, checks, params={"autocomplete": "off", **(params or {})}, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:  # a browser sends no line ends from one line; others might
            self.data = without_turned_lines(re.sub(r"[\r\n\t]+", " ", valuelist[0])).strip()

    def _value(self) -> str:
        return without_unfit_letters(super()._value())


class NameField(TextField):
    """A person's name, in any script, as they write it. One word is a name."""

    def __init__(
        self, label: Label = None, validators: Checks = (), *, params: Params = None, **kwargs: Any
    ) -> None:
        params = {"spellcheck": False, **(params or {})}
        super().__init__(
            label,
            [*(validators or ()), is_a_name],
            letters=NAME_LENGTH,
            params=params,
            **kwargs,
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data:
            self.data = plain_name(self.data)


class ReadField(TextField):
    """Text that is read into something else before any validator sees it; data is None for an empty box.

    What was typed stays in the box, right or wrong.
    """

    #: First what was typed, then what it means: each kind says what that is.
    data: Any

    def read(self, typed: str) -> Any:
        """What `typed` means. Raises ValueError."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """`value` as people write it."""
        return str(value)

    def mistake(self) -> str:
        """The message for what cannot be read."""
        raise NotImplementedError

    def _value(self) -> str:
        if self.raw_data:
            return without_unfit_letters(str(self.raw_data[0]))
        return "" if self.data is None else self.write(self.data)

    def pre_validate(self, form: wtforms.Form) -> None:
        if not isinstance(self.data, str):
            return
        if not self.data:
            self.data = None
            return
        MaxLength(self.letters)(form, self)
        try:
            self.data = self.read(self.data)
        except ValueError as error:
            raise StopValidation(self.mistake_of(error)) from None

    def mistake_of(self, error: ValueError) -> str:
        """The message for this mistake, where there is more to say than `mistake` does."""
        return self.mistake()


class EmailField(ReadField):
    """An email address."""

    data: str | None

    def __init__(
        self, label: Label = None, validators: Checks = (), *, params: Params = None, **kwargs: Any
    ) -> None:
        params = {"spellcheck": False, **(params or {})}
        kwargs.setdefault("widget", TextWidget("email"))
        super().__init__(label, validators, letters=EMAIL_LENGTH, params=params, **kwargs)

    def read(self, typed: str) -> str:
        return normal_email(typed)

    def mistake(self) -> str:
        return gettext("Check the email address. It looks like name@example.com")

    def mistake_of(self, error: ValueError) -> str:
        return email_mistake(error)


class PhoneField(ReadField):
    """A telephone number; data is E.164 (+447700900123). Numbers without a country are read as British.

    A mobile by default, because it gets texts; `mobile=False` takes any number.
    """

    data: str | None

    def __init__(
        self,
        label: Label = None,
        validators: Checks = (),
        *,
        mobile: bool = True,
        params: Params = None,
        **kwargs: Any,
    ) -> None:
        self.mobile = mobile
        params = {"classes": "govuk-input--width-20", **(params or {})}
        kwargs.setdefault("widget", TextWidget("tel"))
        super().__init__(label, validators, letters=40, params=params, **kwargs)

    def read(self, typed: str) -> str:
        return normal_phone(typed, mobile=self.mobile)

    def write(self, value: str) -> str:
        return readable_phone(value)

    def mistake(self) -> str:
        return phone_mistake(None, mobile=self.mobile)

    def mistake_of(self, error: ValueError) -> str:
        return phone_mistake(error, mobile=self.mobile)


class CodeField(TextField):
    """A short code from a message or an app; spaces and hyphens are dropped."""

    def __init__(
        self,
        label: Label = None,
        validators: Checks = (),
        *,
        digits: bool = True,
        params: Params = None,
        **kwargs: Any,
    ) -> None:
        fixed: dict[str, Any] = {
            "autocomplete": "one-time-code",
            "spellcheck": False,
            "classes": "govuk-input--width-10",
        }
        if digits:
            fixed["inputmode"] = "numeric"
        super().__init__(label, validators, letters=40, params={**fixed, **(params or {})}, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data:
            self.data = our_digits(self.data).replace(" ", "").replace("-", "")


class IntegerField(ReadField):
    """A whole number from `lowest` to `highest`; data is an int."""

    data: int | None

    def __init__(
        self,
        label: Label = None,
        validators: Checks = (),
        *,
        lowest: int = 0,
        highest: int = 1_000_000,
        params: Params = None,
        **kwargs: Any,
    ) -> None:
        self.lowest, self.highest = lowest, highest
        params = {
            "inputmode": "numeric",
            "classes": "govuk-input--width-4",
            "spellcheck": False,
            **(params or {}),
        }
        super().__init__(label, validators, params=params, **kwargs)

    def read(self, typed: str) -> int:
        return whole_number(typed, self.lowest, self.highest)

    def mistake(self) -> str:
        return gettext(
            "Enter a whole number from %(low)s to %(high)s", low=f"{self.lowest:,}", high=f"{self.highest:,}"
        )


class LongTextField(Describing, wtforms.TextAreaField):
    """Several lines of text with a count of what is left."""

    data: str | None

    def __init__(
        self,
        label: Label = None,
        validators: Checks = (),
        *,
        letters: int = LONG_TEXT_LENGTH,
        rows: int = 5,
        params: Params = None,
        **kwargs: Any,
    ) -> None:
        self.letters = letters
        checks: Checks = [MaxLength(letters), *(validators or ()), no_control_characters]
        kwargs.setdefault("widget", LongTextWidget())
        super().__init__(label, checks, params={"rows": str(rows), **(params or {})}, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:  # browsers send two characters for a line's end, and count one
            self.data = valuelist[0].replace("\r\n", "\n").strip()

    def _value(self) -> str:
        return without_unfit_letters(super()._value())


class HiddenField(wtforms.HiddenField):
    """What a form remembers of itself. It comes back from outside: read it as carefully as typed text."""

    data: str | None

    def process_formdata(self, valuelist: list[str]) -> None:
        # Longer than anything that we hand out: none of ours, and nobody could mend it on the page.
        super().process_formdata(["" if len(value) > TEXT_LENGTH else value for value in valuelist])

    def _value(self) -> str:
        return without_unfit_letters(super()._value())


class PasswordField(Describing, wtforms.PasswordField):
    """A password, never sent back to the page."""

    data: str | None

    widget = PasswordWidget()

    def __init__(
        self,
        label: Label = None,
        validators: Checks = (),
        *,
        new: bool = False,
        params: Params = None,
        **kwargs: Any,
    ) -> None:
        params = {"autocomplete": "new-password" if new else "current-password", **(params or {})}
        super().__init__(label, [MaxLength(TEXT_LENGTH), *(validators or ())], params=params, **kwargs)


class DateField(Describing, wtforms.Field):
    """A date in three boxes; data is a datetime.date or None. Month names are read too."""

    data: datetime.date | None
    has_legend = True
    widget = DateWidget()

    @property
    def focus_id(self) -> str:
        return f"{self.id}-day"

    def typed(self) -> list[str]:
        if self.raw_data:
            return [*(without_unfit_letters(str(part)) for part in self.raw_data), "", "", ""][:3]
        if isinstance(self.data, datetime.date):
            return [str(self.data.day), str(self.data.month), str(self.data.year)]
        return ["", "", ""]

    def _value(self) -> str:
        return " ".join(self.typed())

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        parts = [part.strip() for part in valuelist]
        if not any(parts):
            return
        try:
            day, month, year = parts
            self.data = real_day(day, month, year)
        except ValueError:
            raise ValueError(gettext("Enter a real date, like 27 3 2027")) from None


class SelectField(Choosing, wtforms.SelectField):
    """One of many, from a list; use RadioField for up to seven."""

    widget = SelectWidget()


class RadioField(Choosing, wtforms.RadioField):
    """One of a few. `hints` maps a value to its hint; `last_apart` puts "or" before the last choice."""

    has_legend = True
    widget = RadiosWidget()

    def __init__(
        self, label: Label = None, validators: Checks = (), *, last_apart: bool = False, **kwargs: Any
    ) -> None:
        self.last_apart = last_apart
        super().__init__(label, validators, **kwargs)


class CheckboxesField(Choosing, wtforms.SelectMultipleField):
    """Any of a few; data is a list."""

    has_legend = True
    widget = CheckboxesWidget()
    option_widget = wtforms.widgets.CheckboxInput()


class CheckboxField(Describing, wtforms.BooleanField):
    """One box to tick; its description is shown under its label."""

    widget = CheckboxWidget()

    def _value(self) -> str:
        return without_unfit_letters(super()._value())


class FileField(Describing, FlaskFileField):
    """A file to upload; the form's frame needs upload=true. Type and size are checked where it is stored."""

    widget = FileWidget()
