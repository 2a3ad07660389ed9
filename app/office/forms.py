"""What whoever sits in the office says of a call."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.shell.components import Answered, Form, RadioField
from app.states.contacts import Outcome

#: What came of it, as far as the office is concerned.
RANG = {
    Outcome.CALL_BACK: _l("They would like a colleague to call them back"),
    Outcome.SPOKE: _l("You could help them yourself"),
}


class CallForm(Form):
    """That a parent rang. There is no box for what they said: that is between them and whoever calls back."""

    outcome = RadioField(
        _l("What came of it?"),
        [Answered(_l("Choose what came of it."))],
        choices=[(one.value, words) for one, words in RANG.items()],
    )
