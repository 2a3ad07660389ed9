"""What is kept of one school, and how its values are tidied."""

from datetime import date

import pytest

from app.schools.register_file import RegisterFile
from app.schools.register_school import fold, normal_postcode
from tests.factories.register import EXTRACT, school, write_register

TODAY = date(2026, 3, 2)


@pytest.fixture
def read_one(tmp_path):
    def read(**changes):
        (row,) = RegisterFile(write_register(tmp_path, school(**changes), encoding="cp1252")).rows(
            today=TODAY
        )
        return row

    return read


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("St Mary's Catholic Primary School", "st marys catholic primary school"),
        ("St John’s CE Primary School", "st johns ce primary school"),
        ("Saint Thomas à Becket", "st thomas a becket"),
        ("Ecole Française Jacques Prévert", "ecole francaise jacques prevert"),
        ("North Star 180°", "north star 180"),
        ("Alleyns\xa0Regents Park Prep", "alleyns regents park prep"),
        ("St Wilfrid's High School & Sixth Form", "st wilfrids high school and sixth form"),
        ("Baden-Powell (Infants), N.16", "baden powell infants n 16"),
        ("100%_", "100"),
        ("'--", ""),
    ],
)
def test_names_are_folded_for_searching(name, folded):
    assert fold(name) == folded


def test_folding_twice_changes_nothing():
    assert fold(fold("Saint Anne’s & St Guthlac's — Łódź")) == fold("Saint Anne’s & St Guthlac's — Łódź")


def test_a_postcode_is_compared_without_spaces():
    assert normal_postcode(" e8\xa01ab ") == "E81AB"


def test_a_school_keeps_the_names_signs_with_plain_blanks(read_one):
    row = read_one(EstablishmentName=" North\xa0Star  180° ")
    assert row.school.name == "North Star 180°"
    assert row.remarks == ()


@pytest.mark.parametrize(
    ("written", "shown", "normal"),
    [
        ("ng22 0ea", "NG22 0EA", "NG220EA"),
        ("E81AB", "E8 1AB", "E81AB"),
        ("", None, None),
        ("not known", "NOT KNOWN", "NOTKNOWN"),
    ],
)
def test_postcodes(read_one, written, shown, normal):
    found = read_one(Postcode=written).school
    assert (found.postcode, found.postcode_norm) == (shown, normal)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("2089850111", "02089850111"),
        ("02089850111", "02089850111"),
        ("208920600", "0208920600"),
        ("441612227997", "01612227997"),
        ("+44 (0)20 8985 0111", "02089850111"),
        ("00441612227997", "01612227997"),
        ("3336006600", "03336006600"),
        ("", None),
    ],
)
def test_telephone_numbers_get_the_0_back_that_the_register_drops(read_one, written, stored):
    row = read_one(TelephoneNum=written)
    assert row.school.phone == stored
    assert row.remarks == ()


@pytest.mark.parametrize("written", ["z", "14032244430", "999"])
def test_a_number_that_nobody_can_dial_is_left_out_and_told(read_one, written):
    row = read_one(TelephoneNum=written)
    assert row.school.phone is None
    assert row.remarks == (f"The telephone number “{written}” was not understood and is left out.",)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("http://www.example.org/a b", None),
        ("https://school.example.org", "https://school.example.org"),
        ("www.school.example.org/home", "http://www.school.example.org/home"),
        ("javascript:alert(1)//x.y", None),
        ("url1", None),
    ],
)
def test_only_addresses_safe_to_link_to_are_kept(read_one, written, stored):
    assert read_one(SchoolWebsite=written).school.website == stored


@pytest.mark.parametrize("written", ["01-09-2012", "01/09/2012", "1/9/2012", "2012-09-01"])
def test_dates_are_read_day_first(read_one, written):
    assert read_one(OpenDate=written).school.opened_on == date(2012, 9, 1)


def test_a_date_that_never_was_is_left_out_and_told(read_one):
    row = read_one(CloseDate="31-02-2024")
    assert row.school.closed_on is None
    assert row.school.is_open
    assert "31-02-2024" in row.remarks[0]


def test_odd_numbers_are_left_out_and_told(read_one):
    row = read_one(StatutoryLowAge="400", StatutoryHighAge="16", NumberOfPupils="many")
    assert (row.school.low_age, row.school.high_age, row.school.pupils) == (None, 16, None)
    assert len(row.remarks) == 2


@pytest.mark.parametrize(
    ("changes", "status", "is_open"),
    [
        ({"Status": "Open"}, "Open", True),
        ({"Code": "3", "Status": "Open, but proposed to close"}, "Open, but proposed to close", True),
        ({"Code": "3", "Status": "", "CloseDate": "31-08-2026"}, "Open, but proposed to close", True),
        ({"Code": "2", "Status": "Closed"}, "Closed", False),
        ({"Code": "2", "Status": ""}, "Closed", False),
        ({"Code": "", "Status": "Closed"}, "Closed", False),
        ({"Code": "2", "Status": "Open"}, "Closed", False),
        ({"Code": "1", "Status": "Closed"}, "Closed", False),
        ({"Status": "Open", "CloseDate": "01-03-2026"}, "Closed", False),
        ({"Status": "Open", "CloseDate": "02-03-2026"}, "Closed", False),
        ({"Status": "Open", "CloseDate": "03-03-2026"}, "Open", True),
        ({"Code": "4", "Status": "Proposed to open"}, "Proposed to open", False),
        ({"Code": "", "Status": ""}, "Not known", True),
    ],
)
def test_a_school_closes_by_its_status_or_a_close_date_that_has_come(read_one, changes, status, is_open):
    found = read_one(**changes).school
    assert (found.status, found.is_open) == (status, is_open)


def test_when_code_and_words_disagree_it_says_so(read_one):
    assert "disagree" in read_one(Code="2", Status="Open").remarks[0]


def test_a_school_without_a_name_is_kept_under_its_urn(read_one):
    row = read_one(urn=100007, EstablishmentName="\xa0")
    assert row.school.name == "School 100007"
    assert "no name" in row.remarks[0]


def test_a_missing_authority_is_accepted(read_one):
    row = read_one(LA="")
    assert row.school.la_code is None
    assert row.remarks == ()


@pytest.mark.parametrize("urn", ["", "12345", "1234567", "12345a", "012345", "100 01", "-10001", "1e5000"])
def test_a_row_is_rejected_for_its_urn_only(read_one, urn):
    row = read_one(urn=urn)
    assert row.school is None
    assert "six digits" in row.remarks[0]
    assert row.line == 2


def test_blanks_round_a_urn_do_not_matter(read_one):
    assert read_one(urn="\xa0100003 ").school.urn == 100003


def test_digests_tell_changed_from_unchanged(read_one):
    first = read_one().school
    assert first.digest() == read_one().school.digest()
    assert len(first.digest()) == 16
    assert first.digest() != read_one(Postcode="E8 1AC").school.digest()
    assert first.digest() != read_one(CloseDate="31-08-2026").school.digest()


def test_the_departments_words_for_hackney_are_read_whole():
    rows = list(RegisterFile(EXTRACT).rows(today=TODAY))
    schools = {row.school.urn: row.school for row in rows if row.school}
    assert len(schools) == 107
    riverside = schools[140426]
    assert (riverside.la_code, riverside.postcode) == ("204", "E15 2GW")
    assert riverside.opened_on == date(2015, 9, 1)
    assert (riverside.phone or "").startswith("0")
