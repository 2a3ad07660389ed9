"""How a form's field becomes a GOV.UK Frontend component: govuk-frontend-wtf's widgets, mended.

What was wrong: `required` on every input and on the <div> round a date (invalid there, and a browser's own
bubbles are not translated), `maxlength` that cuts what people paste, English words fixed in the code, and a
whole round of context processors for every box.
"""

from __future__ import annotations

from typing import Any

import wtforms
from flask import current_app
from flask_babel import gettext
from govuk_frontend_wtf import wtforms_widgets as upstream
from govuk_frontend_wtf.gov_form_base import GovFormBase
from markupsafe import Markup


class _Drawn(GovFormBase):
    """Mends what every widget of govuk-frontend-wtf shares."""

    template: str

    def __call__(self, field: wtforms.Field, **kwargs: Any) -> Markup:
        kwargs["required"] = False
        return super().__call__(field, **kwargs)

    def map_gov_params(self, field: wtforms.Field, **kwargs: Any) -> dict[str, Any]:
        kwargs.pop("required", None)
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)
        for key in ("maxlength", "minlength"):  # too long a text is kept and explained, never cut
            params.get("attributes", {}).pop(key, None)
        if not (params.get("hint") or {}).get("text") and not (params.get("hint") or {}).get("html"):
            params["hint"] = None
        for name, value in getattr(field, "params", {}).items():
            params.setdefault(name, value)
        if field.errors:
            params["errorMessage"] = {"text": str(field.errors[0]), "visuallyHiddenText": gettext("Error")}
        return params

    def render(self, params: dict[str, Any]) -> Markup:
        # Not flask.render_template: that runs every context processor again for every box on the page.
        return Markup(current_app.jinja_env.get_template(self.template).render(params=params))  # noqa: S704  # nosec B704


class TextWidget(_Drawn, upstream.GovTextInput):
    def __init__(self, input_type: str = "text") -> None:
        super().__init__()
        self.input_type = input_type


class LongTextWidget(_Drawn, upstream.GovCharacterCount):
    def map_gov_params(self, field: wtforms.Field, **kwargs: Any) -> dict[str, Any]:
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)
        params["maxlength"] = field.letters
        # The count is only news when little room is left.
        params.setdefault("threshold", 75)
        params["textareaDescriptionText"] = gettext(
            "You can write up to %(n)s letters", n=f"{field.letters:,}"
        )
        params["charactersUnderLimitText"] = {
            "one": gettext("You have room for 1 more letter"),
            "other": gettext("You have room for %{count} more letters"),
        }
        params["charactersAtLimitText"] = gettext("There is no more room")
        params["charactersOverLimitText"] = {
            "one": gettext("You have 1 letter too many"),
            "other": gettext("You have %{count} letters too many"),
        }
        return params


class UncountedTextWidget(_Drawn, upstream.GovTextArea):
    """Several lines, where something else on the page tells how much room is left."""


class PasswordWidget(_Drawn, upstream.GovPasswordInput):
    def map_gov_params(self, field: wtforms.Field, **kwargs: Any) -> dict[str, Any]:
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)
        params.pop("value", None)
        params["showPasswordText"] = gettext("Show")
        params["hidePasswordText"] = gettext("Hide")
        params["showPasswordAriaLabelText"] = gettext("Show password")
        params["hidePasswordAriaLabelText"] = gettext("Hide password")
        return params


class SelectWidget(_Drawn, upstream.GovSelect):
    pass


class FileWidget(_Drawn, upstream.GovFileInput):
    pass


class _Choices(_Drawn):
    """Radios and checkboxes: ids that the error summary can reach, hints, and an "or" before the last."""

    def map_gov_params(self, field: wtforms.Field, **kwargs: Any) -> dict[str, Any]:
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)
        params["idPrefix"] = field.id
        hints = getattr(field, "hints", None) or {}
        for item in params["items"]:
            if item.get("value") in hints:
                item.setdefault("hint", {"text": hints[item["value"]]})
        if getattr(field, "last_apart", False) and len(params["items"]) > 1:
            params["items"].insert(-1, {"divider": gettext("or")})
        return params


class RadiosWidget(_Choices, upstream.GovRadioInput):
    pass


class CheckboxesWidget(_Choices, upstream.GovCheckboxesInput):
    pass


class CheckboxWidget(_Choices, upstream.GovCheckboxInput):
    def map_gov_params(self, field: wtforms.Field, **kwargs: Any) -> dict[str, Any]:
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)
        # The description belongs to the one box; a group hint would be read before any label.
        if params.get("hint"):
            params["items"][0].setdefault("hint", params["hint"])
            params["hint"] = None
        return params


class DateWidget(_Drawn, upstream.GovDateInput):
    def map_gov_params(self, field: wtforms.Field, **kwargs: Any) -> dict[str, Any]:
        kwargs.pop("value", None)
        kwargs.pop("required", None)
        typed = field.typed()
        wrong = " govuk-input--error" if field.errors else ""
        boxes = []
        for part, label, width, value in zip(
            ("day", "month", "year"),
            (gettext("Day"), gettext("Month"), gettext("Year")),
            (2, 2, 4),
            typed,
            strict=True,
        ):
            boxes.append(
                {
                    "id": f"{field.id}-{part}",
                    "name": field.name,
                    "label": label,
                    "classes": f"govuk-input--width-{width}{wrong}",
                    "value": value,
                }
            )
        params: dict[str, Any] = super(upstream.GovDateInput, self).map_gov_params(field, **kwargs)
        params.setdefault("fieldset", {}).setdefault("legend", {}).setdefault("text", field.label.text)
        params["items"] = boxes
        params.pop("type", None)
        return params
