"""Forms of a call: choices alone, with no room for a word about anybody."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.one_to_one.words import NEEDS, TIMES
from app.shell.components import Answered, CheckboxesField, DateField, Form, RadioField, SelectField
from app.states.calls import CallOutcome


class AskForm(Form):
    """A parent asks to be called."""

    caller = RadioField(
        _l("Who would you like to call you?"), [Answered(_l("Choose who you would like to call you"))]
    )
    need = RadioField(
        _l("What is it about?"),
        [Answered(_l("Choose what it is about"))],
        choices=list(NEEDS.items()),
        description=_l("One is enough. You say the rest when you talk."),
    )
    times = CheckboxesField(
        _l("When is a good time?"), [Answered(_l("Choose one time or more"))], choices=list(TIMES.items())
    )


class OutcomeForm(Form):
    """What came of calling."""

    outcome = RadioField(
        _l("How did it go?"),
        [Answered(_l("Choose how it went"))],
        description=_l("What you talked about is not written down."),
    )
    try_on = DateField(_l("On which day do you try again?"), description=_l("Only if there was no answer."))
    colleague = SelectField(_l("Who calls instead?"), description=_l("Only if you pass it on."))

    def validate(self, extra_validators: object = None) -> bool:
        fine = super().validate(extra_validators)
        if self.outcome.data == CallOutcome.NO_ANSWER and self.try_on.data is None and not self.try_on.errors:
            self.add_error(_("Enter the day on which you try again"), "try_on")
            return False
        return fine
