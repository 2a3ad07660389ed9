"""Forms about parents, and the form in which a parent chooses."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.accounts.forms import read_address
from app.recruitment.consents import ATTENDANCE_BANDS, CHOICES, FOR_STAFF, LANGUAGES, YEAR_GROUPS
from app.recruitment.noting import HOW
from app.recruitment.stages import STAGES
from app.recruitment.whom import LETTERS, PROMPTS
from app.recruitment.wishes import DAYS, FORMATS, NEEDS, TIMES
from app.shell.components import (
    Answered,
    CheckboxesField,
    CheckboxField,
    DateField,
    EmailField,
    FileField,
    Form,
    LongTextField,
    NameField,
    Optional,
    PhoneField,
    RadioField,
    SelectField,
    TextField,
    ValidationError,
)
from app.shell.shared_form import SharedForm
from app.states.messages import Channel

REASONS = {
    "interested": _l("They would like to hear more"),
    "joined": _l("Yes, they would like to join"),
    "said_no": _l("They said no, thank you"),
    "left": _l("They have left, or moved school"),
    "no_to": _l("They said no to something else"),
}


class ParentForm(SharedForm):
    """How to reach a parent and what helps to find them. Never the child's name."""

    first_name = NameField(_l("First name"), validators=[Optional()])
    last_name = NameField(_l("Last name"), validators=[Optional()])
    known_as = NameField(_l("What they like to be called"), validators=[Optional()])
    phone = PhoneField(_l("Mobile number"), validators=[Optional()])
    email = EmailField(_l("Email address"), validators=[Optional()])
    on_paper = CheckboxField(_l("They have neither. We reach them on paper, or by phone."))
    language = SelectField(_l("Language they read best"), choices=list(LANGUAGES.items()), default="en")
    interpreter = CheckboxField(_l("They would like an interpreter"))
    access_needs = TextField(_l("What would make coming easier?"), validators=[Optional()])
    not_for_office = CheckboxField(_l("Keep them off the list of the school office"))
    year_group = SelectField(
        _l("Child’s year group"), choices=[(year, year or _l("Not noted")) for year in YEAR_GROUPS]
    )
    attendance_band = SelectField(_l("Child’s attendance"), choices=list(ATTENDANCE_BANDS.items()))
    needs = TextField(_l("Needs that shape the group"), validators=[Optional()])
    found_by = TextField(_l("How you thought of them"), validators=[Optional()])
    next_step = TextField(_l("Your next step"), validators=[Optional()])
    #: Asked only where somebody else has the same number or email.
    is_shared = CheckboxField(_l("Yes, another person. They share it."))

    def validate(self, extra_validators: object = None) -> bool:
        fine = super().validate(extra_validators)
        if not (self.first_name.data or self.last_name.data):
            self.add_error(str(_l("Enter their name. One name is enough.")), "first_name")
            fine = False
        elif not self.first_name.data:  # the only name that somebody has is the one we greet them with
            self.first_name.data, self.last_name.data = self.last_name.data, ""
        if not (
            self.phone.data or self.email.data or self.phone.errors or self.email.errors or self.on_paper.data
        ):
            self.add_error(
                str(
                    _l(
                        "Enter a mobile number or an email address. One is enough."
                        " Have they neither? Tick the box for paper."
                    )
                ),
                "phone",
            )
            return False
        if self.on_paper.data and (self.phone.data or self.email.data):
            self.add_error(
                str(
                    _l(
                        "You ticked that they have neither, and wrote one down."
                        " Untick the box, or take the number or email away."
                    )
                ),
                "on_paper",
            )
            return False
        return fine


class WishesForm(SharedForm):
    """What suits somebody who waits for a group. Whoever ticks no day, or no time, has none that they prefer."""

    days = CheckboxesField(_l("Which days are possible?"), [Optional()], choices=list(DAYS.items()))
    times = CheckboxesField(_l("Which times are possible?"), [Optional()], choices=list(TIMES.items()))
    format = RadioField(
        _l("How would you like to meet?"),
        [Answered(_l("Choose how you would like to meet"))],
        choices=list(FORMATS.items()),
    )
    needs = CheckboxesField(
        _l("What would make it possible to come?"), [Optional()], choices=list(NEEDS.items())
    )


class WhomForm(Form):
    """Whom a group could help, by a few prompts. None has to be answered."""

    whom = LongTextField(PROMPTS["whom"].label, [Optional()], letters=LETTERS, rows=4)
    signs = LongTextField(PROMPTS["signs"].label, [Optional()], letters=LETTERS, rows=4)
    wait = LongTextField(PROMPTS["wait"].label, [Optional()], letters=LETTERS, rows=4)
    asking = LongTextField(PROMPTS["asking"].label, [Optional()], letters=LETTERS, rows=4)
    names_nobody = CheckboxField(_l("A name that stands there is only a word: it means nobody in our list"))


