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
        sms_unnamed=_("{school}: your link: {link}"),
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
    # To what the school knows, where whoever held the letter came in by something else.
    Kind(
        "letter_opened",
        _("Notice that a letter was opened"),
        TOKEN,
        useful_for=timedelta(days=7),
        email=Email(
            _("Your letter from {school} was opened"),
            (
                _("Somebody opened the letter to {first_name}, and signed in by another number or address."),
                _("Was it you? Then there is nothing to do."),
                _("Was it not you? Call {phone}. They shut it, and give you a way in of your own."),
            ),
        ),
        sms=(
            _("{school}: your letter was opened, by another number or email."),
            _("Not you? Call {phone}."),
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

_NOT_YOU = _(
    "Was it not you? Sign in, see “My account”, and choose a new password at once."
    " Then tell the colleague who invited you."
)


def _change(name: str, label: str, subject: str, *what: str) -> Kind:
    """A notice to somebody at work that how they come in has changed."""
    return Kind(
        name,
        label,
        TOKEN,
        quiet_hours=False,
        at_work=True,
        useful_for=timedelta(days=7),
        email=Email(subject, (*what, _NOT_YOU)),
    )


#: Of how people at work come in: what is new, and what was taken away.
CHANGES_AT_WORK = (
    _change(
        "work_passkey_added",
        _("Notice of a new passkey"),
        _("A passkey was added to your account"),
        _("A passkey was added to your We Belong account just now."),
        _("Whoever has it can sign in without your password and your app."),
    ),
    _change(
        "work_passkey_removed",
        _("Notice of a removed passkey"),
        _("A passkey was removed from your account"),
        _("A passkey was removed from your We Belong account just now. It no longer opens anything."),
    ),
    _change(
        "work_account_connected",
        _("Notice of a connected account"),
        _("Another account was connected to yours"),
        _("An account elsewhere, with Microsoft for example, now opens your We Belong account."),
        _("It was connected just now."),
    ),
    _change(
        "work_account_disconnected",
        _("Notice of a disconnected account"),
        _("Another account was disconnected from yours"),
        _("An account elsewhere, with Microsoft for example, no longer opens your We Belong account."),
        _("It was disconnected just now."),
    ),
    _change(
        "work_codes_renewed",
        _("Notice of new recovery codes"),
        _("You have new recovery codes"),
        _("New recovery codes were made for your We Belong account just now."),
        _("The ones that you had before do not work any more."),
    ),
    _change(
        "work_password_changed",
        _("Notice of a changed password"),
        _("Your password was changed"),
        _("Your password for We Belong was changed just now, in a browser that was signed in."),
        _("Every other browser is signed out."),
    ),
    _change(
        "work_app_set",
        _("Notice of a new app for codes"),
        _("A new app gives your codes"),
        _("A new app was set up just now. It gives the codes that you sign in to We Belong with."),
        _("Recovery codes that you had before do not work any more."),
    ),
    Kind(
        "work_app_reset",
        _("Notice that the app for codes was reset"),
        TOKEN,
        quiet_hours=False,
        at_work=True,
        useful_for=timedelta(days=7),
        email=Email(
            _("Your app for codes was reset"),
            (
                _("A colleague let you set up a new app for your We Belong codes just now."),
                _(
                    "Your old app, recovery codes and passkeys do not work any more. You are signed out everywhere."
                ),
                _("Did you not ask for it? Tell the colleague who invited you at once."),
            ),
        ),
    ),
)

MESSAGES = Messages((*WAYS_IN, *AT_WORK, *CHANGES_AT_WORK))
