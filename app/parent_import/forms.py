"""Forms of a list of parents from a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.parent_import.columns import COLUMNS, Place
from app.parent_import.queries import LikeRow
from app.shell.components import Answered, CheckboxField, FileField, Form, Optional, RadioField, SelectField
from app.states.imports import Choice


class SheetForm(Form):
    """The spreadsheet."""

    file = FileField(
        _l("Your list"),
        validators=[Answered(_l("Choose the file with your list"))],
        description=_l("A CSV or Excel file (.xlsx) under 5 MB, with one parent or carer in each row."),
    )


class AddForm(Form):
    """To add everybody of a list that was looked at."""

    without_wrong = CheckboxField(_l("Leave those rows out"), validators=[Optional()])


#: In the order in which they are offered.
CHOICES = {
    Choice.KEEP_ONE: _l("The same person. Keep the one you have."),
    Choice.KEEP_BOTH: _l("Two people. Keep both."),
    Choice.HOUSEHOLD: _l("Two people of one household. Keep both, and note it for staff."),
}


FIRST_ROW = {
    "headings": _l("The names of the columns"),
    "parent": _l("A parent or carer"),
}


def columns_form(places: Sequence[Place], chosen: Sequence[str], first_row: str | None) -> Form:
    """A list to choose from for each heading of the file, with what is chosen now: `column_0` and so on.

    `first_row`: what it is taken for now, where that is asked as well; empty for not known.
    """
    question = (
        {
            "first_row": RadioField(
                _("What is the first row?"),
                choices=list(FIRST_ROW.items()),
                default=first_row or None,
                validators=[Answered(_("Say what the first row is, so that nobody is left out"))],
            )
        }
        if first_row is not None
        else {}
    )
    choices = [("", _("Leave out")), *((one.code, one.label) for one in COLUMNS.values())]
    fields = {
        f"column_{at}": SelectField(
            place.heading or _("Column %(n)s, without a heading", n=at + 1),
            choices=choices,
            default=chosen[at],
        )
        for at, place in enumerate(places)
        if not place.is_not_taken
    }
    return type("NamedColumns", (Form,), question | fields)()


def chosen_columns(form: Form, places: Sequence[Place]) -> list[str]:
    """What was chosen, for each heading; what we do not take is left out."""
    return [form[f"column_{at}"].data if f"column_{at}" in form else "" for at, _place in enumerate(places)]


def choices_form(rows: Sequence[LikeRow], said: Mapping[int, Sequence[str]]) -> Form:
    """What becomes of each who may be here already: `row_12` for row 12. `said`: what those like it said before."""
    fields = {
        f"row_{row.number}": RadioField(
            " ".join([alike(row), *said[row.number]]),
            choices=list(CHOICES.items()),
            default=row.choice,
            validators=[Optional()],
        )
        for row in rows
    }
    return type("Decided", (Form,), fields)()


def chosen(form: Form, rows: Sequence[LikeRow]) -> dict[int, str]:
    """What was chosen, by row."""
    return {row.number: form[f"row_{row.number}"].data for row in rows if form[f"row_{row.number}"].data}


def like_whom(row: LikeRow) -> str:
    """Whom this row is like."""
    if row.like_row:
        return _("%(name)s in row %(number)s", name=row.like_name, number=row.like_row)
    return _("%(name)s, who is in your list", name=row.like_name)


def alike(row: LikeRow) -> str:
    """Why somebody is asked about this row."""
    where = like_whom(row)
    match row.by:
        case "phone":
            return _(
                "Row %(n)s: %(name)s has the mobile number of %(where)s.",
                n=row.number,
                name=row.name,
                where=where,
            )
        case "email":
            return _(
                "Row %(n)s: %(name)s has the email address of %(where)s.",
                n=row.number,
                name=row.name,
                where=where,
            )
    return _("Row %(n)s: %(name)s has the same name as %(where)s.", n=row.number, name=row.name, where=where)
