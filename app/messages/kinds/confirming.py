"""The message that shows once more who sits at a browser."""

from __future__ import annotations

from datetime import timedelta

from app.messages.kind import Email, Kind, _
from app.states.messages import RecipientKind

KINDS = (
    Kind(
        "confirm_code",
        _("Code to confirm it is you"),
        RecipientKind.TOKEN,
        code=True,
        quiet_hours=False,
        useful_for=timedelta(minutes=10),
        email=Email(
            _("Your code from {school}"),
            (
                _("Your code is {code}. Type it on the page that asked for it."),
                _("It works once, until {until}. Please do not share it."),
                _("Did you not ask? Somebody may be using your phone or computer. Please call {phone}."),
            ),
        ),
        sms=(
            _("{school}: your code is {code}."),
            _("It works once, until {until}. Please do not share it."),
        ),
    ),
    Kind(
        "mobile_code",
        _("Code to confirm a mobile number"),
        RecipientKind.TOKEN,
        code=True,
        quiet_hours=False,
        at_work=True,
        useful_for=timedelta(minutes=10),
        sms=(
            _("We Belong: your code is {code}."),
            _("It confirms this number, until {until}. Not you? Please ignore it."),
        ),
    ),
)
