"""Every message that the service sends, found by its name.

To change what a message says, change its entry in `kinds/`; to add one, add an entry there. Words are gettext
msgids with the named fields of `kind.FIELDS`. A text fits 160 GSM characters with the longest fields (tests count)
and says nothing about a child.
"""

from __future__ import annotations

from app.messages.kind import Kind, _
from app.messages.kinds import (
    appointments,
    confirming,
    joining,
    leading,
    passwords,
    sessions,
    stages,
    ways_in,
    work,
)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        *joining.KINDS,
        *sessions.KINDS,
        *leading.KINDS,
        *work.KINDS,
        *stages.KINDS,
        *appointments.KINDS,
        *confirming.KINDS,
        *passwords.KINDS,
        *ways_in.KINDS,
    )
}

#: Around every email.
GREETING = _("Hello {first_name},")
SIGNED_BY_SCHOOL = _("{sender}")
SIGNED_BY_AUTHORITY = _("We Belong, {authority}")
#: Under every email to a parent.
STOP_FOOTER = _("You can stop these emails here: {stop_link}")
#: After a text to a parent, when there is room; always in the first to a number.
STOP_HINT = _("Reply STOP to end texts.")
#: In the first text to a number: where the link leads there is a button that says so; else somebody to call.
NOT_YOU_THERE = _("Not you? Say so there.")
NOT_YOU_CALL = _("Not you? Call {phone}.")


def get_kind(name: str) -> Kind:
    """The entry called `name`. Raises KeyError: a kind that nobody wrote words for is a defect."""
    return KINDS[name]
