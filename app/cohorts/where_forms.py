"""Forms about where and how a group, or one of its sessions, meets."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from app.cohorts.formats import CHOICES, tidy_join_link, why_no_join_link
from app.shell.components import Form, HiddenField, Optional, RadioField, TextField
from app.shell.shared_form import SharedForm
from app.shell.validators import says_something
from app.states.groups import GroupFormat


class _HowItMeets(Form):
    """How a group or a session meets. A room is asked for unless everybody joins online."""

    format = RadioField(
        _l("How do you meet?"),
        [Optional()],
        choices=list(CHOICES),
        default=GroupFormat.ROOM,
        hints={
            GroupFormat.ONLINE: _l("It needs no room. You enter the link to join on the group’s page."),
            GroupFormat.BOTH: _l("Whoever is online needs a link too. You enter it on the group’s page."),
        },
    )
    room = TextField(_l("Room"), [Optional()], letters=100)

    @property
    def needs_room(self) -> bool:
        return bool(self.format.data != GroupFormat.ONLINE)

    def validate(self, extra_validators: object = None) -> bool:
        fine = super().validate(extra_validators)
        if self.needs_room and not self.room.errors and not says_something(self.room.data or ""):
            self.add_error(str(_l("Enter the room")), "room")
            return False
        return fine


class PlaceForm(_HowItMeets):
    """Where and how one session meets. `seen` is how it stood, as the page showed it."""

    seen = HiddenField()
    reason = TextField(
        _l("Reason (optional)"),
        [Optional()],
        letters=200,
        description=_l("For school staff. Parents read only where we meet."),
    )


class LinkField(TextField):
    """The address at which a meeting online is joined."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        tidied = tidy_join_link(self.data or "")
        # What is no link stays as it was typed, for whoever mends it.
        if not why_no_join_link(tidied):
            self.data = tidied

    def pre_validate(self, form: Form) -> None:
        if self.data and (why := why_no_join_link(self.data)):
            raise StopValidation(why)


class JoinLinkForm(SharedForm):
    """The link by which people come to a group online; without one there is none."""

    link = LinkField(
        _l("Link to join"),
        [Optional()],
        letters=500,
        description=_l(
            "Whoever has it can come in, so parents see it late: from two hours before a session until its end."
            " To take it away, leave this empty."
        ),
    )