class FreshStartForm(Form):
    """A new way in for somebody who was met in person."""

    address = TextField(
        _l("Their new email or mobile number"),
        validators=[Answered(_l("Type their new email or mobile number"))],
        letters=254,
        params={"autocomplete": "off", "spellcheck": False},
    )
    met_on = DateField(_l("When did you meet them?"), [Answered(_l("Enter the day on which you met them"))])
    met = CheckboxField(
        _l("I met them in person and I know that it is them"),
        validators=[Answered(_l("Meet them in person first"))],
    )
    channel: Channel
    value: str

    def validate_address(self, field: TextField) -> None:
        """Read it kindly."""
        self.channel, self.value = read_address(field.data or "")


class EraseForm(Form):
    """To have deleted what is shut since a fresh start: it cannot be taken back."""

    sure = CheckboxField(
        _l("Yes, delete all of it for ever"), validators=[Answered(_l("Tick the box if you are sure"))]
    )


class SilenceForm(Form):
    """Why the old addresses are not told."""

    reason = LongTextField(
        _l("Why?"), validators=[Answered(_l("Say why, in ten letters or more"))], letters=1000
    )

    def validate_reason(self, field: LongTextField) -> None:
        """Somebody will read it in a year."""
        if len((field.data or "").strip()) < 10:
            raise ValidationError(str(_l("Say why, in ten letters or more")))


class AnswerForm(Form):
    """What a parent told a member of staff, how it came, and the signed slip where there is one."""

    to_stage = RadioField(
        _l("What did they say?"),
        choices=list(REASONS.items()),
        validators=[Answered(_l("Choose what they said"))],
    )
    no_to = CheckboxesField(
        _l("What did they say no to?"),
        choices=list(FOR_STAFF.items()),
        validators=[Optional()],
        description=_l("Only where they said no to something else."),
    )
    how = RadioField(
        _l("How did they tell you?"),
        choices=list(HOW.items()),
        validators=[Answered(_l("Choose how they told you"))],
    )
    slip = FileField(
        _l("Their signed slip"),
        validators=[Optional()],
        description=_l(
            "Only where they said yes on paper: a scan or photo (PDF, JPEG or PNG). With it their yes counts."
            " Without it they confirm it by their own link."
        ),
    )
    reason = LongTextField(_l("Anything to remember? (optional)"), validators=[Optional()], letters=500)

    def validate(self, extra_validators: object = None) -> bool:
        fine = super().validate(extra_validators)
        if self.to_stage.data == "no_to" and not self.no_to.data:
            self.add_error(str(_l("Choose what they said no to.")), "no_to")
            return False
        return fine


class TakeBackForm(Form):
    """Why something noted about a parent was wrong."""

    reason = TextField(
        _l("What happened?"),
        validators=[Answered(_l("Enter what happened, such as: noted for the wrong parent"))],
        letters=200,
    )


class TakeBackNoForm(TakeBackForm):
    """Which noes were noted by mistake, and why that was wrong."""

    no_to = CheckboxesField(
        _l("Which no was noted by mistake?"),
        choices=list(FOR_STAFF.items()),
        validators=[Answered(_l("Choose at least one"))],
    )


YES_NO = [("yes", _l("Yes")), ("no", _l("No"))]


class ChoicesForm(SharedForm):
    """Each consent on its own; nothing is ticked beforehand. A page that lay open takes back no stop since."""

    is_own = True

    join = RadioField(CHOICES["join"].question, choices=YES_NO, validators=[Answered(_l("Choose yes or no"))])
    email = RadioField(
        CHOICES["email"].question, choices=YES_NO, validators=[Answered(_l("Choose yes or no"))]
    )
    text = RadioField(CHOICES["text"].question, choices=YES_NO, validators=[Answered(_l("Choose yes or no"))])
    pooled_answers = RadioField(
        CHOICES["pooled_answers"].question, choices=YES_NO, validators=[Answered(_l("Choose yes or no"))]
    )
    share_attendance = RadioField(
        CHOICES["share_attendance"].question, choices=YES_NO, validators=[Answered(_l("Choose yes or no"))]
    )
    ask_to_lead = RadioField(
        CHOICES["ask_to_lead"].question, choices=YES_NO, validators=[Answered(_l("Choose yes or no"))]
    )
    known_as = NameField(
        _l("What shall the group call you?"),
        validators=[Optional()],
        params={"autocomplete": "nickname"},
    )
    not_for_office = CheckboxField(_l("Keep me off the list of the school office"))

    def choices(self) -> dict[str, bool]:
        """The answers by kind of consent."""
        return {kind: self[kind].data == "yes" for kind in CHOICES if kind in self}


class FilterForm(Form):
    """What narrows the list. Stage and language travel in the address, the name or number never."""

    text = TextField(_l("Name, mobile or email"), validators=[Optional()], letters=100)
    stage = SelectField(
        _l("Where they are"),
        choices=[
            ("", _l("Anywhere")),
            ("ready", _l("Ready for a place")),
            *((stage.code, stage.label) for stage in STAGES.values()),
        ],
    )
    language = SelectField(_l("Language"), choices=[("", _l("Any")), *LANGUAGES.items()])


class InviteForm(Form):
    """To send an invitation."""

    #: Asked only where somebody else with the same number or email said no.
    another = CheckboxField(_l("This is another person, and I would like to ask them"))


class PressForm(Form):
    """A button, and nothing else."""
