"""The box above a list, and the boxes beside its lines."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.shell.components import Answered, CheckboxesField, Form, Optional, TextField

LETTERS = 100


class ListSearchForm(Form):
    """What somebody looks for in one list. It travels in no address: it may be a name or a number."""

    text = TextField(_l("Search this list"), validators=[Optional()], letters=LETTERS)


class ChosenForm(Form):
    """The boxes beside the lines of a list."""

    chosen = CheckboxesField(_l("Which do you choose?"), [Answered(_l("Tick at least one box in the list."))])
