"""What authorities and school leads type."""

from __future__ import annotations

import re
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.identity.roles import DEPUTY_LABEL, Role
from app.programme.numbers import OFFER_DAYS, OFFER_DAYS_MOST
from app.schools.naming import LEAST_CONTRAST, contrast_with_white
from app.shell.components import (
    Answered,
    CheckboxField,
    DateField,
    EmailField,
    FileField,
    Form,
    HiddenField,
    IntegerField,
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
from infra.clock import today

STAFF_ROLES = (
    Role.SCHOOL_DSL,
    Role.SENCO,
    Role.ATTENDANCE_LEAD,
    Role.SCHOOL_LEAD,
    Role.HEAD_TEACHER,
    Role.SCHOOL_OFFICE,
)
MEMBER_ROLES = (Role.AUTHORITY_ADMIN, Role.NAMED_OFFICER, Role.COMMISSIONER)
ROLE_HINTS = {
    Role.SCHOOL_DSL: _l("Reads concerns. Every school has at least one"),
    Role.SENCO: _l("Finds parents, forms groups"),
    Role.ATTENDANCE_LEAD: _l("Finds parents, forms groups"),
    Role.SCHOOL_LEAD: _l("All of that, and this set-up"),
    Role.HEAD_TEACHER: _l("Reads your school in numbers, and no parent’s name"),
    Role.SCHOOL_OFFICE: _l(
        "Reads parents’ names and numbers. First keep those off their list who should not be on it"
    ),
    Role.AUTHORITY_ADMIN: _l("Schools, people, results and settings"),
    Role.NAMED_OFFICER: _l("Reads concerns about a school, its staff or a facilitator"),
    Role.COMMISSIONER: _l("Reads published results, nothing else"),
}


class SearchForm(Form):
    """The register, by words, number or postcode."""

    q = TextField(_l("Name, URN or postcode"))
    phase = SelectField(_l("Phase"))


class AddForm(Form):
    """One school of the results."""

    urn = HiddenField()

    @property
    def number(self) -> int:
        """The URN; 0 for what cannot be one."""
        typed = self.urn.data or ""
        return int(typed) if re.fullmatch(r"[0-9]{6}", typed) else 0


class InviteLeadForm(Form):
    """Who leads at the school."""

    name = NameField(_l("Their name"), [Answered(_l("Enter the name of the person who will lead"))])
    email = EmailField(
        _l("Their work email"),
        [Answered(_l("Enter their work email"))],
        description=_l("The link goes here, and works for them alone."),
        params={"autocomplete": "off"},
    )


class _InviteForm(Form):
    name = NameField(_l("Their name"), [Answered(_l("Enter their name"))])
    email = EmailField(
        _l("Their work email"), [Answered(_l("Enter their work email"))], params={"autocomplete": "off"}
    )
    job_title = TextField(_l("What they do (optional)"), letters=100)


def _roles(roles: tuple[Role, ...]) -> RadioField:
    return RadioField(
        _l("Their role here"),
        [Answered(_l("Choose their role"))],
        choices=[(role.value, role.label) for role in roles],
        hints={role.value: ROLE_HINTS[role] for role in roles},
    )


class InviteStaffForm(_InviteForm):
    """A colleague in the school."""

    role = RadioField(
        _l("Their role here"),
        [Answered(_l("Choose their role"))],
        choices=[
            (Role.SCHOOL_DSL.value, Role.SCHOOL_DSL.label),
            ("school_dsl_deputy", DEPUTY_LABEL),
            *((role.value, role.label) for role in STAFF_ROLES if role is not Role.SCHOOL_DSL),
        ],
        hints={
            **{role.value: ROLE_HINTS[role] for role in STAFF_ROLES},
            "school_dsl_deputy": _l("Reads concerns too, and hears of those that cannot wait"),
        },
    )


class InviteMemberForm(_InviteForm):
    """A colleague in the authority, or a commissioner."""

    role = _roles(MEMBER_ROLES)


#: Who reads the reason, by what is done: all who do, and nobody who does not (`READ_BY` is held by a test).
READ_BY = {
    "pause": _l(
        "Parents and carers, facilitators and staff read this, word for word: on their first page and in emails."
        " Kind and short. Name nobody."
    ),
    "bring_back": _l("Only your own people read this, in the school’s history. Name nobody."),
    "return": _l("The school’s staff read this. Name nobody."),
}
READ_BY["leave"] = READ_BY["pause"]


class ReasonForm(Form):
    """Why a school stops, comes back, or signs again: `what`, a key of READ_BY."""

    reason = LongTextField(
        _l("Why?"),
        [Answered(_l("Write a short reason"))],
        letters=300,
        rows=3,
    )

    def __init__(self, *args: Any, what: str = "pause", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.description = READ_BY[what]


class EmptyForm(Form):
    """A button and its token."""


class SettingsForm(SharedForm):
    """The authority's own facts."""

    parts = MappingProxyType(
        {
            "contact_name": _l("Contact for schools: name"),
            "contact_email": _l("Contact for schools: email"),
            "contact_phone": _l("Contact for schools: phone"),
            "officer_phone": _l("Named officer: phone"),
        }
    )

    contact_name = NameField(_l("Name"), [Answered(_l("Enter the name of somebody that schools can call"))])
    contact_email = EmailField(_l("Email"), [Answered(_l("Enter an email that somebody reads"))])
    contact_phone = PhoneField(_l("Phone"), [Answered(_l("Enter a phone number"))], mobile=False)
    officer_phone = PhoneField(_l("Phone"), [Answered(_l("Enter the officer’s phone number"))], mobile=False)
    out_of_hours_phone = PhoneField(
        _l("Out of hours"),
        [Answered(_l("Enter the number that answers at night and at weekends"))],
        description=_l(
            "The emergency duty team of children’s services. Shown to whoever says that somebody could be hurt today."
        ),
        mobile=False,
    )
    dpo_contact = TextField(
        _l("Data protection contact (optional)"), description=_l("An email or phone that answers.")
    )
    lawful_basis = TextField(
        _l("Lawful basis (optional)"),
        letters=200,
        description=_l(
            "On which you keep parents’ details, as settled with your data protection officer."
            " It is in each agreement."
        ),
    )
    privacy_url = TextField(
        _l("Your privacy notice (optional)"),
        letters=400,
        description=_l("A web address, like https://www.example.org/privacy"),
        params={"spellcheck": False},
    )
    brand_colour = TextField(
        _l("Your colour"),
        [Answered(_l("Enter a colour, like #17504a"))],
        letters=7,
        description=_l("Six digits after #. White text must be easy to read on it."),
        params={"classes": "govuk-input--width-5", "spellcheck": False},
    )

    offer_days = IntegerField(
        _l("For how many days is a place kept that a parent is offered?"),
        [Optional()],
        lowest=1,
        highest=OFFER_DAYS_MOST,
        description=_l(
            "Then it goes to the next who waits. Left empty it is %(days)s. Staff can choose another day.",
            days=OFFER_DAYS,
        ),
    )

    def validate_privacy_url(self, field: TextField) -> None:
        """Only web addresses: it becomes a link on every parent's page."""
        typed = field.data or ""
        if typed and (urlsplit(typed).scheme not in ("https", "http") or not urlsplit(typed).hostname):
            raise ValidationError(gettext("Enter a web address that begins with https://"))

    def validate_brand_colour(self, field: TextField) -> None:
        """Refuse what cannot be read: the contrast is said, so that people can mend it."""
        try:
            contrast = contrast_with_white((field.data or "").lower())
        except ValueError:
            raise ValidationError(gettext("Enter a colour as # and six digits, like #17504a")) from None
        if contrast < LEAST_CONTRAST:
            raise ValidationError(
                gettext(
                    "White text is hard to read on this colour: its contrast is %(n)s to 1, and must be 5 to 1."
                    " Choose a darker one",
                    n=f"{contrast:.1f}",
                )
            )
        field.data = (field.data or "").lower()


class SupportLineForm(Form):
    """A line of the authority's own."""

    name = TextField(_l("Name"), [Answered(_l("Enter the name of the line"))], letters=60)
    number = TextField(
        _l("Number"),
        [Answered(_l("Enter its number"))],
        letters=30,
        params={"classes": "govuk-input--width-20", "inputmode": "tel"},
    )
    note = TextField(_l("What it is for"), [Answered(_l("Say in a few words what it is for"))], letters=80)
    checked = CheckboxField(
        _l("I have checked this line today"), [Answered(_l("Call or look up the line, then tick the box"))]
    )

    def validate_number(self, field: TextField) -> None:
        """Something that a phone can dial."""
        typed = field.data or ""
        if not re.fullmatch(r"\+?[0-9 ()-]{3,30}", typed) or sum(sign.isdigit() for sign in typed) < 3:
            raise ValidationError(gettext("Enter a number that a phone can call, like 0808 800 5000"))


class TermForm(SharedForm):
    """A school term."""

    merges = False

    name = TextField(
        _l("Name"),
        [Answered(_l("Enter a name, like Spring 2027"))],
        letters=40,
        params={"classes": "govuk-input--width-20"},
    )
    starts_on = DateField(_l("First day"))
    half_term_starts_on = DateField(_l("Half-term: first day off (optional)"))
    half_term_ends_on = DateField(_l("Half-term: last day off (optional)"))
    ends_on = DateField(_l("Last day"))

    def validate(self, extra_validators: object = None) -> bool:
        """Dates that are there, and in order."""
        # All at once: whoever left three things out reads of three.
        super().validate(extra_validators)
        start, end = self.starts_on.data, self.ends_on.data
        half_start, half_end = self.half_term_starts_on.data, self.half_term_ends_on.data
        if start is None and not self.starts_on.errors:
            self.add_error(gettext("Enter the first day of the term"), "starts_on")
        if end is None and not self.ends_on.errors:
            self.add_error(gettext("Enter the last day of the term"), "ends_on")
        if start and end and end <= start:
            self.add_error(gettext("The last day must come after the first"), "ends_on")
        elif start and end and (end - start).days > 200:
            self.add_error(gettext("A term this long cannot be right. Check both dates"), "ends_on")
        missing = "half_term_ends_on" if half_start else "half_term_starts_on"
        if bool(half_start) != bool(half_end):
            if not self[missing].errors:
                self.add_error(gettext("Enter both days of half-term, or neither"), missing)
        elif start and end and half_start and half_end and not start < half_start <= half_end < end:
            self.add_error(
                gettext("Half-term must lie inside the term, first day first"), "half_term_starts_on"
            )
        return not self.errors


class DetailsForm(SharedForm):
    """How parents reach the school, and who keeps children safe."""

    parts = MappingProxyType(
        {
            "contact_name": _l("Contact for parents: name"),
            "contact_phone": _l("Contact for parents: phone"),
            "contact_email": _l("Contact for parents: email"),
            "dsl_name": _l("Safeguarding lead: name"),
            "dsl_phone": _l("Safeguarding lead: phone"),
        }
    )

    address = LongTextField(
        _l("Address of the school"), [Answered(_l("Enter the address"))], letters=300, rows=4
    )
    phone = PhoneField(_l("School office"), [Answered(_l("Enter the school’s phone number"))], mobile=False)
    contact_name = NameField(_l("Name"), [Answered(_l("Enter the name of the person that parents can call"))])
    contact_role = TextField(_l("What they do"), [Answered(_l("Say what they do, like SENCO"))], letters=80)
    contact_phone = PhoneField(
        _l("Phone"), [Answered(_l("Enter a phone number that they answer"))], mobile=False
    )
    contact_email = EmailField(_l("Email (optional)"))
    contact_deputy = NameField(
        _l("Who steps in for them"), [Answered(_l("Enter the name of whoever steps in"))]
    )
    dsl_name = NameField(_l("Name"), [Answered(_l("Enter the name of the safeguarding lead"))])
    dsl_phone = PhoneField(
        _l("Phone"), [Answered(_l("Enter a phone number that the safeguarding lead answers"))], mobile=False
    )
    dsl_deputy = NameField(_l("Deputy"), [Answered(_l("Enter the name of the deputy"))])


#: Days, from today, in which a school may say that it would like to start.
START_WITHIN = 731


class RoomForm(SharedForm):
    """Where the group meets, and from when."""

    room = TextField(_l("Room"), [Answered(_l("Enter the room"))], letters=60)
    room_notes = LongTextField(
        _l("How to find it (optional)"),
        letters=400,
        rows=3,
        description=_l("Which entrance, where to park, what is step-free."),
    )
    planned_start_on = DateField(
        _l("When would you like to start?"),
        description=_l("A rough date is enough, within the next two years."),
    )

    def validate_planned_start_on(self, field: DateField) -> None:
        """A date is needed to plan facilitators. One that stands there already may be past by now."""
        if field.data is None:
            raise ValidationError(gettext("Enter a date, even a rough one"))
        if field.data == field.object_data:
            return
        if field.data < today():
            raise ValidationError(gettext("Enter a day that is still to come"))
        if field.data > today() + timedelta(days=START_WITHIN):
            raise ValidationError(gettext("Enter a day within the next two years"))


#: Before any group met: a year that was mistyped.
FIRST_CLOSED_DAY = date(2020, 1, 1)


class ClosedDayForm(Form):
    """A day on which the school is shut."""

    on_date = DateField(_l("Day"), description=_l("Like 4 1 2027"))
    reason = TextField(_l("Why"), [Answered(_l("Say why, like training day"))], letters=60)

    def validate_on_date(self, field: DateField) -> None:
        """There is nothing to skip without a day."""
        if field.data is None:
            raise ValidationError(gettext("Enter the day"))
        if field.data < FIRST_CLOSED_DAY:
            raise ValidationError(gettext("Check the year: this day is long over"))


class AgreementForm(Form):
    """The agreement with its signatures."""

    file = FileField(
        _l("The signed agreement"),
        [Answered(_l("Choose the file with the signed agreement"))],
        description=_l("A PDF, or a photo or scan (JPEG or PNG), up to 10 MB."),
    )
