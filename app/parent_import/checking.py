"""A list that was sent is read row by row, and compared with the school's: at once, or of a long one by a worker.

Each piece stands by itself, so that whoever goes on after a worker that died begins where that one was.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.parent_import import queries
from app.parent_import.columns import COLUMNS, Place
from app.parent_import.comparing import Likeness, compare
from app.parent_import.rows import ReadRow, read_rows
from app.recruitment import many
from app.recruitment.services import ParentDetails

#: Rows that are read in one transaction: a second of work, so that the page tells of each.
PIECE = 1_000

_READ = text(
    "update parent_import_row r set details = x.details, problems = x.problems"
    " from jsonb_to_recordset(cast(:rows as jsonb)) as x(number int, details jsonb, problems jsonb)"
    " where r.school_id = :school and r.import_id = :import_id and r.number = x.number"
)
_COMPARED = text(
    "update parent_import_row r set verdict = x.verdict,"
    " like_parent = x.like_parent, like_row = x.like_row, like_by = x.like_by,"
    " choice = case when x.verdict = 'possible' and (r.like_parent, r.like_row) is not distinct from"
    " (x.like_parent, x.like_row) then r.choice end"
    " from jsonb_to_recordset(cast(:rows as jsonb)) as x(number int, verdict text, like_parent uuid, like_row int,"
    " like_by text)"
    " where r.school_id = :school and r.import_id = :import_id and r.number = x.number"
)


def read_piece(
    session: Session,
    school_id: UUID,
    import_id: UUID,
    columns: Sequence[str],
    *,
    begin: int,
    most: int | None,
) -> int:
    """Read up to `most` rows from place `begin` on, as these columns say; how many there were."""
    rows = queries.list_cells(session, school_id, import_id, offset=begin, most=most)
    # What is wrong is said by column: headings may be none, or twice the same.
    places = [Place(str(COLUMNS[one].label) if one else "", one) for one in columns]
    read = [
        {
            "number": row.number,
            "details": asdict(row.details) if row.details else None,
            "problems": [[one.heading, one.words] for one in row.problems],
        }
        for row in read_rows(places, rows)
    ]
    session.execute(_READ, {"school": school_id, "import_id": import_id, "rows": json.dumps(read)})
    return len(rows)


def compare_rows(session: Session, school_id: UUID, import_id: UUID) -> None:
    """Say of every row that was read what it is, beside the list as it stands now and the rows above."""
    said = _likenesses(session, school_id, queries.list_said(session, school_id, import_id))
    rows = [
        {
            "number": one.number,
            "verdict": one.verdict,
            "like_parent": str(one.parent_id) if one.parent_id else None,
            "like_row": one.row,
            "like_by": one.by,
        }
        for one in said
    ]
    session.execute(_COMPARED, {"school": school_id, "import_id": import_id, "rows": json.dumps(rows)})


def is_as_compared(session: Session, school_id: UUID, import_id: UUID) -> bool:
    """Whether comparing says today what it said when the rows were read; they themselves stay as they were sent."""
    rows = queries.list_said(session, school_id, import_id)
    return all(
        (row.verdict, row.like_parent, row.like_row) == (one.verdict, one.parent_id, one.row)
        for row, one in zip(rows, _likenesses(session, school_id, rows), strict=True)
    )


def _likenesses(session: Session, school_id: UUID, rows: Sequence[queries.SaidRow]) -> list[Likeness]:
    read = [ReadRow(row.number, ParentDetails(**row.details) if row.details else None) for row in rows]
    return compare(read, [(one.id, one) for one in many.list_all_contacts(session, school_id)])
