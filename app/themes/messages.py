"""That the school has replied, to the parents of the group that said it."""

from __future__ import annotations

from datetime import timedelta

from app.messages.kind import About, Email, Kind, Link, Needs, _
from app.messages.parts import Messages
from app.states.messages import RecipientKind

KINDS = (
    Kind(
        "school_replied",
        _("The school has replied"),
        RecipientKind.PARENT,
        needs=Needs.CONSENT,
        about=About.COHORT,
        outlives_group=True,
        link=Link.GROUP,
        useful_for=timedelta(days=14),
        email=Email(
            _("Your school has replied"),
            (
                _("Your group said something to the school together. The school has replied: {link}"),
                _("You can say whether it is enough. Nobody sees who said what."),
            ),
        ),
        sms=(_("{school}: the school has replied to your group."), _("Read it here: {link}")),
    ),
)

MESSAGES = Messages(KINDS)
