"""Forms about a group, for a school's staff."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.cohorts.formats import CHOICES
from app.cohorts.where_forms import _HowItMeets
from app.programme.numbers import (
    FEWEST_PARENTS,
    MOST_PARENTS,
    OFFERS_ON_UNTIL,
    PLACES_WITH_REASON,
    SESSION_MINUTES,
)
from app.recruitment.noting import HOW_TOLD
from app.shell.components import (
    Answered,
    CheckboxesField,
    CheckboxField,
    DateField,
    Form,
    HiddenField,
    IntegerField,
    LongTextField,
    Optional,
    RadioField,
    SelectField,
    TextField,
    TimeField,
    ValidationError,
)
from app.shell.field_parts import Checks
from app.shell.parsing import real_day
from app.shell.shared_form import SharedForm
from app.states.groups import GroupFormat
from infra.clock import today

NAME_IS_READ_BY = _l(
    "Staff, parents and carers, and those who lead see it; the council does not. Choose something plain, such as"
    " “January group”. Name nobody."
)


class GroupForm(_HowItMeets):
    """A new group. `key` makes a second press on Save find the group that the first one made."""

    key = HiddenField()
    name = TextField(
        _l("Name of the group"),
        [Answered(_l("Enter a name, such as January group"))],
        letters=60,
        description=NAME_IS_READ_BY,
        params={"classes": "govuk-input--width-20"},
    )
    start_on = DateField(
        _l("First session"),
        [Answered(_l("Enter the day of the first session"))],
        description=_l("The group then meets on the same day each week, round half-terms and holidays."),
    )
    starts_at = TimeField(
        _l("Time"),
        [Answered(_l("Enter the time, like 6pm"))],
        description=_l("Each session lasts %(minutes)s minutes.", minutes=SESSION_MINUTES),
    )
    room = TextField(
        _l("Room"),
        [Optional()],
        letters=100,
        description=_l(
            "Say how to find it, such as “Library, Elm Road gate”. It goes into messages to parents."
        ),
    )
    places = IntegerField(
        _l("Places"),
        [
            Answered(
                _l(
                    "Enter the number of places, from %(fewest)s to %(most)s",
                    fewest=FEWEST_PARENTS,
                    most=MOST_PARENTS,
                )
            )
        ],
        lowest=FEWEST_PARENTS,
        highest=MOST_PARENTS,
        description=_l(
            "%(fewest)s to %(most)s. Once the group is saved you can give it up to %(with_reason)s, with a reason.",
            fewest=FEWEST_PARENTS,
            most=MOST_PARENTS,
            with_reason=PLACES_WITH_REASON,
        ),
    )


class FirstDayForm(Form):
    """From which day a new group's day and time are looked for."""

    start_on = DateField(
        _l("From which day?"),
        [Answered(_l("Enter the day from which we look"))],
        description=_l("The first session is on that day or soon after."),
    )
    format = RadioField(
        _l("How will the group meet?"), [Optional()], choices=list(CHOICES), default=GroupFormat.ROOM
    )

    def validate_start_on(self, field: DateField) -> None:
        """Nobody can be asked for a session of today."""
        if field.data and field.data <= today():
            raise ValidationError(_("Enter a day after today."))


class ChangeGroupForm(_HowItMeets, SharedForm):
    """What can be changed about a group without moving its dates."""

    name = TextField(
        _l("Name of the group"),
        [Answered(_l("Enter a name, such as January group"))],
        letters=60,
        description=NAME_IS_READ_BY,
    )
    room = TextField(
        _l("Room"),
        [Optional()],
        letters=100,
        description=_l(
            "For every session that is still to come. Everybody in the group and those who lead it are told."
        ),
    )
    places = IntegerField(
        _l("Places"),
        [
            Answered(
                _l(
                    "Enter the number of places, from %(fewest)s to %(most)s",
                    fewest=FEWEST_PARENTS,
                    most=PLACES_WITH_REASON,
                )
            )
        ],
        lowest=FEWEST_PARENTS,
        highest=PLACES_WITH_REASON,
        description=_l(
            "%(fewest)s to %(most)s. Up to %(with_reason)s with a reason.",
            fewest=FEWEST_PARENTS,
            most=MOST_PARENTS,
            with_reason=PLACES_WITH_REASON,
        ),
    )
    places_reason = TextField(
        _l("If there are more than %(most)s places: why?", most=MOST_PARENTS),
        [Optional()],
        letters=300,
        description=_l("Your colleagues read it in the group’s history. Nothing about anybody, please."),
    )
    offers_on = CheckboxField(
        _l("Offer a free place to the next who waits"),
        description=_l(
            "By itself, in the daytime, in their order: to those whom day and time suit, for as many days as"
            " your council says. You are asked to tell those whom no message reaches. It stops when the group"
            " has met %(times)s times.",
            times=OFFERS_ON_UNTIL,
        ),
    )


