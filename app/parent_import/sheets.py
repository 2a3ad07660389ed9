"""A file of rows, as spreadsheets make it: CSV in any of their encodings, or XLSX. What it means is `rows`'s to say.

Row numbers are those that the spreadsheet shows beside its rows, so that somebody finds the row that we speak of.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time

from flask_babel import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from app.documents.apart import look_apart
from app.documents.refusals import UploadRefused
from app.parent_import.columns import count_known

#: Bytes of the file, and of what an XLSX unpacks to.
MOST_BYTES, MOST_UNPACKED = 5_000_000, 60_000_000
MOST_ROWS = 10_000
MOST_COLUMNS = 60
#: Letters kept of a cell: one more than any column takes, so that it is seen to be too long.
MOST_LETTERS = 1_001
#: Bytes of what is read, as JSON.
_MOST_READ = 40_000_000
#: How far down the row with the headings is looked for: some lists begin with a title.
_HEADINGS_WITHIN = 20
_DELIMITERS = ",;\t|"
#: A telephone number or an email address: no heading holds one.
_ADDRESS = re.compile(r"\+?[\d ()./-]{9,}|\S+@\S+\.\S+")
#: What stands in pictures and programs, and in no list but by a slip.
_NO_TEXT = "\0\x01\x02\x03\x04\x05\x06\x07\x08"


#: A row that holds anything: the spreadsheet's number, and its cells.
Numbered = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`headings`, and the rows below them that hold anything: (the spreadsheet's number, as many cells).

    Where we know none of the headings, their row is the first of `rows` too. Where that is plainly somebody, there are
    no headings.
    """

    headings: list[str]
    rows: list[Numbered]
    #: The tab of a workbook that has several; else empty.
    tab: str = ""


def read_apart(filename: str, data: bytes) -> Sheet:
    """Read a file that somebody sent, in a process that may not take long nor much. Raises UploadRefused."""
    if len(data) > MOST_BYTES:
        raise _refused(
            "large", _("This file is larger than 5 MB. Save only the list of parents, and send that.")
        )
    answer = look_apart(
        _read,
        filename,
        data,
        most=_MOST_READ,
        too_hard=_("We could not read this file in time. Save it as a CSV file, and send that."),
    )
    said = json.loads(answer)
    if "code" in said:
        raise _refused(said["code"], said["words"])
    return Sheet(said["headings"], [(number, cells) for number, cells in said["rows"]], said["tab"])


def _read(filename: str, data: bytes) -> bytes:
    try:
        return json.dumps(asdict(read_sheet(filename, data))).encode()
    except UploadRefused as refused:
        return json.dumps({"code": refused.code, "words": refused.words}).encode()


def read_sheet(filename: str, data: bytes) -> Sheet:
    """What a file holds. Raises UploadRefused, saying what to do."""
    if data.startswith(b"PK\x03\x04"):
        return _best(_tabs(data))
    if data.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")) or filename.lower().endswith(
        (".xls", ".ods", ".pdf", ".docx")
    ):
        raise _wrong_kind()
    text = _decoded(data)
    return _best([("", list(_records(text)))])


def _best(tabs: list[tuple[str, list[Numbered]]]) -> Sheet:
    """The tab whose headings we know best; the first that has rows, where none is known."""
    found = [(name, filled, *_headings_of(filled)) for name, filled in tabs if filled]
    if not found:
        raise _refused(
            "empty", _("There is nothing in this file. Put one parent in each row, below the headings.")
        )
    name, filled, at, known = max(found, key=lambda one: one[3])
    headings, rows = filled[at][1], filled[at + 1 :]
    is_somebody = any(_ADDRESS.fullmatch(cell) for cell in headings)
    if is_somebody or not known:
        # A parent, or headings of another system: it stays among the rows, and somebody says which.
        rows = filled[at:]
    if is_somebody:
        headings = []
    if not rows:
        raise _refused(
            "no_rows", _("This file has headings and no rows. Put one parent in each row below them.")
        )
    if len(rows) > MOST_ROWS + (not known):
        raise _refused(
            "many", _("This file has more than 10,000 rows. Split it in two, and send one after the other.")
        )
    width = max(len(headings), *(len(row) for _number, row in rows))
    if width > MOST_COLUMNS:
        raise _refused("wide", _("This file has more than 60 columns. Save only those about the parents."))
    return Sheet(
        [*headings, *[""] * (width - len(headings))],
        [(number, [*row, *[""] * (width - len(row))]) for number, row in rows],
        name if len(tabs) > 1 else "",
    )


