"""A list as a file for a spreadsheet: what would be in it, then the file, and a line in the history of its owner.

made = ListFile("groups", _("Groups"), headings, rows)
return list_files.answer(file_type, made, SAVED, subject_id=school_id)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.audit.trail import Event, record
from app.extensions import db
from app.shell import chosen_lines, sheet_files
from app.shell.errors import NotFound
from infra.clock import LONDON


@dataclass(frozen=True, slots=True)
class ListFile:
    """`name` of the file, `tab` of the sheet; a row for each line of the list, as many cells as `headings`."""

    name: str
    tab: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


def sortable(value: date | datetime | None) -> str:
    """`2026-10-31`, the day in England: spreadsheets take it for a date and sort it; empty for none."""
    if isinstance(value, datetime):
        value = value.astimezone(LONDON).date()
    return value.isoformat() if value else ""


def names_leave() -> str:
    """What to think of before a list of people is saved."""
    return _(
        "Names and numbers leave We Belong with this file. Keep it where only those who need it can read it, and delete"
        " it when you are done. We keep a record of who saved it, and when."
    )


def page(made: ListFile, *, counted: str, **shown: Any) -> str:
    """What would be in the file, before it is made. `counted`: of the whole list; `shown`: as `shell/save_list.html`
    takes it."""
    total = len(made.rows)
    if chosen_lines.mark():
        counted = ngettext("The one that you ticked.", "The %(num)d that you ticked.", total)
    return render_template(
        "shell/save_list.html", headings=made.headings, total=total, counted=counted, **shown
    )


def answer(file_type: str, made: ListFile, saved: Event, *, subject_id: UUID) -> Response:
    """The file, `csv` or `xlsx`; that it was saved stands in the history. Raises NotFound for another type."""
    if file_type not in sheet_files.MIMETYPES:
        raise NotFound
    record(db.session, saved, subject_id=subject_id, count=len(made.rows))
    body = (
        sheet_files.as_csv(made.headings, made.rows)
        if file_type == "csv"
        else sheet_files.as_xlsx(made.headings, made.rows, tab=made.tab)
    )
    return Response(
        body,
        content_type=sheet_files.MIMETYPES[file_type],
        headers={"Content-Disposition": f'attachment; filename="{made.name}.{file_type}"'},
    )
