"""A file that is a register is read whatever its dress; one that is not says what to do."""

import codecs
import csv
from datetime import date

import pytest

from app.schools.register_file import RegisterFile, RegisterFileError
from app.schools.register_school import COLUMNS
from tests.factories.register import HEADER, csv_text, school, write_register

TODAY = date(2026, 3, 2)


def rows_of(path):
    return list(RegisterFile(path).rows(today=TODAY))


def names_of(path):
    return [row.school.name for row in rows_of(path)]


@pytest.fixture
def file(tmp_path):
    def write(content: bytes):
        path = tmp_path / "edubase.csv"
        path.write_bytes(content)
        return path

    return write


def message_of(path):
    with pytest.raises(RegisterFileError) as caught:
        rows_of(path)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_windows_1252_and_utf_8_are_told_apart(file, encoding):
    text = csv_text([school(EstablishmentName="North Star 180° – Prévert’s")])
    assert names_of(file(text.encode(encoding))) == ["North Star 180° – Prévert’s"]


def test_a_byte_that_windows_1252_lacks_costs_one_letter_not_the_file(file):
    text = csv_text([school(EstablishmentName="Caf# School")]).encode().replace(b"#", b"\x81")
    (row,) = rows_of(file(text))
    assert row.school.name == "Caf� School"
    assert "could not be read" in row.remarks[0]


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
def test_columns_are_found_by_name_in_any_order_and_quoting(file, quoting):
    text = csv_text([school(EstablishmentName="Ash, Elm and Oak")], header=HEADER[::-1], quoting=quoting)
    (row,) = rows_of(file(text.encode()))
    assert (row.school.urn, row.school.name, row.school.postcode) == (100001, "Ash, Elm and Oak", "E8 1AB")


def test_headings_may_differ_in_case_and_blanks(file):
    text = csv_text([school()]).replace('"LA (code)"', '" la\xa0(CODE) "')
    assert rows_of(file(text.encode("cp1252")))[0].school.la_code == "204"


def test_line_ends_and_a_missing_last_one_do_not_matter(file):
    text = csv_text([school(100001), school(100002)])
    for content in (text.replace("\r\n", "\n"), text.rstrip(), text + "\r\n\r\n"):
        assert [row.school.urn for row in rows_of(file(content.encode()))] == [100001, 100002]


def test_a_value_over_two_lines_keeps_line_numbers_right(file):
    text = csv_text([school(100001, Street="The Annexe\nNorth Road"), school("x"), school(100003)])
    first, second, third = rows_of(file(text.encode()))
    assert first.school.street == "The Annexe North Road"
    assert [first.line, second.line, third.line] == [2, 4, 5]


def test_short_and_long_lines_are_kept_with_a_word(file):
    lines = csv_text([school(100001), school(100002), school(100003)]).splitlines()
    lines[1] = lines[1].rsplit(",", 3)[0]
    lines[2] += ',"stray"'
    lines[3] += ",,"
    short, stray, blank = rows_of(file("\n".join([*lines, ""]).encode()))
    assert short.school.urn == 100001
    assert "137 values for 140 columns" in short.remarks[0]
    assert "141 values for 140 columns" in stray.remarks[0]
    assert blank.remarks == ()


def test_progress_reaches_the_end(tmp_path):
    path = write_register(tmp_path, *(school(100001 + number) for number in range(1200)))
    heard = []
    list(RegisterFile(path).rows(today=TODAY, progress=lambda done, total: heard.append((done, total))))
    size = path.stat().st_size
    assert heard[-1] == (size, size)
    assert heard == sorted(heard)
    assert len(heard) == 3


def test_missing_columns_are_named_with_those_found(file):
    header = [name for name in HEADER if name not in ("CloseDate", "Postcode")]
    message = message_of(file(csv_text([school()], header=header).encode()))
    assert "lacks these columns: CloseDate, Postcode." in message
    assert "Found: URN, EstablishmentName" in message


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_may_be_missing_since_it_would_blank_what_we_hold(file, column):
    header = [name for name in HEADER if name != column]
    assert f"lacks these columns: {column}." in message_of(file(csv_text([school()], header=header).encode()))


def test_a_column_that_is_there_twice_is_named(file):
    text = csv_text([school()], header=[*HEADER, "URN"])
    assert "twice: URN" in message_of(file(text.encode()))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\r\n\r\n", "not a file of the school register"),
        (b"name,age\nAda,36\n", "not a file of the school register"),
        (b"<!doctype html><title>Sorry</title>", "not a file of the school register"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "zero bytes"),
        (b"PK\x03\x04rest", "Unpack it"),
        (b'"URN', "not a file of the school register"),
        (codecs.BOM_UTF16_LE + "URN".encode("utf-16-le"), "UTF-16"),
        (";".join(HEADER).encode(), "semicolons"),
        ("\t".join(HEADER).encode(), "tabs"),
        (codecs.BOM_UTF8 + b"URN,\xe9", "not. Download"),
    ],
)
def test_explains_why_a_file_is_not_the_register(file, content, said):
    assert said in message_of(file(content))


def test_a_register_without_schools_is_refused(file):
    assert "no schools" in message_of(file(csv_text([]).encode()))


def test_a_folder_and_a_missing_file_are_named(tmp_path):
    assert "is a folder" in message_of(tmp_path)
    assert "There is no file" in message_of(tmp_path / "none.csv")


def test_zero_bytes_are_found_by_line(file):
    content = csv_text([school(100001), school(100002)]).encode().replace(b"100002", b"10\x00002")
    assert message_of(file(content)).startswith("Line 3 holds zero bytes")


@pytest.mark.parametrize("cut", [3, 5, 60, 150])
@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
def test_a_file_that_breaks_off_is_refused(file, cut, quoting):
    content = csv_text([school(100001), school(100002)], quoting=quoting).encode().rstrip()
    assert "breaks off in line 3" in message_of(file(content[:-cut]))


def test_a_quotation_mark_out_of_place_names_its_line(file):
    lines = csv_text([school(100001), school(100002), school(100003)]).splitlines()
    lines[2] = lines[2].replace('"Hackney"', '"Hack"ney"')
    assert message_of(file("\n".join([*lines, ""]).encode())).startswith("Line 3 is not proper CSV")


def test_a_quotation_mark_never_closed_does_not_swallow_the_rest(file):
    lines = csv_text([school(100001), school(100002), school(100003)], quoting=csv.QUOTE_MINIMAL).splitlines()
    lines[2] = lines[2].replace("Hackney", '"Hackney')
    message_of(file("\n".join([*lines, ""]).encode()))