def _headings_of(filled: list[Numbered]) -> tuple[int, int]:
    """Which of these rows has the headings, and how many of them we know; the first, where none is known."""
    count, place = max((count_known(row), -at) for at, (_number, row) in enumerate(filled[:_HEADINGS_WITHIN]))
    return -place, count


def _filled(rows: Iterable[Sequence[object]]) -> Iterator[Numbered]:
    """The rows that hold anything, by their numbers; one more than there may be is enough to refuse them."""
    found = 0
    for number, row in enumerate(rows, 1):
        cells = [_cell(value) for value in row[: MOST_COLUMNS + 1]]
        if any(cells):
            yield number, cells
            found += 1
            if found > MOST_ROWS + _HEADINGS_WITHIN:
                return


def _records(text: str) -> Iterator[Numbered]:
    """The rows of a CSV, with the mark between its cells that makes most sense of it."""
    beginning = text[:20_000]
    mark = max(_DELIMITERS, key=lambda one: _sense(beginning, one))
    csv.field_size_limit(MOST_BYTES)
    try:
        yield from _filled(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error:
        raise _wrong_kind() from None
    if _stays_open(text, mark):
        raise _refused(
            "quote",
            _("A quotation mark in this file is opened and not closed, so rows run together. Take it out."),
        )


def _stays_open(text: str, mark: str) -> bool:
    """Whether the file ends within quotation marks: rows from there on were read as one cell."""
    try:
        for _row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def _sense(beginning: str, mark: str) -> tuple[int, int]:
    rows = list(csv.reader(io.StringIO(beginning, newline=""), delimiter=mark))[:_HEADINGS_WITHIN]
    return max((count_known(row) for row in rows), default=0), max((len(row) for row in rows), default=0)


def _decoded(data: bytes) -> str:
    """Text in the encodings in which spreadsheets write it. Raises UploadRefused for what is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    half = len(data[:1000]) // 2
    if half and data[1:1000:2].count(0) > half * 0.6:
        return data.decode("utf-16-le", errors="replace")
    if half and data[0:1000:2].count(0) > half * 0.6:
        return data.decode("utf-16-be", errors="replace")
    text = data.decode("utf-8-sig", errors="replace")
    broken = text.count("\ufffd")
    if broken > sum(sign > "\x7f" for sign in text) - broken:
        text = data.decode("cp1252", errors="replace")
    if sum(text[:20_000].count(sign) for sign in _NO_TEXT) > 20:
        raise _wrong_kind()
    return text


def _tabs(data: bytes) -> list[tuple[str, list[Numbered]]]:
    """The visible tabs of a workbook, each with its rows from the first on."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise _refused(
                    "large", _("This workbook is too large. Save the list of parents as a CSV file.")
                )
            if not any(name.startswith("xl/") for name in parts.namelist()):
                raise _wrong_kind()
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        seen = [tab.name for tab in book.sheets_metadata if tab.visible == SheetVisibleEnum.Visible]
        return [(name, list(_filled(book.get_sheet_by_name(name).iter_rows()))) for name in seen]
    except (zipfile.BadZipFile, CalamineError, OSError, ValueError):
        raise _wrong_kind() from None


def _cell(value: object) -> str:
    """A cell as somebody reads it: no decimals of a whole number, a day as a day."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip()[:MOST_LETTERS]


def _wrong_kind() -> UploadRefused:
    return _refused(
        "kind", _("We need a CSV or Excel file (.xlsx) under 5 MB. Save your list as one of these.")
    )


def _refused(code: str, words: str) -> UploadRefused:
    return UploadRefused(code, words)
