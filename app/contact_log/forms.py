"""Forms of the contact log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.contact_log.services import Plan, Spoken
from app.contact_log.subjects import Subject
from app.contact_log.words import HOW, OUTCOME
from app.shell.components import Answered, DateField, Form, RadioField, SelectField, TextField, TimeField
from app.shell.pressing import answered
from app.shell.shared_form import SharedForm
from infra.clock import LONDON, now

ACTION_LETTERS = 120
_HINT = {
    "parent": _l(
        "Only what you will do, like “Ring again”. Nothing about the child, their health or the family."
    ),
    "school": _l("Only what you will do, like “Send the brief again”."),
}


class ContactForm(Form):
    """A contact that was made, and what comes next."""

    how = RadioField(
        _l("How were you in touch?"),
        [Answered(_l("Choose how you were in touch"))],
        choices=list(HOW.items()),
    )
    with_name = TextField(_l("Who with? (optional)"), letters=100)
    on = DateField(_l("When?"), [Answered(_l("Enter the day on which you were in touch"))])
    at = TimeField(_l("At what time?"), [Answered(_l("Enter the time, like 2:30pm"))])
    outcome = RadioField(
        _l("What came of it?"), [Answered(_l("Choose what came of it"))], choices=list(OUTCOME.items())
    )
    action = TextField(_l("What will you do next? (optional)"), letters=ACTION_LETTERS)
    due_on = DateField(_l("By which day?"))
    owner_id = SelectField(_l("Who does it?"))

    def validate(self, extra_validators: object = None) -> bool:
        fine = super().validate(extra_validators)
        if self.action.data and self.due_on.data is None and not self.due_on.errors:
            self.add_error(_("Enter the day by which you will do it"), "due_on")
            return False
        if self.due_on.data and not self.action.data and not self.action.errors:
            self.add_error(_("Write what you will do, or clear the day"), "action")
            return False
        return fine

    def spoken(self) -> Spoken:
        """What a valid form says of the contact."""
        at = datetime.combine(answered(self.on.data), answered(self.at.data), LONDON).astimezone(UTC)
        details = {"with_name": self.with_name.data or ""} if "with_name" in self else {}
        return Spoken(answered(self.how.data), answered(self.outcome.data), at, details)

    def plan(self) -> Plan | None:
        """What comes next, where a valid form says it."""
        return _plan(self) if self.action.data else None


class StepForm(SharedForm):
    """The next step, to change. Two may be at it."""

    action = TextField(
        _l("What needs to be done?"), [Answered(_l("Write what needs to be done"))], letters=ACTION_LETTERS
    )
    due_on = DateField(_l("By which day?"), [Answered(_l("Enter the day by which it needs to be done"))])
    owner_id = SelectField(_l("Who does it?"))

    def plan(self) -> Plan:
        """What a valid form says."""
        return _plan(self)


class LaterForm(Form):
    """Another day for the next step."""

    due_on = DateField(_l("On which day?"), [Answered(_l("Enter the day on which you will do it"))])


def contact_form(subject: Subject, people: Mapping[UUID, str]) -> ContactForm:
    """To note a contact with this subject, as if made just now."""
    moment = now().astimezone(LONDON)
    form = ContactForm(data={"on": moment.date(), "at": moment.time().replace(second=0, microsecond=0)})
    form.how.choices = [(how.value, str(HOW[how])) for how in subject.side.hows]
    if subject.side.code == "parent":
        del form.with_name
    return offer(form, subject, people)


AnyForm = TypeVar("AnyForm", ContactForm, StepForm)


def offer(form: AnyForm, subject: Subject, people: Mapping[UUID, str]) -> AnyForm:
    """`form` with what this side may choose."""
    form.action.description = _HINT[subject.side.code]
    form.owner_id.choices = [(str(one), name) for one, name in people.items()]
    return form


def _plan(form: ContactForm | StepForm) -> Plan:
    return Plan(answered(form.action.data), answered(form.due_on.data), UUID(answered(form.owner_id.data)))
