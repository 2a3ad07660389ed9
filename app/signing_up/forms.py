"""Forms of the sign-up page: what somebody writes about themselves, and what staff say about it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import lazy_gettext as _l

from app.recruitment.consents import LANGUAGES
from app.recruitment.known import Known
from app.shell.components import (
    Answered,
    CheckboxesField,
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
    last_name = NameField(
        _l("Last name"), [Optional()], description=_l("Leave empty if you have one name only.")
    )
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


class MoveForm(Form):
    """A parent whose child goes to another school now lets its staff read how to reach them."""

    agrees = CheckboxField(
        _l("Yes, staff there may read this and get in touch with me"),
        [Answered(_l("Tick the box, so that staff there may read it"))],
    )


class PassOnForm(Form):
    """A parent whom somebody else passes on: who they are and how to reach them, and no word of why."""

    first_name = NameField(_l("Their first name"), [Answered(_l("Enter their first name"))])
    last_name = NameField(
        _l("Their last name"), [Optional()], description=_l("Leave empty if they have one name only.")
    )
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


#: For somebody who is nobody of those who are named.
SOMEBODY_ELSE = "new"
#: What may go into the list in the place of what stands there.
TAKEN = (
    ("phone", _l("The mobile number")),
    ("email", _l("The email address")),
    ("language", _l("The language they read best")),
)


class AcceptForm(Form):
    """Staff know who asked, and say whether they are in the list already."""

    knows = CheckboxField(
        _l("I know that they are a parent or carer of a child at our school"),
        [Answered(_l("Check first that they are a parent or carer of a child at your school"))],
    )
    #: Asked only where somebody in the list has their name, number or email.
    who = RadioField(_l("Are they one of these?"), [Answered(_l("Choose who they are"))], choices=[])
    #: What the list has otherwise of whoever they are; asked only where it has.
    take = CheckboxesField(
        _l("What shall go into the list, in the place of what stands there?"),
        [Optional()],
        choices=TAKEN,
        description=_l(
            "Anybody can write another number there. Ask them first, by the number or email that you have."
        ),
    )
    #: Asked only where somebody else has the same number or email.
    is_shared = CheckboxField(_l("Yes, another person. They share it."))

    def ask(self, known: Known, differs: Sequence[str]) -> None:
        """Leave only what has to be asked of somebody of whom so much is known."""
        if known.alike:
            self.who.choices = [
                *((str(one.id), one.words) for one in known.alike),
                (SOMEBODY_ELSE, _l("Nobody of these. They are new.")),
            ]
        else:
            del self.who
        if differs:
            self.take.choices = [one for one in TAKEN if one[0] in differs]
        else:
            del self.take
        if not known.shared:
            del self.is_shared

    def is_known(self, known: Known) -> UUID | None:
        """Who of the list they are, by what staff chose; None for somebody new."""
        if known.same:
            return known.same.id
        chosen = self.who.data if "who" in self else SOMEBODY_ELSE
        return next((one.id for one in known.alike if str(one.id) == chosen), None)


class PressForm(Form):
    """A button, and nothing else."""
