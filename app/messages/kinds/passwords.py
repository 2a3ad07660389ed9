"""Messages about a forgotten password, to people at work. To the address itself, whoever's list they are on."""

from __future__ import annotations

from datetime import timedelta

from app.messages.kind import Email, Kind, Link, _
from app.states.messages import RecipientKind

KINDS = (
    Kind(
        "password_reset",
        _("Link for a new password"),
        RecipientKind.TOKEN,
        link=Link.ONE_TIME,
        quiet_hours=False,
        at_work=True,
        useful_for=timedelta(minutes=30),
        email=Email(
            _("Your link to choose a new password"),
            (
                _("You asked for a new password for We Belong. Choose it here: {link}"),
                _("The link works once, until {until}. Please do not share it."),
                _("Did you not ask? You can ignore this email. Your password stays as it is."),
            ),
        ),
    ),
    Kind(
        "password_was_reset",
        _("Notice of a new password"),
        RecipientKind.TOKEN,
        quiet_hours=False,
        at_work=True,
        useful_for=timedelta(days=3),
        email=Email(
            _("Your password was changed"),
            (
                _("Your password for We Belong was changed just now, by a link to this address."),
                _("You are signed out everywhere. Sign in with the new password and your app."),
                _(
                    "Was it not you? Press “I forgot my password” on the sign-in page at once, and tell the"
                    " colleague who invited you."
                ),
            ),
        ),
    ),
)
