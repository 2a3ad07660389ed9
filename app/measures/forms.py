"""One question on a page."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.measures.instruments import PREFER_NOT_TO_SAY, Item
from app.shell.components import Answered, Form, RadioField

NOT_SAID = "not-said"


class QuestionForm(Form):
    """An answer on the item's scale, or none given on purpose."""

    answer = RadioField(
        "", [Answered(_l("Choose an answer, or “Prefer not to say”"))], last_apart=True, choices=[]
    )

    @property
    def number(self) -> int | None:
        """The number chosen; None for "prefer not to say"."""
        return None if self.answer.data in (None, "", NOT_SAID) else int(self.answer.data)


class EmptyForm(Form):
    """A press of a button."""


def question_form(item: Item, prompt: str, *, given: int | None, was_reached: bool) -> QuestionForm:
    """The form for `item`, with what was chosen before. Numbers alone: the page says what the ends mean."""
    chosen = None
    if was_reached:
        chosen = NOT_SAID if given is None else str(given)
    form = QuestionForm(data={"answer": chosen})
    form.answer.label.text = _(item.text)
    form.answer.description = _(prompt)
    form.answer.choices = [
        *((str(value), str(value)) for value in item.scale.values),
        (NOT_SAID, _(PREFER_NOT_TO_SAY)),
    ]
    return form