class OfferForm(Form):
    """Who gets a place, at once or when they say yes."""

    parents = CheckboxesField(_l("Who gets a place?"), [Answered(_l("Choose at least one parent or carer"))])
    how = RadioField(
        _l("Have they said that they can come?"),
        [Answered(_l("Choose whether you offer the place or give it now"))],
        choices=[
            ("offer", _l("Not yet: offer the place, and keep it until they answer")),
            ("give", _l("Yes: give the place now")),
        ],
        hints={
            "offer": _l("They read days, time and room on their own pages, and say yes or no there."),
            "give": _l("They have it at once, and are told."),
        },
    )
    answer_by = DateField(
        _l("For an offer: until which day do you keep the place?"),
        [Optional()],
        description=_l("To the end of that day. Then it is free again, and they wait on."),
    )

    def validate(self, extra_validators: object = None) -> bool:
        fine = super().validate(extra_validators)
        if self.how.data == "offer" and not self.answer_by.data and not self.answer_by.errors:
            self.add_error(str(_l("Enter the day until which you keep the place")), "answer_by")
            return False
        return fine


class OfferAnswerForm(Form):
    """What staff heard of an offer, or that the place goes elsewhere."""

    to_state = RadioField(
        _l("What happens with this offer?"),
        [Answered(_l("Choose what happens with this offer"))],
        choices=[
            ("taken", _l("They said yes: the place is theirs")),
            ("declined", _l("They said no thank you, and wait for another group")),
            ("withdrawn", _l("We take the offer back")),
        ],
        hints={"withdrawn": _l("We tell them that the place is not kept any more. They wait on.")},
    )


class RemoveForm(Form):
    """Where somebody goes who gives up their place."""

    to_stage = RadioField(
        _l("What happens now?"),
        [Answered(_l("Choose what happens now"))],
        choices=[("waiting", _l("They wait for another group")), ("left", _l("They stop altogether"))],
        hints={
            "waiting": _l("They go back to the waiting list."),
            "left": _l("No more messages go to them."),
        },
    )
    reason = LongTextField(
        _l("Anything to remember? (optional)"),
        [Optional()],
        letters=500,
        rows=3,
        description=_l("For school staff only. Nothing about a child’s health, please."),
    )


class ToldForm(Form):
    """How somebody whom no message reaches was told, and which plan: it may change while the page lies open."""

    plan = HiddenField()
    how = RadioField(
        _l("How did you tell them?"),
        [Answered(_l("Choose how you told them"))],
        choices=list(HOW_TOLD.items()),
    )


class EndEarlyForm(Form):
    """Why a group ends before its last date, and where its parents go."""

    reason = LongTextField(
        _l("Why does it end?"),
        [Answered(_l("Enter the reason: parents read it"))],
        letters=300,
        rows=3,
        description=_l("Parents and those who lead it read this. Kind and short, and nothing about anybody."),
    )
    what = RadioField(
        _l("What becomes of its parents and carers?"),
        [Answered(_l("Choose what becomes of its parents and carers"))],
        choices=[
            ("back", _l("They go back to the waiting list")),
            ("elsewhere", _l("They can go on at another school")),
        ],
    )
    goes_on_at = TextField(
        _l("Where they can go on"),
        [Optional()],
        letters=200,
        description=_l("The school, and who to call there."),
    )

    def validate(self, extra_validators: object = None) -> bool:
        fine = super().validate(extra_validators)
        if self.what.data == "elsewhere" and not self.goes_on_at.data:
            self.add_error(str(_l("Enter the school where they can go on, and who to call.")), "goes_on_at")
            return False
        return fine


class StartForm(Form):
    """Why a group begins with fewer than the usual."""

    reason = TextField(
        _l("Why does it begin with fewer?"),
        [Optional()],
        letters=300,
        description=_l("Your colleagues read it in the group’s history. Nothing about anybody, please."),
    )


class AssignForm(Form):
    """Who is to lead."""

    facilitator = RadioField(_l("Who leads this group?"), [Answered(_l("Choose somebody"))])


class FreeDayField(SelectField):
    """One of the days that are free. Any day is read: why one cannot be is for the plan to say, in words."""

    data: date | None

    def __init__(self, label: str, validators: Checks = (), **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=date.fromisoformat, choices=[], **kwargs)

    def process_data(self, value: date | None) -> None:
        self.data = value

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if not any(valuelist):
            return
        try:
            # One value of the list, or day, month and year.
            year, month, day = valuelist[0].split("-") if len(valuelist) == 1 else reversed(valuelist)
            self.data = real_day(day.strip(), month.strip(), year.strip())
        except ValueError:
            raise ValueError(_("Choose a day from the list")) from None

    def pre_validate(self, form: object) -> None:
        return None


class MoveForm(Form):
    """A session's new day."""

    on_date = FreeDayField(
        _l("New day"),
        [Answered(_l("Choose the new day"))],
        description=_l(
            "Your school is open and the room is free. “And later ones”: the sessions after it move along."
        ),
    )
    starts_at = TimeField(_l("Time"), [Answered(_l("Enter the time, like 6pm"))])
    later = RadioField(
        _l("What about the sessions after it?"),
        [Answered(_l("Choose what happens to the sessions after it"))],
        choices=[("stay", _l("They stay where they are")), ("move", _l("They all move along"))],
        hints={"move": _l("Weekly from the new day, round holidays.")},
    )
    reason = TextField(
        _l("Reason (optional)"),
        [Optional()],
        letters=200,
        description=_l("For school staff. Parents read only the old and the new day."),
    )


class CancelForm(Form):
    """Why a session cannot be. `seen` is when it was, as the page showed it."""

    seen = HiddenField()
    reason = TextField(
        _l("Reason"),
        [Answered(_l("Enter the reason, for your colleagues"))],
        letters=200,
        description=_l("For school staff. Parents read only that we cannot meet, and the next date."),
    )


class PressForm(Form):
    """One press."""
