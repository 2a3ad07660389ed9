"""What staff say of letters that they gave away."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.contact_log.words import OUTCOME
from app.shell.components import Answered, CheckboxesField, Form, RadioField
from app.states.contacts import Outcome

#: How a letter leaves the pile.
GIVEN = (Outcome.POSTED, Outcome.HANDED_OVER)


class GivenForm(Form):
    """Which of them, and how."""

    chosen = CheckboxesField(_l("Which letters?"), [Answered(_l("Choose at least one letter."))])
    outcome = RadioField(
        _l("What did you do with them?"),
        [Answered(_l("Choose what you did with them."))],
        choices=[(one.value, OUTCOME[one]) for one in GIVEN],
    )
