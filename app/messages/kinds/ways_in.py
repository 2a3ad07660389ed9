"""Messages about how somebody comes in, and about where their messages go. To addresses, not to people."""

from __future__ import annotations

from datetime import timedelta

from app.messages.kind import Email, Kind, Link, Needs, _
from app.states.messages import RecipientKind

KINDS = (
    Kind(
        "contact_changed",
        _("Notice of a changed address"),
        RecipientKind.TOKEN,
        useful_for=timedelta(days=7),
        email=Email(
            _("A change at {school}"),
            (
                _("Somebody at {school} changed where your messages go."),
                _("How you sign in has not changed. Only you can change that."),
                _("Is this a surprise? Call {phone}."),
            ),
        ),
        sms=(
            _("{school}: we changed where your messages go. You sign in as before."),
            _("A surprise? Call {phone}."),
        ),
    ),
    Kind(
        "address_shared",
        _("Notice of a shared address"),
        RecipientKind.TOKEN,
        link=Link.HOME,
        useful_for=timedelta(days=7),
        while_open=True,
        # Whose address it is too may be another school's to know.
        confidential=True,
        email=Email(
            _("Please choose a PIN for your pages at {school}"),
            (
                _("Your mobile number or email address was written down for somebody else too."),
                _(
                    "Please choose a PIN now, in a browser where you are signed in: {link}"
                    " With it they do not see what you write."
                ),
                _(
                    "Until then a new sign-in link opens only the dates and notes of your group."
                    " Nobody can choose a PIN with it."
                ),
                _("Did another school of yours write it down for you? Then a PIN does no harm."),
                _("Questions? Call {phone}."),
            ),
        ),
        sms=(
            _("{school}: somebody else has your number or email too."),
            _("Choose a PIN where you are signed in: {link}"),
        ),
    ),
    Kind(
        "way_in_code",
        _("Code for a new number or email"),
        RecipientKind.TOKEN,
        code=True,
        quiet_hours=False,
        useful_for=timedelta(minutes=10),
        email=Email(
            _("Your code from {school}"),
            (
                _("Your code is {code}. Type it on the page that asked for it."),
                _("It works once, until {until}. Please do not share it."),
                _("Did you not ask? You can ignore this email."),
            ),
        ),
        sms=(
            _("{school}: your code is {code}."),
            _("It works once, until {until}. Please do not share it."),
        ),
    ),
    Kind(
        "way_in_changed",
        _("Notice of a new way in"),
        RecipientKind.TOKEN,
        quiet_hours=False,
        useful_for=timedelta(days=7),
        email=Email(
            _("A change at {school}"),
            (
                _("The number or email that you sign in with was changed just now."),
                _("Was it not you? Call {phone} at once."),
            ),
        ),
        sms=(
            _("{school}: how you sign in was changed just now."),
            _("Not you? Call {phone} at once."),
        ),
    ),
    Kind(
        "passkey_added",
        _("Notice of a new passkey"),
        RecipientKind.TOKEN,
        quiet_hours=False,
        useful_for=timedelta(days=7),
        email=Email(
            _("A passkey was added at {school}"),
            (
                _("A passkey was added just now. With it a phone or computer opens your pages at {school}."),
                _("Was it not you? Call {phone} at once."),
            ),
        ),
        sms=(
            _("{school}: a passkey that opens your pages was added just now."),
            _("Not you? Call {phone} at once."),
        ),
    ),
    Kind(
        "fresh_start_link",
        _("A new way in"),
        RecipientKind.TOKEN,
        link=Link.ONE_TIME,
        useful_for=timedelta(days=14),
        email=Email(
            _("Your new way in at {school}"),
            (
                _("{school} gives you a new way in: {link}"),
                _("What you wrote before stays shut. Your dates and notes go on."),
                _("Is this not you? Say so on that page, or call {phone}."),
            ),
        ),
        sms=(_("{school}: {first_name}, your new way in: {link}"), _("Not you? Say so there.")),
    ),
    Kind(
        "fresh_start_notice",
        _("Notice of a new way in to come"),
        RecipientKind.TOKEN,
        link=Link.ONE_TIME,
        quiet_hours=False,
        useful_for=timedelta(days=1),
        email=Email(
            _("Somebody asked {school} for a new way in"),
            (
                _("{school} was asked to give {first_name} a new way in, for a lost phone and email."),
                _("Was that you? You do not need to do anything."),
                _("Was it not you? Stop it before {until}: {link}"),
                _("Questions? Call {phone}."),
            ),
        ),
        sms=(_("{school}: somebody asked for a new way in for you."), _("Not you? Stop it: {link}")),
    ),
    Kind(
        "invited_back",
        _("Invitation to come back"),
        RecipientKind.PARENT,
        needs=Needs.NO_REFUSAL,
        link=Link.HOME,
        useful_for=timedelta(days=7),
        email=Email(
            _("An invitation from {school}"),
            (
                _("You are invited back to the group of parents and carers at {school}."),
                _("Sign in as you did before, and say yes or no: {link}"),
                _("Saying no changes nothing for your child. Questions? Call {phone}."),
            ),
        ),
        sms=(
            _("{school}: {staff_name} has an invitation for you."),
            _("Sign in as before: {link}"),
        ),
    ),
    Kind(
        "role_offered",
        _("Offer of a facilitator’s pages"),
        RecipientKind.TOKEN,
        link=Link.ONE_TIME,
        useful_for=timedelta(days=14),
        email=Email(
            _("Your facilitator pages at {school}"),
            (
                _("You are ready to help lead a group at {school}. Thank you."),
                _("Open your facilitator pages here: {link}"),
                _("The link is only for you, until {until}. You can also sign in and press “Change role”."),
                _("Is this not you? Say so on that page, or call {phone}."),
            ),
        ),
        sms=(
            _("{school}: {first_name}, your facilitator pages: {link}"),
            _("Not you? Say so there."),
        ),
    ),
)
