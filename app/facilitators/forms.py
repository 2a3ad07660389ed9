"""Forms on the way to leading: the nine questions, and what staff write down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.facilitators.check_level import FREQUENCIES, LEVELS, ROLES, VENUES, Level
from app.facilitators.gates import (
    LONGEST,
    SHORTEST,
    is_somebody_else,
    plain_certificate_number,
    plain_contact,
    problem_of_certificate_day,
)
from app.shell.components import (
    Answered,
    DateField,
    EmailField,
    Form,
    HiddenField,
    IntegerField,
    LongTextField,
    NameField,
    Optional,
    PhoneField,
    RadioField,
    TextField,
    ValidationError,
)
from app.shell.shared_form import SharedForm
from infra.clock import today

NEEDED = _l("Write a few words. Short is fine.")
YES_NO = [("yes", _l("Yes")), ("no", _l("No"))]

#: The nine questions, by the key of their answer; the last is about two people.
QUESTIONS = {
    "group": _l("Which group were you in?"),
    "why": _l("Why would you like to do this?"),
    "listening": _l("When did you just listen, without advice?"),
    "hard_memories": _l("What helps you when hard memories return?"),
    "child_safe": _l("What would you do if a child may not be safe?"),
    "family_links": _l("Do you have family or work links with this school?"),
    "when": _l("When can you help, and in which languages?"),
    "needs": _l("What would you need: childcare, access, costs?"),
    "referees": _l("Which two people may we ask about you?"),
}


def email_or_phone(_form: Form, field: TextField) -> None:
    """Somewhere to ask: the mistake is found while the applicant is here."""
    try:
        plain_contact(field.data or "")
    except ValueError:
        raise ValidationError(
            _("Check it: an email address like name@example.com, or a number like 07700900123")
        ) from None


def certificate_number(_form: Form, field: TextField) -> None:
    """Keeps the twelve digits."""
    try:
        field.data = plain_certificate_number(field.data or "")
    except ValueError as problem:
        raise ValidationError(str(problem)) from None


def certificate_day(_form: Form, field: DateField) -> None:
    """A day on which such a certificate could be made, not too long ago."""
    if isinstance(field.data, date) and (problem := problem_of_certificate_day(field.data)):
        raise ValidationError(problem)


class ApplyForm(SharedForm):
    """A graduate offers to help lead. `own`: the applicant's addresses, each with their name."""

    is_own = True
    own: Sequence[tuple[str, str]] = ()

    group = TextField(QUESTIONS["group"], [Answered(_l("Tell us which group you were in"))])
    why = LongTextField(
        QUESTIONS["why"],
        [Answered(_l("Say in a few words why you would like to do this"))],
        letters=1500,
        rows=4,
    )
    listening = LongTextField(
        QUESTIONS["listening"],
        [Answered(_l("Say in a few words when you just listened"))],
        letters=1500,
        rows=4,
    )
    hard_memories = LongTextField(
        QUESTIONS["hard_memories"],
        [Answered(_l("Say in a few words what helps you"))],
        description=_l("Only what you want to say. We do not need the memory."),
        letters=1500,
        rows=4,
    )
    child_safe = LongTextField(
        QUESTIONS["child_safe"],
        [Answered(_l("Say in a few words what you would do for the child"))],
        description=_l("There is training for this. Say what you would do today."),
        letters=1500,
        rows=4,
    )
    family_links = LongTextField(
        QUESTIONS["family_links"],
        [Answered(_l("Say which links you have, or “none”"))],
        description=_l(
            "A child here, a job here, a friend on the staff. Links are fine. We need to know them."
        ),
        letters=1500,
        rows=3,
    )
    when = LongTextField(
        QUESTIONS["when"],
        [Answered(_l("Say when you could help, like “Tuesday evenings, English and Somali”"))],
        letters=500,
        rows=3,
    )
    needs = LongTextField(
        QUESTIONS["needs"],
        [Optional()],
        description=_l("You may leave this empty."),
        letters=1500,
        rows=3,
    )
    first_name = NameField(_l("First person: name"), [Answered(_l("Enter the first person’s name"))])
    first_contact = TextField(
        _l("First person: email or phone"),
        [Answered(_l("Enter the first person’s email or phone")), email_or_phone],
    )
    first_relationship = TextField(
        _l("First person: how they know you"), [Answered(_l("Say how the first person knows you"))]
    )
    second_name = NameField(_l("Second person: name"), [Answered(_l("Enter the second person’s name"))])
    second_contact = TextField(
        _l("Second person: email or phone"),
        [Answered(_l("Enter the second person’s email or phone")), email_or_phone],
    )
    second_relationship = TextField(
        _l("Second person: how they know you"), [Answered(_l("Say how the second person knows you"))]
    )

    def is_up_to_date(self) -> bool:
        """As on every shared form. Asked before validation: a box that another window filled is not empty."""
        fits = super().is_up_to_date()
        for field in self._shared():
            if field.raw_data is None:
                field.raw_data = [field.data or ""]
        return fits

    def validate(self, extra_validators: object = None) -> bool:
        fine = super().validate(extra_validators)
        first = (self.first_contact.data or "", self.first_name.data or "")
        second = (self.second_contact.data or "", self.second_name.data or "")
        if fine and not is_somebody_else(*second, [first]):
            self.add_error(_("Name two different people."), "second_contact")
            return False
        for part, (contact, name) in (("first", first), ("second", second)):
            if fine and not is_somebody_else(contact, name, self.own):
                self.add_error(_("Name somebody else, not yourself."), f"{part}_contact")
                return False
        return fine

    def answers(self) -> dict[str, Any]:
        """The answers by their keys, with the two people as a list."""
        told = {key: self[key].data or "" for key in QUESTIONS if key != "referees"}
        return told | {
            "referees": [
                {part: self[f"{who}_{part}"].data for part in ("name", "contact", "relationship")}
                for who in ("first", "second")
            ]
        }


