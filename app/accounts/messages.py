"""Messages about how somebody comes in: links, codes, notices of a change, invitations of people at work."""

from __future__ import annotations

from datetime import timedelta

from app.messages.kind import Email, Kind, Link, Topic, _
from app.messages.parts import Messages
from app.states.messages import RecipientKind

TOKEN = RecipientKind.TOKEN

#: To people whom only an address names: who signs in, or wants to.
WAYS_IN = (
    Kind(
        "sign_in_link",
        _("Link to sign in"),
        TOKEN,
        link=Link.ONE_TIME,
        quiet_hours=False,
        useful_for=timedelta(minutes=10),
        email=Email(
            _("Your link from {school}"),
            (
                _("You asked for a link. This one is for {first_name}: {link}"),
                _("It works once, for {lasts}. Please do not share it."),
                _("Did you not ask? You can ignore this email."),
            ),
        ),
        sms=(
            _("{school}: {first_name}, your link: {link}"),
            _("It works once, for {lasts}. Please do not share it."),
        ),
    ),
    Kind(
        "confirm_code",
        _("Code to confirm it is you"),
        TOKEN,
        code=True,
        quiet_hours=False,
        useful_for=timedelta(minutes=10),
        email=Email(
            _("Your code from {school}"),
            (
                _("Your code is {code}. Type it on the page that asked for it."),
                _("It works once, for {lasts}. Please do not share it."),
                _("Did you not ask? Somebody may be using your phone or computer. Please call {phone}."),
            ),
        ),
        sms=(
            _("{school}: your code is {code}."),
            _("It works once, for {lasts}. Please do not share it."),
        ),
    ),
    Kind(
        "mobile_code",
        _("Code to confirm a mobile number"),
        TOKEN,
        code=True,
        quiet_hours=False,
        at_work=True,
        useful_for=timedelta(minutes=10),
        sms=(
            _("We Belong: your code is {code}."),
            _("It works for {lasts}. Not you? Please ignore it."),
        ),
    ),
    Kind(
        "way_in_code",
        _("Code for a new number or email"),
        TOKEN,
        code=True,
        quiet_hours=False,
        useful_for=timedelta(minutes=10),
        email=Email(
            _("Your code from {school}"),
            (
                _("Your code is {code}. Type it on the page that asked for it."),
                _("It works once, for {lasts}. Please do not share it."),
                _("Did you not ask? You can ignore this email."),
            ),
        ),
        sms=(
            _("{school}: your code is {code}."),
            _("It works once, for {lasts}. Please do not share it."),
        ),
    ),
    Kind(
        "way_in_changed",
        _("Notice of a new way in"),
        TOKEN,
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
        TOKEN,
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
        "contact_changed",
        _("Notice of a changed address"),
        TOKEN,
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
        TOKEN,
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
)

#: Of people at work, by email only.
AT_WORK = (
    Kind(
        "staff_invitation",
        _("Invitation to a colleague"),
        RecipientKind.STAFF,
        link=Link.ONE_TIME,
        useful_for=timedelta(days=7),
        topic=Topic.WAY_IN,
        email=Email(
            _("Your invitation to We Belong"),
            (
                _("{authority} and {school} offer peer support groups for parents and carers: We Belong."),
                _("You are invited as {role}. Accept, and set your password: {link}"),
                _("The link is only for {first_name}, until {until}. Is that not you? Say so there."),
            ),
        ),
    ),
    Kind(
        "member_invitation",
        _("Invitation to a colleague"),
        RecipientKind.MEMBER,
        link=Link.ONE_TIME,
        useful_for=timedelta(days=7),
        topic=Topic.WAY_IN,
        email=Email(
            _("Your invitation to We Belong"),
            (
                _("You are invited to We Belong at {authority}, as {role}."),
                _("Accept, and set your password: {link}"),
                _("The link is only for {first_name}, until {until}. Is that not you? Say so there."),
            ),
        ),
    ),
    Kind(
        "password_reset",
        _("Link for a new password"),
        TOKEN,
        link=Link.ONE_TIME,
        quiet_hours=False,
        at_work=True,
        useful_for=timedelta(minutes=30),
        email=Email(
            _("Your link to choose a new password"),
            (
                _("You asked for a new password for We Belong. Choose it here: {link}"),
                _("The link works once, for {lasts}. Please do not share it."),
                _("Did you not ask? You can ignore this email. Your password stays as it is."),
            ),
        ),
    ),
    Kind(
        "password_was_reset",
        _("Notice of a new password"),
        TOKEN,
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

MESSAGES = Messages((*WAYS_IN, *AT_WORK))
