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
    SelectField,
)


class HelloForm(Form):
    """How to reach somebody who would like to hear more. No question about a child, and no room for a story."""

    first_name = NameField(
        _l("First name"), [Answered(_l("Enter your first name"))], params={"autocomplete": "given-name"}
    )
    last_name = NameField(
        _l("Last name"), [Answered(_l("Enter your last name"))], params={"autocomplete": "family-name"}
    )
    phone = PhoneField(
        _l("Mobile number"),
        [Optional()],
        description=_l("Or an email address. One is enough."),
        params={"autocomplete": "tel"},
    )
    email = EmailField(_l("Email address"), [Optional()], params={"autocomplete": "email"})
    language = SelectField(_l("Language you read best"), choices=list(LANGUAGES.items()), default="en")
    agrees = CheckboxField(
        _l("Yes, staff at the school may read this and get in touch with me"),
        [Answered(_l("Tick the box, so that staff may read what you wrote"))],
    )

    def validate(self, extra_validators: object = None) -> bool:
        fine = super().validate(extra_validators)
        if not (self.phone.data or self.email.data or self.phone.errors or self.email.errors):
            self.add_error(str(_l("Enter a mobile number or an email address. One is enough.")), "phone")
            return False
        return fine


class AcceptForm(Form):
    """Staff know who asked."""

    knows = CheckboxField(
        _l("I know that they are a parent or carer of a child at our school"),
        [Answered(_l("Check first that they are a parent or carer of a child at your school"))],
    )
    #: Asked only where somebody else has the same number or email.
    is_shared = CheckboxField(_l("Yes, another person. They share it."))
