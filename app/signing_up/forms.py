"""Forms of the sign-up page: what somebody writes about themselves, and what staff say about it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.recruitment.consents import LANGUAGES
from app.shell.components import (
    Answered,
    CheckboxField,
    EmailField,
    Form,
    NameField,
    Optional,
    PhoneField,
    RadioField,
    SelectField,
    TextField,
)
from app.signing_up.words import KINDS
from app.states.signing_up import REFERRERS


def _is_reached(form: HelloForm | PassOnForm) -> bool:
    """Whether one of both ways to reach somebody was typed, right or wrong."""
    if form.phone.data or form.email.data or form.phone.errors or form.email.errors:
        return True
    form.add_error(str(_l("Enter a mobile number or an email address. One is enough.")), "phone")
    return False


class HelloForm(Form):
    """How to reach somebody who would like to hear more. No question about a child, and no room for a story.

    No field says that it is for the user's own data, though it is: a browser would show it again on *Back*, to whoever
    has this phone next.
    """

    first_name = NameField(_l("First name"), [Answered(_l("Enter your first name"))])
    last_name = NameField(_l("Last name"), [Answered(_l("Enter your last name"))])
    phone = PhoneField(
        _l("Mobile number"), [Optional()], description=_l("Or an email address. One is enough.")
    )
    email = EmailField(_l("Email address"), [Optional()])
    language = SelectField(_l("Language you read best"), choices=list(LANGUAGES.items()), default="en")
    agrees = CheckboxField(
        _l("Yes, staff at the school may read this and get in touch with me"),
        [Answered(_l("Tick the box, so that staff may read what you wrote"))],
    )

    def validate(self, extra_validators: object = None) -> bool:
        fine = super().validate(extra_validators)
        return _is_reached(self) and fine


class PassOnForm(Form):
    """A parent whom somebody else passes on: who they are and how to reach them, and no word of why."""

    first_name = NameField(_l("Their first name"), [Answered(_l("Enter their first name"))])
    last_name = NameField(_l("Their last name"), [Answered(_l("Enter their last name"))])
    phone = PhoneField(
        _l("Their mobile number"), [Optional()], description=_l("Or an email address. One is enough.")
    )
    email = EmailField(_l("Their email address"), [Optional()])
    agreed = CheckboxField(
        _l("The parent or carer knows, and agreed that I pass this on"),
        [Answered(_l("Ask the parent or carer first, then tick the box"))],
    )

    def validate(self, extra_validators: object = None) -> bool:
        fine = super().validate(extra_validators)
        return _is_reached(self) and fine


class LinkForm(Form):
    """For whom a link is."""

    kind = RadioField(
        _l("For whom is the link?"),
        [Answered(_l("Choose for whom the link is"))],
        choices=[(kind, KINDS[kind]) for kind in REFERRERS],
    )
    organisation = TextField(
        _l("Name of the team or organisation"),
        [Answered(_l("Enter the name of the team or organisation"))],
        description=_l(
            "For example Hill Road Family Hub. No name of a person: whoever has the link reads it."
        ),
        letters=120,
    )


class AcceptForm(Form):
    """Staff know who asked."""

    knows = CheckboxField(
        _l("I know that they are a parent or carer of a child at our school"),
        [Answered(_l("Check first that they are a parent or carer of a child at your school"))],
    )
    #: Asked only where somebody else has the same number or email.
    is_shared = CheckboxField(_l("Yes, another person. They share it."))
