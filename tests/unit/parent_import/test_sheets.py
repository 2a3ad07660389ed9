"""Files as spreadsheets write them, read as their rows are numbered there."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from app.documents import apart
from app.documents.refusals import UploadRefused
from app.parent_import.sheets import MOST_LETTERS, MOST_ROWS, read_apart, read_sheet
from app.wiring import wire

LIST = "First name,Last name,Mobile number\nAyşe,Yılmaz,07700 900555\nZoë,O’Brien,07700 900556\n"


def workbook(*tabs: tuple[str, list[list[object]]], hidden: str = "") -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        for name, rows in tabs:
            sheet = book.add_worksheet(name)
            if name == hidden:
                sheet.hide()
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        LIST.encode(),
        LIST.encode("utf-8-sig"),
        LIST.encode("utf-16"),
        LIST.encode("utf-16-le"),
        LIST.encode("utf-16-be"),
        LIST.replace(",", ";").encode(),
        LIST.replace(",", "\t").encode("utf-16"),
        LIST.replace("\n", "\r\n").encode(),
        LIST.replace("\n", "\r").encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "le", "be", "semicolons", "excel-text", "windows", "old-mac"],
)
def test_every_encoding_and_mark_is_read_alike(data):
    sheet = read_sheet("list.csv", data)

    assert sheet.headings == ["First name", "Last name", "Mobile number"]
    assert sheet.rows == [(2, ["Ayşe", "Yılmaz", "07700 900555"]), (3, ["Zoë", "O’Brien", "07700 900556"])]


def test_one_broken_letter_does_not_turn_every_other_name():
    data = "Name\nAyşe Yılmaz\nZoë\n".encode() + b"Jos\xe9\n"

    assert [row for _number, row in read_sheet("list.csv", data).rows] == [
        ["Ayşe Yılmaz"],
        ["Zoë"],
        ["Jos\ufffd"],
    ]


def test_windows_letters_are_read():
    sheet = read_sheet("list.csv", "Name\nZoë O’Brien\n".encode("cp1252"))

    assert sheet.rows == [(2, ["Zoë O’Brien"])]


def test_rows_are_numbered_as_the_spreadsheet_numbers_them():
    """A title, empty rows, and a cell of two lines: each counts as one row there."""
    text = 'Our list\n\nFirst name,Last name\n"Ann\nMarie",Lee\n\n,\nBo,Li\n'

    assert read_sheet("list.csv", text.encode()).rows == [(4, ["Ann\nMarie", "Lee"]), (7, ["Bo", "Li"])]


@pytest.mark.parametrize("between", [1, 2])
def test_empty_rows_between_people_lose_nobody(between):
    """As many people as there may be, each below empty rows: the numbers go on, and none is left out."""
    text = "First name\n" + ("\n" * between + "Ann\n") * 7_000

    rows = read_sheet("list.csv", text.encode()).rows

    assert len(rows) == 7_000
    assert rows[-1][0] == 7_000 * (between + 1) + 1


def test_people_far_down_a_workbook_are_read():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "First name")
        for at in (*range(1, 201), *range(20_000, 20_030)):
            sheet.write(at, 0, "Ann")

    rows = read_sheet("list.xlsx", file.getvalue()).rows

    assert len(rows) == 230
    assert rows[-1] == (20_030, ["Ann"])


def test_ragged_rows_are_filled_up():
    sheet = read_sheet("list.csv", b"First name,Last name\nAnn\nBo,Li,extra\n")

    assert sheet.headings == ["First name", "Last name", ""]
    assert sheet.rows == [(2, ["Ann", "", ""]), (3, ["Bo", "Li", "extra"])]


def test_a_cell_of_a_megabyte_is_cut_and_the_rest_is_read():
    sheet = read_sheet("list.csv", b"First name,Last name\n" + b"a" * 1_000_000 + b",Lee\nBo,Li\n")

    assert len(sheet.rows[0][1][0]) == MOST_LETTERS
    assert sheet.rows[1] == (3, ["Bo", "Li"])


def test_a_workbook_is_read_by_its_visible_tab_with_our_headings():
    data = workbook(
        ("Old", [["First name", "Last name"], ["No", "Body"]]),
        ("Notes", [["Written by Ann"]]),
        (
            "Parents",
            [[], ["Forename", "Surname", "Mobile"], ["Ann", "Lee", 7700900555], ["Bo", "Li", "07700900556"]],
        ),
        hidden="Old",
    )

    sheet = read_sheet("list.xlsx", data)

    assert sheet.tab == "Parents"
    assert sheet.rows == [(3, ["Ann", "Lee", "7700900555"]), (4, ["Bo", "Li", "07700900556"])]


def test_a_formula_is_what_it_shows():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["First name", "Last name"])
        sheet.write_formula(1, 0, '="An"&"n"', value="Ann")
        sheet.write_string(1, 1, "Lee")

    assert read_sheet("list.xlsx", file.getvalue()).rows == [(2, ["Ann", "Lee"])]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("list.csv", b"", "empty"),
        ("list.csv", b"\n , \n", "empty"),
        ("list.csv", b"First name,Last name\n", "no_rows"),
        ("list.xls", b"\xd0\xcf\x11\xe0rest", "kind"),
        ("list.pdf", b"%PDF-1.7", "kind"),
        ("list.csv", bytes(range(256)) * 40 + b"\0" * 900, "kind"),
        ("list.xlsx", b"PK\x03\x04 and nothing more", "kind"),
        ("list.csv", b"First name\n" + b"Ann\n" * (MOST_ROWS + 1), "many"),
        ("list.csv", b'Name,Mobile\nAnn,07700900123\n"Bo,07700900124\nCy,07700900125\n', "quote"),
        ("list.csv", b"a," * 70 + b"\n" + b"b," * 70, "wide"),
    ],
)
def test_explains_why_a_file_is_not_a_list(name, data, code):
    with pytest.raises(UploadRefused) as refused:
        read_sheet(name, data)

    assert refused.value.code == code


def test_rejects_a_zip_that_is_not_a_workbook():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("word/document.xml", "<x/>")

    with pytest.raises(UploadRefused) as refused:
        read_sheet("list.xlsx", file.getvalue())

    assert refused.value.code == "kind"


def test_a_workbook_that_unpacks_to_too_much_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b" " * 70_000_000)

    with pytest.raises(UploadRefused) as refused:
        read_sheet("list.xlsx", file.getvalue())

    assert refused.value.code == "large"


def test_what_reads_a_spreadsheet_is_loaded_before_one_comes():
    """A child that has to load the reader first takes seconds, of which whoever sends the file waits each."""
    wire()

    assert read_apart.__module__ in apart.LOADED
