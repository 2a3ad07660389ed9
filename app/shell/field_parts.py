"""What the fields have in common, and the words for what they are made with. Forms import fields from `components`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import wtforms
from flask_babel import lazy_gettext
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation

from app.shell.validators import Validator

#: Words; in a form's class such as wait for their reader's language.
Label = str | None
Checks = Sequence[Validator]
#: For the macro that draws a field, as GOV.UK Frontend names them.
Params = Mapping[str, Any] | None
#: As a form gives them, `[(value, label)]` or with more to each, or a function that returns them.
Choices = Iterable[Any] | Callable[[], Iterable[Any]]

NOT_OFFERED = lazy_gettext("Choose one of the answers shown")


class Describing(wtforms.Field):
    """Macro parameters may be given once, with the field: `params={"classes": "govuk-input--width-10"}`."""

    has_legend = False

    def __init__(
        self, label: Label = None, validators: Checks = (), *, params: Params = None, **kwargs: Any
    ) -> None:
        self.params = dict(params or {})
        super().__init__(label, validators, **kwargs)


class Choosing(Describing):
    """Choices are `[(value, label)]`, or a function that returns them; what is not among them is refused."""

    def __init__(
        self,
        label: Label = None,
        validators: Checks = (),
        *,
        choices: Choices | None = None,
        hints: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.hints = hints or {}
        kwargs.setdefault("invalid_value_message", NOT_OFFERED)
        super().__init__(label, validators, choices=_offered(choices), **kwargs)

    def pre_validate(self, form: wtforms.Form) -> None:
        # WTForms has its own words for this, in languages that are not ours to check.
        chosen = self.data if isinstance(self.data, list) else [self.data] if self.data else []
        offered = {choice.value for choice in self.iter_choices()}
        if any(value not in offered and str(value) not in offered for value in chosen):
            raise StopValidation(str(NOT_OFFERED))


def _offered(choices: Choices | None) -> Choices | None:
    """Pairs as WTForms wants them."""
    if choices is None or callable(choices):
        return choices
    return [SelectChoice(*choice) if isinstance(choice, tuple) else choice for choice in choices]
