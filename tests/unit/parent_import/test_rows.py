"""Headings are known by what they mean, and cells say what the form would say."""

from __future__ import annotations

import pytest

from app.parent_import.columns import COLUMNS, Place, place
from app.parent_import.comparing import compare
from app.parent_import.rows import ReadRow, read_rows
from app.recruitment.services import ParentDetails
from infra.ids import new_id


@pytest.fixture(autouse=True)
def _request(app):
    with app.test_request_context():
        yield


def read(**cells: str) -> ReadRow:
    return read_rows([Place(code, code) for code in cells], [(2, list(cells.values()))])[0]


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("First name", "first_name"),
        ("FORENAME", "first_name"),
        ("surname ", "last_name"),
        ("E-mail address", "email"),
        ("mobile_number", "phone"),
        ("Attendance (%)", "attendance_band"),
        ("Home language", "language"),
    ],
)
def test_a_heading_is_known_in_any_spelling(heading, column):
    (found,) = place([heading])

    assert (found.column, found.is_guess) == (column, False)


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Pupil year group", "year_group"),
        ("Student attendance", "attendance_band"),
        ("Parent email address 1", "email"),
    ],
)
def test_what_we_take_is_not_mistaken_for_what_we_do_not(heading, column):
    (found,) = place([heading])

    assert not found.is_not_taken
    assert found.column in (column, "")


def test_a_near_miss_is_a_guess_that_somebody_looks_at():
    (found,) = place(["Fist name"])

    assert (found.column, found.is_guess) == ("first_name", True)


def test_a_guess_gives_way_to_the_heading_itself():
    near, exact = place(["Fist name", "First name"])

    assert (near.column, exact.column) == ("", "first_name")


def test_of_two_columns_of_one_kind_the_second_is_asked_about():
    first, second = place(["Mobile", "Telephone"])

    assert (first.column, second.column, second.is_guess) == ("phone", "", True)


@pytest.mark.parametrize(
    "heading",
    [
        "UPN",
        "Child’s name",
        "Pupil surname",
        "Date of birth",
        "Home Address",
        "Pupil's name",
        "Pupil DOB",
        "Child first name",
        "Pupil UPN",
        "UPN number",
        "NHS number",
        "Address 1",
        "EHCP",
        "Name of the student",
        "CHILD’S SURNAME",
    ],
)
def test_nothing_of_the_child_is_taken(heading):
    (found,) = place([heading])

    assert found.is_not_taken
    assert not found.column


