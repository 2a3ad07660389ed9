"""The empty list to download: our headings alone, for an example that is left in would be added as a parent."""

from __future__ import annotations

from app.parent_import.columns import COLUMNS
from app.shell import sheet_files

#: The whole name in one cell is for lists of other systems.
_SHOWN = [column for column in COLUMNS.values() if column.code != "name"]


def as_file(file_type: str) -> bytes:
    """As `csv` or `xlsx`."""
    headings = [str(column.label) for column in _SHOWN]
    if file_type == "csv":
        return sheet_files.as_csv(headings)
    return sheet_files.as_xlsx(headings, tab="Parents and carers")
