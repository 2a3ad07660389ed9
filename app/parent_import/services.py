"""A list of parents from a spreadsheet: sent, its columns named, looked at, added as a whole, taken back within a day.

Nothing of a file is in the school's list before somebody has seen what it would change, and then all of it is or none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import PurePath
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.documents.services import count_kept, take_turn
from app.parent_import import checking, queries
from app.parent_import.columns import COLUMNS, Place, place
from app.parent_import.models import ParentImport
from app.parent_import.sheets import Sheet, read_apart
from app.recruitment import households, many
from app.recruitment.queries import list_contacts
from app.recruitment.services import ParentDetails
from app.recruitment.steps import acting_name
from app.schools import stage_rights
from app.shell.edge import after_commit
from app.shell.parsing import plain_name
from app.shell.refusals import Refused
from app.states.imports import BEING_READ, Choice, ImportState
from infra.clock import now
from infra.ids import new_id
from infra.queue import Bell, ring

ADDED = define("parent_import:list:added", keys=("count",))
UNDONE = define("parent_import:list:undone", keys=("count", "kept"))

#: How long the whole of it can be taken back; its rows are kept as long.
UNDO = timedelta(days=1)

#: A list of more rows is read by a worker, and its page tells how far that is.
LONG = 500

_ROWS = text(
    "insert into parent_import_row (school_id, import_id, number, cells)"
    " select :school, :import_id, x.number, array(select jsonb_array_elements_text(x.cells))"
    " from jsonb_to_recordset(cast(:rows as jsonb)) as x(number int, cells jsonb)"
)
_CHOSEN = text(
    "update parent_import_row r set choice = x.choice"
    " from jsonb_to_recordset(cast(:rows as jsonb)) as x(number int, choice text)"
    " where r.school_id = :school and r.import_id = :import_id and r.number = x.number and r.verdict = 'possible'"
)
_WHOSE = text(
    "update parent_import_row r set parent_id = x.parent_id"
    " from jsonb_to_recordset(cast(:rows as jsonb)) as x(number int, parent_id uuid)"
    " where r.school_id = :school and r.import_id = :import_id and r.number = x.number"
)
_ERASE = text(
    "delete from parent_import where school_id = :school and coalesce(added_at, created_at) < :before"
)


class AddedAlready(Refused):
    """Pressed twice, or by two: the first press counted."""

    leads_on = True

    def __init__(self) -> None:
        super().__init__(_("This list has already been added."))


def start(session: Session, school_id: UUID, by_person: UUID, file_name: str, data: bytes) -> ParentImport:
    """Take a file in. What its columns are is checked at once where their headings say so.

    Raises Refused (UploadRefused) for a file that is no list, and where the school finds no parents now.
    """
    stage_rights.check(session, school_id, "find_parents")
    take_turn(session)
    sheet = count_kept(lambda: read_apart(file_name, data))
    places = place(sheet.headings)
    found = ParentImport(
        school_id=school_id,
        id=new_id(),
        file_name=plain_name(PurePath(file_name.replace("\\", "/")).name)[:100] or "list",
        tab=sheet.tab[:100],
        headings=sheet.headings,
        columns=[one.column for one in places],
        row_count=len(sheet.rows),
        by_person=by_person,
        by_name=acting_name("school"),
    )
    session.add(found)
    session.flush()
    session.execute(
        _ROWS,
        {"school": school_id, "import_id": found.id, "rows": json.dumps(_as_rows(sheet, places))},
    )
    if _is_plain(places):
        _check(session, found)
    return found


def _as_rows(sheet: Sheet, places: Sequence[Place]) -> list[dict[str, object]]:
    """The rows as they are kept: nothing of what we do not take, not even for a day."""
    return [
        {
            "number": number,
            # What the database cannot keep is seen as a letter that cannot be read.
            "cells": [
                "" if place.is_not_taken else cell.replace("\0", "\ufffd")
                for place, cell in zip(places, cells, strict=True)
            ],
        }
        for number, cells in sheet.rows
    ]


def _is_plain(places: Sequence[Place]) -> bool:
    """Whether the headings leave nothing to ask."""
    return _has_name([one.column for one in places]) and not any(
        one.is_guess or not (one.column or one.is_not_taken or not one.heading) for one in places
    )


def _has_name(columns: Sequence[str]) -> bool:
    return bool({"first_name", "last_name", "name"} & set(columns))


def name_columns(
    session: Session,
    school_id: UUID,
    import_id: UUID,
    columns: Sequence[str],
    *,
    first_row: str | None = None,
) -> ParentImport:
    """Say what each column is, in the order of the file; empty for left out. Raises Refused.

    `first_row`: "headings" or "parent", where only somebody can tell.
    """
    found = queries.get_import(session, school_id, import_id, hold=True)
    _refuse_unread(found)
    if len(columns) != len(found.headings) or any(one and one not in COLUMNS for one in columns):
        raise Refused(_("Choose from the lists."))
    used = [one for one in columns if one]
    twice = next((one for one in used if used.count(one) > 1), None)
    if twice:
        raise Refused(_("Two columns are “%(what)s”. Leave one of them out.", what=COLUMNS[twice].label))
    if not _has_name(columns):
        raise Refused(_("Say which column has their name."))
    found.columns = list(columns)
    if first_row == "headings":
        queries.drop_headings(session, found)
    _check(session, found)
    return found


def _check(session: Session, found: ParentImport) -> None:
    """Read and compare every row as things stand now; of a long list a worker does."""
    found.version += 1
    if found.row_count > LONG:
        _ask_worker(found)
    else:
        checking.read_piece(session, found.school_id, found.id, found.columns, begin=0, most=None)
        checking.compare_rows(session, found.school_id, found.id)
        found.read_count, found.state = found.row_count, ImportState.CHECKED
    session.flush()


def _ask_worker(found: ParentImport) -> None:
    # Its attempts go on, so that the late word of a worker that was given up counts for nothing.
    found.state, found.read_count, found.next_at = ImportState.WAITING, 0, now()
    after_commit(_ring)


def _ring() -> None:
    ring(current_app.extensions["settings"].secret("redis_url"), Bell.DOCUMENTS)


def read_again(session: Session, school_id: UUID, import_id: UUID) -> None:
    """Have a list read from its first row on, where that stopped. Raises Refused where it goes on."""
    found = queries.get_import(session, school_id, import_id, hold=True)
    if not queries.has_stopped(found):
        raise Refused(_("This list is being read, or has been. There is nothing to try again."))
    _ask_worker(found)
    session.flush()


def choose(session: Session, school_id: UUID, import_id: UUID, choices: Mapping[int, str]) -> None:
    """Say what becomes of each who may be here already. Raises Refused once it is over."""
    found = queries.get_import(session, school_id, import_id, hold=True)
    _refuse_unread(found)
    chosen = [{"number": number, "choice": Choice(one)} for number, one in choices.items()]
    session.execute(_CHOSEN, {"school": school_id, "import_id": import_id, "rows": json.dumps(chosen)})
    # What a page said would be added is not so any more.
    found.version += 1
    session.flush()


def add_all(session: Session, school_id: UUID, import_id: UUID, *, without_wrong: bool) -> int | None:
    """Add everybody that the page said would be added; how many. None: something is different now, so nothing was.

    Raises Refused while a row is wrong that is not left out, or somebody has not been decided about.
    """
    stage_rights.check(session, school_id, "find_parents")
    found = queries.get_import(session, school_id, import_id, hold=True)
    _refuse_unread(found)
    many.hold_list(session, school_id)
    if not checking.is_as_compared(session, school_id, import_id):
        checking.compare_rows(session, school_id, import_id)
        found.version += 1
        session.flush()
        return None
    counts = queries.count_rows(session, school_id, import_id)
    if counts.wrong and not without_wrong:
        raise Refused(
            ngettext(
                "One row cannot be read. Correct it in your spreadsheet and send the file again, or tick that it is"
                " left out.",
                "%(num)d rows cannot be read. Correct them in your spreadsheet and send the file again, or tick that"
                " they are left out.",
                counts.wrong,
            ),
            "without_wrong",
        )
    if counts.undecided:
        raise Refused(
            ngettext(
                "Choose for the one person who may be in your list already.",
                "Choose for the %(num)d people who may be in your list already.",
                counts.undecided,
            )
        )
    rows = queries.list_to_add(session, school_id, import_id)
    if not rows:
        raise Refused(_("There is nobody new in this file, so there is nobody to add."))
    ids = many.add_parents(session, school_id, [ParentDetails(**row.details) for row in rows])
    added = {row.number: parent_id for row, parent_id in zip(rows, ids, strict=True)}
    session.execute(
        _WHOSE,
        {
            "school": school_id,
            "import_id": import_id,
            "rows": json.dumps([{"number": number, "parent_id": str(one)} for number, one in added.items()]),
        },
    )
    likeness = {one.number: one for one in queries.list_said(session, school_id, import_id)}

    def who_is(parent_id: UUID | None, row: int | None) -> UUID | None:
        """The parent of the list who is like a row: it itself, or whom it was kept as."""
        while parent_id is None and row is not None:
            parent_id, like = added.get(row), likeness[row]
            parent_id, row = parent_id or like.like_parent, like.like_row
        return parent_id

    households.link(
        session,
        school_id,
        (
            (added[row.number], mate)
            for row in rows
            if row.choice == Choice.HOUSEHOLD and (mate := who_is(row.like_parent, row.like_row)) is not None
        ),
    )
    found.state, found.added_at, found.added_count = ImportState.ADDED, now(), len(ids)
    record(session, ADDED, subject_id=import_id, count=len(ids))
    session.flush()
    return len(ids)


def undo(session: Session, school_id: UUID, import_id: UUID) -> tuple[int, list[str]]:
    """Take out again whom it added and nobody has touched since; (how many went, who stays). Raises Refused.

    Whoever was taken out by hand meanwhile is neither.
    """
    found = queries.get_import(session, school_id, import_id, hold=True)
    if found.state == ImportState.UNDONE:
        raise Refused(_("That has already been taken back."))
    if found.state != ImportState.ADDED or found.added_at is None or found.added_at < now() - UNDO:
        raise Refused(_("A list can be taken back for a day. Take people out one by one now."))
    added = {
        row.parent_id: ParentDetails(**row.details)
        for row in queries.list_added(session, school_id, import_id)
    }
    gone, kept = many.remove_untouched(session, school_id, added)
    found.state, found.undone_at, found.undone_count = ImportState.UNDONE, now(), len(gone)
    found.undone_by_name = acting_name("school")
    record(session, UNDONE, subject_id=import_id, count=len(gone), kept=len(kept))
    session.flush()
    contacts = list_contacts(session, school_id, kept)
    return len(gone), sorted(one.name for one in contacts.values())


def throw_away(session: Session, school_id: UUID, import_id: UUID) -> None:
    """Forget a file that was not added. Raises Refused for one that was."""
    found = queries.get_import(session, school_id, import_id, hold=True)
    _refuse_over(found)
    session.delete(found)
    session.flush()


def erase_old(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """The schedule's job: nothing of a file is kept when it cannot be taken back any more. It writes no message."""
    session.execute(_ERASE, {"school": school_id, "before": moment - UNDO})
    return 0


def _refuse_over(found: ParentImport) -> None:
    if found.state in (ImportState.ADDED, ImportState.UNDONE):
        raise AddedAlready


def _refuse_unread(found: ParentImport) -> None:
    _refuse_over(found)
    if found.state in BEING_READ:
        raise Refused(_("This list is still being read. Wait until it is, then look at it."))
