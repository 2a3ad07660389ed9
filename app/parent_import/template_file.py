"""The empty list to download: our headings alone, for an example that is left in would be added as a parent."""

from __future__ import annotations

import csv
import io

import xlsxwriter

from app.parent_import.columns import COLUMNS

#: The whole name in one cell is for lists of other systems.
_SHOWN = [column for column in COLUMNS.values() if column.code != "name"]
CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _headings() -> list[str]:
    return [str(column.label) for column in _SHOWN]


def as_csv() -> bytes:
    """With the mark by which Excel knows the encoding."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow(_headings())
    return text.getvalue().encode("utf-8-sig")


def as_xlsx() -> bytes:
    """Every cell is text, so that a number keeps its first nought."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Parents and carers")
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
        sheet.set_column(0, len(_SHOWN) - 1, 24, text)
        sheet.write_row(0, 0, _headings(), bold)
        sheet.freeze_panes(1, 0)
    return file.getvalue()
