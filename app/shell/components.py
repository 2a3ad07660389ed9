"""WTForms fields that draw themselves as GOV.UK Frontend components, with our own plain messages.

Forms import their fields and validators from here and nowhere else:

    class AddParent(Form):
        first_name = NameField(_l("First name"), validators=[Answered(_l("Enter their first name"))])
        phone = PhoneField(_l("Mobile number"), validators=[Optional()])

The widgets come from govuk-frontend-wtf, mended where it is wrong (see `widgets.py`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import wtforms
from flask import Flask, g
from flask_babel import gettext
from flask_wtf import FlaskForm
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader, Undefined
from jinja2.utils import missing
from wtforms.validators import Optional, StopValidation, ValidationError

from app.programme.numbers import PROGRAMME
from app.shell.fields import (
    CheckboxesField,
    CheckboxField,
    CodeField,
    DateField,
    EmailField,
    FileField,
    HiddenField,
    IntegerField,
    LongTextField,
    NameField,
    PasswordField,
    PhoneField,
    RadioField,
    SelectField,
    TextField,
)
from app.shell.form_tokens import FormToken
from app.shell.kept import kept, unmarked
from app.shell.refusals import Refused
from app.shell.tables import table
from app.shell.time_field import TimeField
from app.shell.validators import Answered, MaxLength, for_parents

__all__ = [
    "Answered",
    "CheckboxField",
    "CheckboxesField",
    "CodeField",
    "DateField",
    "EmailField",
    "FileField",
    "Form",
    "HiddenField",
    "IntegerField",
    "LongTextField",
    "MaxLength",
    "NameField",
    "Optional",
    "PasswordField",
    "PhoneField",
    "RadioField",
    "SelectField",
    "StopValidation",
    "TextField",
    "TimeField",
    "ValidationError",
    "for_parents",
    "form_errors",
]


class PageUndefined(Undefined):
    """A misspelt name or attribute stops the page; an option that a macro was not given is simply empty.

    GOV.UK's macros ask dictionaries for options that are not there, so StrictUndefined cannot be used.
    """

    def __str__(self) -> str:
        unknown_name = self._undefined_obj is missing and self._undefined_name is not None
        unknown_attribute = self._undefined_obj is not missing and not isinstance(
            self._undefined_obj, Mapping
        )
        if unknown_name or unknown_attribute:
            self._fail_with_undefined_error()
        return ""

    def __html__(self) -> str:
        return str(self)


def init_app(app: Flask) -> None:
    """Let templates use GOV.UK Frontend's macros and `form_errors(form)`."""
    libraries = {name: PackageLoader(name) for name in ("govuk_frontend_jinja", "govuk_frontend_wtf")}
    own = [app.jinja_loader] if app.jinja_loader else []
    app.jinja_loader = ChoiceLoader([*own, PrefixLoader(libraries)])
    app.jinja_env.undefined = PageUndefined
    app.jinja_env.filters.update(kept=kept, unmarked=unmarked)
    app.jinja_env.globals.update(form_errors=form_errors, programme=PROGRAMME, table_in_python=table)


class Form(FlaskForm):
    """A form whose errors can be about one field or about the whole, and whose token names its reader."""

    class Meta(FlaskForm.Meta):
        csrf_class = FormToken

        def wrap_formdata(self, form: wtforms.Form, formdata: Any) -> Any:
            found = super().wrap_formdata(form, formdata)
            if found is None and formdata is not None:
                # A visit after a press that was refused: the words are in it again (`refused.py`).
                return g.get("words_of_before")
            return found

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "forms_made" in g:
            # Somebody looks at the page for its questions (`writing_on.py`).
            g.forms_made.append(self)

    #: What its change was refused with (`pressing.py`).
    refused: Refused | None = None

    @property
    def status(self) -> int:
        """Of the answer that shows this form."""
        return self.refused.form_status if self.refused else 200

    def is_up_to_date(self) -> bool:
        """Whether nobody changed meanwhile what the form is about; a `SharedForm` can tell."""
        return True

    def add_error(self, message: str, field: str | None = None) -> None:
        """Show `message` at a field, or in the summary alone when it is about the form as a whole."""
        if field is None:
            self.form_errors.append(message)
        else:
            self[field].errors = [*self[field].errors, message]


def form_errors(form: wtforms.Form, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """Parameters for govukErrorSummary: each error leads to the box, or the first choice, that mends it."""
    errors: list[dict[str, Any]] = []
    for field in form:
        errors.extend(_field_errors(field))
    errors.extend({"text": str(message)} for message in form.form_errors)
    return {"titleText": gettext("There is a problem"), "errorList": errors, **(params or {})}


def _field_errors(field: wtforms.Field) -> Iterable[dict[str, Any]]:
    if isinstance(field, wtforms.FormField):
        for inner in field.form:
            yield from _field_errors(inner)
    elif isinstance(field, wtforms.FieldList):
        for inner in field:
            yield from _field_errors(inner)
        yield from ({"text": str(error)} for error in field.errors if isinstance(error, str))
    elif field.errors:
        target = getattr(field, "focus_id", field.id)
        error = {"text": str(field.errors[0])}
        # A hidden field cannot take the focus; its error still has to be read.
        yield error if isinstance(field, wtforms.HiddenField) else {**error, "href": f"#{target}"}
