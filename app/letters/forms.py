"""What staff say of letters that they gave away."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

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


def noted(new: int, ticked: int) -> tuple[str, str]:
    """What is said after `ticked` letters were sent here, of which `new` had not been noted before; and its tone."""
    if not new:
        return _("This had been noted already, or has changed since. Nothing was noted twice."), "note"
    words = ngettext("Noted for one letter.", "Noted for %(num)d letters.", new)
    if before := ticked - new:
        words += " " + ngettext(
            "One is left out: a colleague noted it before, or it has changed since.",
            "%(num)d are left out: a colleague noted them before, or they have changed since.",
            before,
        )
    return words, "success"
