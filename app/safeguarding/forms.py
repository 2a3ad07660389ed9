"""What we ask when somebody is worried, and what its reader writes down."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.safeguarding.words import ABOUT, RISK
from app.shell.components import Answered, Form, HiddenField, LongTextField, RadioField, TextField
from infra.ids import new_id


class _OnceForm(Form):
    """A form with an id of its own, so that pressing its button twice does one thing.

    What a press makes is named by the form and by the words in it: the same words twice are one thing, other words are
    another. Whoever adds a sentence and presses again has lost neither.
    """

    form_id = HiddenField()

    def once_id(self, *of: object) -> UUID:
        """The id of what this press makes. `of`: whose it is, or what it is added to."""
        typed = {
            field.name: field.data
            for field in self
            if not isinstance(field, wtforms.HiddenField) and field.data
        }
        return uuid5(self._id(), json.dumps([[*map(str, of)], typed], sort_keys=True))

    def hand_out(self) -> None:
        """Keep the id through errors, so that the mended form is still the same one."""
        self.form_id.data = str(self._id())

    def _id(self) -> UUID:
        """The id that this form was handed out with; a new one where it has none that can be read."""
        try:
            return UUID(self.form_id.data or "")
        except ValueError:
            return new_id()


class ConcernForm(_OnceForm):
    """Short: what the reader needs to act, and nothing that makes anybody investigate."""

    #: Set once its sender has read that nobody can read it now, and whom to call.
    knows_nobody_reads = HiddenField()

    about = RadioField(
        _l("Who is it about?"),
        [Answered(_l("Choose who it is about. “Not sure” is fine"))],
        choices=list(ABOUT.items()),
        last_apart=True,
    )
    about_name = TextField(_l("Their name, if you know it"))
    what = LongTextField(
        _l("What did you see or hear?"),
        [Answered(_l("Write what you saw or heard. A few words are enough"))],
        description=_l("Use the exact words you heard, if you can. What happened, not why."),
        rows=6,
    )
    happened_when = TextField(
        _l("When was it?"), description=_l("The day and time, or as near as you can. “Not sure” is fine")
    )
    happened_where = TextField(_l("Where was it?"))
    who_else = TextField(_l("Who else was there?"))
    done_so_far = LongTextField(
        _l("What have you done so far?"), description=_l("Nothing yet is fine."), letters=2000, rows=3
    )
    risk_today = RadioField(
        _l("Could somebody be hurt today?"),
        [Answered(_l("Choose yes, no or not sure"))],
        description=_l(
            "If yes, call 999 first. Then send this. If you are not sure, we act as if you had said yes."
        ),
        choices=list(RISK.items()),
    )
    reach_me = TextField(
        _l("How can we reach you?"),
        description=_l("A phone number or email that is safe for you, and a good time"),
    )


class OpenAgainForm(_OnceForm):
    """Why a closed concern is looked at again."""

    reason = LongTextField(
        _l("Why?"),
        [Answered(_l("Write why it is opened again"))],
        description=_l("Facts, not opinion"),
        letters=2000,
        rows=3,
    )


class ActionForm(_OnceForm):
    """One entry of the reader's record."""

    action = LongTextField(_l("What did you do?"), letters=4000, rows=3)
    decision = LongTextField(_l("What was decided?"), letters=2000, rows=2)
    reason = LongTextField(_l("Why?"), description=_l("Facts, not opinion"), letters=2000, rows=2)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Something was done or decided, and a decision has its reason."""
        good = super().validate(extra_validators)
        if not (self.action.data or self.decision.data):
            self.add_error(_("Write what you did or what was decided"), "action")
            good = False
        if self.decision.data and not self.reason.data:
            self.add_error(_("Write why it was decided"), "reason")
            good = False
        if self.reason.data and not self.decision.data:
            self.add_error(_("Write what was decided"), "decision")
            good = False
        return good
