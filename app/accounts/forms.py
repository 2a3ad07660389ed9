"""What people type on the way in."""

from __future__ import annotations

from itertools import pairwise

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.accounts import passwords
from app.accounts.services import plain_email
from app.shell.components import (
    Answered,
    CodeField,
    EmailField,
    Form,
    PasswordField,
    PhoneField,
    TextField,
    ValidationError,
)
from app.shell.parsing import Unusable, normal_email, normal_phone
from app.shell.validators import email_mistake, phone_mistake
from app.states.messages import Channel


class SignInForm(Form):
    """People at work."""

    email = EmailField(
        _l("Work email"),
        validators=[Answered(_l("Enter your work email"))],
        params={"autocomplete": "username"},
    )
    password = PasswordField(_l("Password"), validators=[Answered(_l("Enter your password"))])


class EmailForm(Form):
    """Where to send a link for a new password."""

    email = EmailField(
        _l("Work email"),
        validators=[Answered(_l("Enter your work email"))],
        params={"autocomplete": "username"},
    )


class NewLinkForm(Form):
    """Parents and facilitators: where to send a link."""

    address = TextField(
        _l("Email or mobile number"),
        validators=[Answered(_l("Type your email or mobile number"))],
        letters=254,
        params={"autocomplete": "email", "spellcheck": False},
    )
    channel: Channel
    value: str

    def validate_address(self, field: TextField) -> None:
        """Tell an email from a number, and read either kindly."""
        self.channel, self.value = read_address(field.data or "")


def read_address(typed: str) -> tuple[Channel, str]:
    """An email or a mobile number, told apart. Raises ValidationError."""
    try:
        if "@" in typed:
            return Channel.EMAIL, plain_email(normal_email(typed)) or ""
        return Channel.SMS, normal_phone(typed, mobile=True)
    except ValueError as error:
        words = gettext("Check it. It looks like name@example.com or 07700 900123")
        if "@" in typed:
            words = email_mistake(error)
        elif isinstance(error, Unusable) and error.why in ("many", "mobile"):
            words = phone_mistake(error, mobile=True)
        raise ValidationError(words) from None


class NewAddressForm(NewLinkForm):
    """Where links and messages go from now on."""


class LostForm(Form):
    """Four words, from somebody whose phone and mailbox are gone."""

    old = TextField(
        _l("Your old email or mobile number"),
        validators=[Answered(_l("Type the email or number that your links came to"))],
        letters=254,
        params={"autocomplete": "off", "spellcheck": False},
    )
    words = TextField(
        _l("Your four words"),
        validators=[Answered(_l("Type your four words"))],
        letters=100,
        params={"autocomplete": "off", "spellcheck": False},
    )
    new = TextField(
        _l("Your new email or mobile number"),
        validators=[Answered(_l("Type your new email or mobile number"))],
        letters=254,
        params={"autocomplete": "off", "spellcheck": False},
    )
    old_address: tuple[Channel, str]
    new_address: tuple[Channel, str]

    def validate_old(self, field: TextField) -> None:
        """Read it kindly."""
        self.old_address = read_address(field.data or "")

    def validate_new(self, field: TextField) -> None:
        """Read it kindly."""
        self.new_address = read_address(field.data or "")


class PinForm(Form):
    """A PIN, or four words, as somebody keeps them."""

    pin = PasswordField(_l("PIN"), validators=[Answered(_l("Type it"))])

    def __init__(self, *args: object, key: str = "pin", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if key == "words":
            self.pin.label.text = gettext("Your four words")


class NewPinForm(Form):
    """A PIN of one's own."""

    pin = PasswordField(
        _l("Six digits"),
        new=True,
        validators=[Answered(_l("Choose six digits"))],
        description=_l("Not a birthday. You type it when you sign in."),
    )

    def validate_pin(self, field: PasswordField) -> None:
        """Six digits that are no row and no pattern."""
        pin = passwords.plain_pin(field.data or "")
        if not (pin.isascii() and pin.isdigit() and len(pin) == 6):
            raise ValidationError(gettext("Choose six digits, like the ones on a cash card but longer"))
        steps = {(int(two) - int(one)) % 10 for one, two in pairwise(pin)}
        if len(set(pin)) < 3 or steps in ({1}, {9}) or pin[:3] == pin[3:]:
            raise ValidationError(gettext("These digits are easy to guess. Choose others."))
        field.data = pin


class LinkCodeForm(Form):
    """Six digits that another device shows."""

    code = CodeField(_l("The 6 digits"), validators=[Answered(_l("Type the 6 digits"))])


class MobileForm(Form):
    """Where those who read concerns are texted."""

    phone = PhoneField(
        _l("Your mobile number"),
        [Answered(_l("Enter your mobile number"))],
        description=_l("One that you have with you. We text 6 digits to it now."),
        params={"autocomplete": "tel"},
    )


class AppCodeForm(Form):
    """Six digits of the authenticator app."""

    code = CodeField(_l("6-digit code"), validators=[Answered(_l("Enter the 6 digits that your app shows"))])


class RecoveryCodeForm(Form):
    """One of the ten codes kept on paper."""

    code = CodeField(
        _l("Recovery code"), digits=False, validators=[Answered(_l("Enter one of your recovery codes"))]
    )


def _new_password() -> PasswordField:
    return PasswordField(
        _l("New password"),
        new=True,
        validators=[Answered(_l("Choose a password"))],
        description=_l(
            "At least 12 letters; 15 or more is better. Three words that do not belong together are strong and easy"
            " to remember. You can paste one from a password manager."
        ),
    )


class _ChecksPassword(Form):
    #: What the password must not be, the person's own name and email: set by the route.
    about: tuple[str, ...] = ()

    def validate_password(self, field: PasswordField) -> None:
        """Refuse what is short, common or their own name."""
        problem = passwords.problem_with(field.data or "", about=self.about)
        if problem:
            raise ValidationError(problem)


class InvitationForm(_ChecksPassword):
    """A new colleague chooses a password."""

    password = _new_password()


class EmptyForm(Form):
    """A button and its token."""


class ConfirmPasswordForm(Form):
    """Once more, before something that a stranger at an open screen must not do."""

    current = PasswordField(_l("Your password"), validators=[Answered(_l("Enter your password"))])


class ChangePasswordForm(_ChecksPassword):
    """The password of now, and the next."""

    current = PasswordField(_l("Your password now"), validators=[Answered(_l("Enter your password"))])
    password = _new_password()


class PasskeyForm(Form):
    """What a passkey is called on its owner's list."""

    name = TextField(
        _l("What shall we call it?"),
        validators=[Answered(_l("Give it a name, like “Work laptop”"))],
        description=_l("So that you know which one it is, like “Work laptop” or “My phone”."),
        letters=60,
    )
