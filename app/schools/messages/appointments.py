"""Messages about who is to see more: to everybody concerned, at once.

They name nobody but, to the one whom it is about, their own role; the page does.
"""

from __future__ import annotations

from datetime import timedelta

from app.messages.kind import Email, Kind, Link, _
from app.states.messages import RecipientKind

#: What happened -> the list's label, the subject, and the first words; how to go on is the same for all.
STEPS = {
    "appointment_asked": (
        _("Appointment asked for"),
        _("Somebody will see more: please look"),
        _(
            "Somebody is being appointed to a role that sees more. It takes a second person, and begins a day later."
        ),
    ),
    "appointment_agreed": (
        _("Appointment agreed"),
        _("An appointment begins in a day"),
        _("A second person agreed to an appointment. It begins in a day, unless somebody stops it."),
    ),
    "appointment_stopped": (
        _("Appointment stopped"),
        _("An appointment was stopped"),
        _("Somebody stopped an appointment. The invitation no longer works."),
    ),
    "reset_asked": (
        _("New sign-in app asked for"),
        _("A new sign-in app was asked for: please look"),
        _(
            "Somebody asked for a new sign-in app for a colleague who sees more. It takes a second person, and a day."
        ),
    ),
    "reset_agreed": (
        _("New sign-in app agreed"),
        _("A new sign-in app can be set up in a day"),
        _(
            "A second person agreed to a new sign-in app for a colleague. It can be set up in a day, unless stopped."
        ),
    ),
    "reset_stopped": (
        _("New sign-in app stopped"),
        _("A new sign-in app was stopped"),
        _("Somebody stopped a new sign-in app for a colleague. Nothing changes."),
    ),
}
#: To the one whom it is about, in place of those: what it is, how to go on, and where that is.
YOURS = {
    "appointment_yours": (
        _("Your appointment was agreed"),
        _("We Belong: when you begin"),
        (
            _("A second person agreed to your role, {role}."),
            _("You begin on {begins}. Sign in then: {link}"),
            _("Have you not accepted your invitation yet? It came in an email of its own. Do that first."),
        ),
        Link.HOME,
    ),
    "reset_asked_yours": (
        _("Your new sign-in app was asked for"),
        _("A new sign-in app was asked for, for you: please look"),
        (
            _("Somebody asked for a new sign-in app for you. It takes a second person, and a day."),
            _("Is this wrong? Stop it: {link}"),
        ),
        Link.APPOINTMENTS,
    ),
    "reset_yours": (
        _("Your new sign-in app was agreed"),
        _("When you can set up a new sign-in app"),
        (
            _("A second person agreed to a new sign-in app for you."),
            _("You can set it up from {begins}, when you next sign in."),
            _("Is this wrong? Stop it: {link}"),
        ),
        Link.APPOINTMENTS,
    ),
}
#: Somebody whom the accepted paper names reads concerns without a second person.
FIRST_READER = (
    _(
        "Somebody named in the agreement reads concerns now. They were invited today, and need no second person."
    ),
    _("See who it is: {link}"),
    _("Is this wrong? Talk today to the lead of the school, who can take it back."),
)
PLACES = (("at_school", RecipientKind.STAFF), ("at_council", RecipientKind.MEMBER))

KINDS = (
    tuple(
        Kind(
            f"{step}_{place}",
            label,
            reader,
            link=Link.APPOINTMENTS,
            useful_for=timedelta(days=3),
            email=Email(subject, (words, _("See who it is, and stop it if it is wrong: {link}"))),
        )
        for step, (label, subject, words) in STEPS.items()
        for place, reader in PLACES
    )
    + tuple(
        Kind(
            f"{step}_{place}",
            label,
            reader,
            link=link,
            useful_for=timedelta(days=3),
            email=Email(subject, words),
        )
        for step, (label, subject, words, link) in YOURS.items()
        for place, reader in PLACES
    )
    + tuple(
        Kind(
            f"first_reader_{place}",
            _("First reader of concerns"),
            reader,
            link=Link.APPOINTMENTS,
            useful_for=timedelta(days=3),
            email=Email(_("Who reads concerns"), FIRST_READER),
        )
        for place, reader in PLACES
    )
)