def form_data(answers: Mapping[str, Any]) -> dict[str, str]:
    """The other way round: what the form shows for these answers."""
    shown = {key: str(answers.get(key, "")) for key in QUESTIONS if key != "referees"}
    for who, referee in zip(("first", "second"), answers.get("referees", ()), strict=False):
        shown |= {f"{who}_{part}": str(value) for part, value in referee.items()}
    return shown


class WithdrawForm(Form):
    """A few words on leaving, which nobody has to give."""

    reason = LongTextField(
        _l("Would you like to tell us why? You do not need to."), [Optional()], letters=500, rows=3
    )


class MoveForm(Form):
    """One step, and why."""

    reason = LongTextField(
        _l("Why?"),
        [Answered(_l("Say why in a few words. It is kept with the step."))],
        description=_l("Kept in the history. The applicant does not see it here, and may ask to."),
        letters=500,
        rows=3,
    )


class ReferenceForm(Form):
    name = NameField(_l("Name"), [Answered(_l("Enter their name"))])
    contact = TextField(_l("Email or phone"), [Answered(_l("Enter their email or phone")), email_or_phone])
    relationship = TextField(
        _l("How they know the applicant"), [Answered(_l("Say how they know the applicant"))]
    )


class ReceivedForm(SharedForm):
    merges = False
    satisfactory = RadioField(
        _l("Is the reference good enough to go on?"), [Answered(_l("Choose yes or no"))], choices=YES_NO
    )
    note = LongTextField(
        _l("What they said, in short"), [Optional()], description=_l("Facts, kindly put."), letters=1000
    )
    why = LongTextField(
        _l("Why does the answer change?"),
        [Optional()],
        description=_l("The earlier answer stays in the history, with its day and who noted it."),
        letters=500,
        rows=3,
    )


class CheckForm(Form):
    """What the role is; the level follows."""

    contact = RadioField(
        _l("What will they do?"), [Answered(_l("Choose what they will do"))], choices=list(ROLES.items())
    )
    venue = RadioField(_l("Where?"), [Answered(_l("Choose where"))], choices=list(VENUES.items()))
    supervised = RadioField(
        _l("Is a checked member of staff there to supervise?"),
        [Answered(_l("Choose yes or no"))],
        choices=YES_NO,
    )
    frequency = RadioField(
        _l("How often?"), [Answered(_l("Choose how often"))], choices=list(FREQUENCIES.items())
    )


class DecisionForm(CheckForm, SharedForm):
    """The same with the decision. The four answers travel along."""

    merges = False

    level = RadioField(
        _l("Which check will you ask for?"),
        [Answered(_l("Choose a check"))],
        choices=[(code, label) for code, label in LEVELS.items() if code is not Level.STANDARD],
    )
    risk_assessment = LongTextField(
        _l("Written risk assessment"),
        [Answered(_l("Write down why this level is right and how people are kept safe"))],
        description=_l("Who is there, who could be alone with whom, and what you agreed."),
        letters=3000,
        rows=7,
    )


def not_to_come(_form: Form, field: DateField) -> None:
    """A day that has been."""
    if isinstance(field.data, date) and field.data > today():
        raise ValidationError(_("Enter today or a day before it"))


class CertificateForm(SharedForm):
    """Whoever saves it has looked at the original, so what is known of it is not put into the boxes.

    The check that it was asked for travels along: a certificate of another one counts for nothing.
    """

    merges = False

    level = HiddenField(_l("The check that was asked for"))
    number = TextField(
        _l("Certificate number"),
        [Answered(_l("Enter the number on the certificate")), certificate_number],
        params={"classes": "govuk-input--width-20", "spellcheck": False},
        letters=40,
    )
    issued_on = DateField(
        _l("Date on the certificate"), [Answered(_l("Enter the date on the certificate")), certificate_day]
    )

    def process(self, formdata: Any = None, obj: Any = None, data: Any = None, **others: Any) -> None:
        super().process(formdata, obj, data, **others)
        if not self.is_submitted():
            self.number.data = self.issued_on.data = None

    def is_up_to_date(self) -> bool:
        fits = super().is_up_to_date()
        # The page that comes back is for the check that is asked for now.
        self.level.data = self.level.object_data
        return fits


class TrainingForm(Form):
    title = TextField(_l("What was it?"), [Answered(_l("Enter what the training was"))])
    on_date = DateField(_l("When?"), [Answered(_l("Enter the day of the training")), not_to_come])
    minutes = IntegerField(
        _l("How many minutes?"),
        [Answered(_l("Enter how many minutes it took"))],
        lowest=SHORTEST,
        highest=LONGEST,
    )


class ProfessionalForm(Form):
    name = NameField(_l("Name"), [Answered(_l("Enter their name"))])
    email = EmailField(_l("Email address"), [Optional()])
    phone = PhoneField(_l("Mobile number"), [Optional()])
    reason = LongTextField(
        _l("Who are they, and why do you ask them?"), [Answered(NEEDED)], letters=500, rows=3
    )

    def validate(self, extra_validators: object = None) -> bool:
        fine = super().validate(extra_validators)
        if fine and not (self.email.data or self.phone.data):
            self.add_error(_("Enter an email address or a mobile number. One is enough."), "email")
            return False
        return fine


class PressForm(Form):
    """A button, and nothing else."""