def test_every_heading_of_the_template_is_known():
    assert [one.column for one in place([str(column.label) for column in COLUMNS.values()])] == list(COLUMNS)


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        ({"name": "Begum, Amina"}, ("Amina", "Begum")),
        ({"name": "Amina Sultana Begum"}, ("Amina", "Sultana Begum")),
        ({"name": "Sukarno"}, ("Sukarno", "")),
        ({"last_name": "Sukarno"}, ("Sukarno", "")),
        ({"first_name": "李", "last_name": "伟"}, ("李", "伟")),
        ({"first_name": " Ayşe  Nur ", "last_name": "N/A"}, ("Ayşe Nur", "")),
    ],
)
def test_names_are_read_as_people_write_them(cells, names):
    details = read(**cells).details

    assert details is not None
    assert (details.first_name, details.last_name) == names


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("phone", "7700900555", "+447700900555"),
        ("phone", "+44 7700 900555", "+447700900555"),
        ("phone", "٠٧٧٠٠٩٠٠٥٥٥", "+447700900555"),
        ("email", "Ann@Example.org", "ann@example.org"),
        ("language", "Turkish", "tr"),
        ("language", "TÜRKÇE", "tr"),
        ("language", "বাংলা", "bn"),
        ("interpreter", "Y", True),
        ("interpreter", "no", False),
        ("year_group", "9", "Year 9"),
        ("year_group", "Yr 09", "Year 9"),
        ("year_group", "R", "Reception"),
        ("attendance_band", "63%", "50_to_80"),
        ("attendance_band", "0.63", "50_to_80"),
        ("attendance_band", "1%", "under_50"),
        ("attendance_band", "0.99", "over_90"),
        ("attendance_band", "90", "80_to_90"),
        ("attendance_band", "90.5", "over_90"),
        ("attendance_band", "Less than 50%", "under_50"),
        ("needs", "Quiet  room", "Quiet room"),
    ],
)
def test_a_cell_is_read_kindly(column, cell, value):
    details = read(first_name="Ann", **{column: cell}).details

    assert details is not None
    assert getattr(details, column) == value


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("phone", "4.47701E+11", "shortened this number"),
        ("phone", "020 7946 0123", "cannot send texts"),
        ("phone", "ask at the gate", "Type the number alone"),
        ("email", "ann at example.org", "with the @"),
        ("language", "Klingon", "We do not write in this language yet"),
        ("interpreter", "maybe", "Enter yes or no"),
        ("year_group", "Year 14", "Year 1 to Year 13"),
        ("attendance_band", "-3", "percentage"),
        ("attendance_band", "-3", "such as 63%."),
        ("attendance_band", "1", "100%"),
        ("attendance_band", "nan", "percentage"),
        ("needs", "x" * 201, "200 letters or fewer"),
        # Bengali signs that are one letter as typed, and two as they are kept.
        ("last_name", "\u09df" * 6 + "\u0995" * 90, "100 letters or fewer"),
        ("needs", "=HYPERLINK(1)", "formula"),
        ("needs", "#REF!", "could not work this cell out"),
        ("known_as", "https://evil.example", "Enter the name alone"),
        ("needs", "a\ufffdb", "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_at_its_cell(column, cell, words):
    row = read(first_name="Ann", **{column: cell})

    assert row.details is None
    (problem,) = row.problems
    assert problem.heading == column
    assert words in problem.words


def test_a_row_without_a_name_says_so():
    row = read(first_name="", phone="07700 900555")

    assert [one.words for one in row.problems] == ["Enter their name. One name is enough."]


def people(*rows: tuple[str, str, str, str]) -> list[ReadRow]:
    return [
        ReadRow(number, ParentDetails(first_name=first, last_name=last, phone=phone, email=email))
        for number, (first, last, phone, email) in enumerate(rows, 2)
    ]


ANN = ("Ann", "Lee", "+447700900555", "")


@pytest.mark.parametrize(
    ("row", "verdict", "by"),
    [
        (ANN, "same", "phone"),
        (("LEE", "ánn", "+447700900555", ""), "same", "phone"),
        (("Bo", "Lee", "+447700900555", ""), "possible", "phone"),
        (("Ann", "Lee", "", "ann@example.org"), "possible", "name"),
        (("Ann", "Li", "+447700900556", ""), "new", ""),
    ],
)
def test_the_same_address_is_never_certain_and_the_same_name_neither(row, verdict, by):
    (listed,) = people(ANN)

    assert listed.details
    (said,) = compare(people(row), [(new_id(), listed.details)])

    assert (said.verdict, said.by) == (verdict, by)


def test_somebody_who_stands_in_the_file_twice_is_found():
    twice, couple = compare(people(ANN, ANN, ("Bo", "Lee", "+447700900555", "")), [])[1:]

    assert (twice.verdict, twice.row) == ("same", 2)
    assert (couple.verdict, couple.row) == ("possible", 2)


@pytest.mark.parametrize(
    ("cells", "first", "last"),
    [
        ({"name": "Dr Ann-Marie van der Berg"}, "Ann-Marie", "van der Berg"),
        ({"name": "Smith, Mrs. Ann"}, "Ann", "Smith"),
        ({"name": "Rev. Prof Bo Li"}, "Bo", "Li"),
        ({"name": "MR Smith"}, "Smith", ""),
        ({"first_name": "Mrs A", "last_name": "Okafor"}, "A", "Okafor"),
        ({"first_name": "Mr", "last_name": "Okafor"}, "Okafor", ""),
        ({"name": "Misha Drake"}, "Misha", "Drake"),
    ],
)
def test_a_title_is_not_read_as_a_name(cells, first, last):
    details = read(**cells).details

    assert details
    assert (details.first_name, details.last_name) == (first, last)


@pytest.mark.parametrize("name", ["Mr & Mrs Smith", "Ann and Bo Lee", "Ann+Bo Lee"])
@pytest.mark.parametrize("column", ["name", "first_name"])
def test_two_people_in_one_row_are_given_a_row_each(column, name):
    row = read(**{column: name})

    assert row.details is None
    assert "Give each a row of their own" in row.problems[0].words


def test_a_title_alone_is_nobody():
    assert read(name="Mrs").details is None


@pytest.mark.parametrize("name", ["Bengali", "bangla", "বাংলা"])
def test_a_language_is_read_by_what_schools_call_it(name):
    details = read(name="Ann", language=name).details
    assert details
    assert details.language == "bn"


@pytest.mark.parametrize("name", ["Andy Sanders", "Sandra Brand"])
def test_letters_of_and_within_a_name_are_one_person(name):
    assert read(name=name).details is not None
