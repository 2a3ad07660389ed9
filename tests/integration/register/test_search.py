"""An authority finds the schools of its own, and no other's."""

from datetime import timedelta

import psycopg
import pytest

from app.schools import register
from app.schools.register_import import import_register
from app.shell.errors import NotFound
from app.shell.searching import matches
from infra import clock
from tests.factories.register import EXTRACT, school, write_register


@pytest.fixture
def fill(empty_register, tmp_path):
    def run(*rows, **options):
        file = write_register(tmp_path, *rows) if rows else EXTRACT
        with psycopg.connect(empty_register) as connection:
            import_register(connection, file, **options)

    return run


@pytest.fixture
def find(authority_session):
    """URNs found in Hackney."""

    def run(text="", **options):
        page = register.search(authority_session, la_code="204", text=text, per_page=100, **options)
        assert page.total == len(page.items)
        return [entry.urn for entry in page.items]

    return run


def test_hackney_is_found_whole_in_the_order_of_names(fill, authority_session):
    fill()
    page = register.search(authority_session, la_code="204")
    assert (page.total, page.pages, page.page, page.previous_page, page.next_page) == (107, 6, 1, None, 2)
    assert [entry.name for entry in page.items[:2]] == [
        "Al-Falah Primary School",
        "All Saints Catholic High School",
    ]


def test_pages_part_the_list_without_gap_or_double(fill, authority_session):
    fill()
    pages = [
        register.search(authority_session, la_code="204", page=number, per_page=25) for number in range(1, 6)
    ]
    urns = [entry.urn for page in pages for entry in page.items]
    assert len(urns) == len(set(urns)) == 107
    assert pages[-1].next_page is None


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-3, 1), (99, 6), (10**30, 6)])
def test_a_page_out_of_range_is_brought_into_it(fill, authority_session, asked, given):
    fill()
    page = register.search(authority_session, la_code="204", page=asked)
    assert page.page == given
    assert page.items


def test_a_school_is_found_by_words_of_its_name_unfinished_and_in_any_order(fill, find):
    fill(
        school(100001, EstablishmentName="St Mary's Catholic Primary School"),
        school(100002, EstablishmentName="Ecole Française & Co"),
        school(100003, EstablishmentName="Rosemary Works School"),
    )
    for text in ("mary", "primary st", "ST MARY’S", "saint mary's", "Cath Prim", "  school  mary "):
        assert find(text) == [100001], text
    assert find("francaise") == find("ecole and co") == [100002]
    assert find("school") == [100003, 100001]
    assert find("nursery") == []


#: What is on the list (the file has Western letters only), what is typed, and whether they are one: here as elsewhere.
SPELLINGS = [
    ("St Brigid O'Brien Primary School", "obrien", True),
    ("St Brigid O'Brien Primary School", "O'Brien", True),
    ("St Brigid O'Brien Primary School", "O’BRIEN", True),
    ("St Brigid O'Brien Primary School", "Oʼbrien", True),
    ("St Brigid O’Brien Primary School", "o'brien st", True),
    ("St Brigid O Brien Primary School", "obrien", True),
    ("St Brigid O'Brien Primary School", "primary, brigid", True),
    ("École Façade Dógan", "dogan ecole", True),
    ("Ecole Facade Dogan", "École façade, DOĞAN", True),
    ("Søren Große Æble School", "soren grosse aeble", True),
    ("Oak Hill School", "oakhill", True),
    ("Oakhill School", "oak hill", True),
    ("Al-Falah School", "alfalah", True),
    ("Al Falah School", "al-falah", True),
    ("St. Mary's CofE & Methodist", "st mary's", True),
    ("St. Mary's CofE & Methodist", "methodist, and", True),
    ("Oak Hill School", "oakhall", False),
    ("St Brigid O'Brien Primary School", "obrian", False),
    ("École Façade Dógan", "dogan nursery", False),
]


@pytest.mark.parametrize(("name", "typed", "is_found"), SPELLINGS)
def test_the_register_and_every_other_list_find_the_same(fill, find, name, typed, is_found):
    fill(school(100001, EstablishmentName=name))
    assert find(typed) == ([100001] if is_found else [])
    assert matches(typed, name.replace("&", " and ")) is is_found


def test_a_word_is_found_from_its_beginning_so_that_mary_is_not_rosemary(fill, find):
    """The one difference, on purpose: among hundreds of names a piece from inside a word finds too many."""
    fill(school(100001, EstablishmentName="Rosemary Works School"))
    assert find("mary") == []
    assert find("rosem") == find("works ros") == [100001]


def test_a_school_is_found_by_its_urn_within_the_authority_only(fill, find):
    fill(school(100001), school(100002, LA="205"))
    assert find("100001") == find(" 100 001 ") == [100001]
    assert find("100002") == find("000000") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("N1 6AA", [100001]),
        ("n16aa", [100001]),
        ("N1 6", [100001]),
        ("N1", [100001]),
        ("N16", [100001, 100002]),
        ("N16 5", [100002]),
        ("N16 5BB", [100002]),
        ("N165", [100002]),
        ("E8", []),
    ],
)
def test_a_school_is_found_by_the_beginning_of_its_postcode(fill, find, text, found):
    fill(
        school(100001, EstablishmentName="A", Postcode="N1 6AA"),
        school(100002, EstablishmentName="B", Postcode="N16 5BB"),
    )
    assert find(text) == found


def test_the_authority_is_never_inferred_from_the_postcode(fill, authority_session):
    fill()
    (entry,) = register.search(authority_session, la_code="204", text="E15").items
    assert entry.name == "Mossbourne Riverside Academy"
    assert register.search(authority_session, la_code="316", text="E15").total == 0


def test_phase_narrows_the_search(fill, find, authority_session):
    fill(
        school(100001, **{"PhaseOfEducation (name)": "Primary"}),
        school(100002, **{"PhaseOfEducation (name)": "Secondary"}),
        school(100003, LA="205", **{"PhaseOfEducation (name)": "Nursery"}),
    )
    assert find(phase="Secondary") == [100002]
    assert find("E8", phase="Primary") == [100001]
    assert find(phase="Primary\0") == [100001]
    assert find(phase="Castle") == []
    assert register.list_phases(authority_session, la_code="204") == ["Primary", "Secondary"]


def test_open_schools_come_first_and_a_close_date_that_came_since_the_import_counts(fill, authority_session):
    today = clock.today()
    fill(
        school(100001, EstablishmentName="A", Code="2", Status="Closed"),
        school(100002, EstablishmentName="B", CloseDate=f"{today:%d-%m-%Y}"),
        school(100003, EstablishmentName="C", CloseDate=f"{today + timedelta(days=1):%d-%m-%Y}"),
        school(100004, EstablishmentName="D"),
        today=today - timedelta(days=9),
    )
    entries = register.search(authority_session, la_code="204").items
    assert [(entry.urn, entry.is_open) for entry in entries] == [
        (100003, True),
        (100004, True),
        (100001, False),
        (100002, False),
    ]
    assert not register.get_entry(authority_session, "204", 100002).is_open


@pytest.mark.parametrize("text", ["%", "_", "' or 1=1 --", "\\", "\0", "🙂", "zz" * 5000, "N16 " * 500])
def test_odd_text_finds_nothing_and_breaks_nothing(fill, find, text):
    fill()
    assert find(text) == []


def test_one_entry_is_read_whole(fill, authority_session):
    fill()
    entry = register.get_entry(authority_session, "204", 140426)
    assert entry.name == "Mossbourne Riverside Academy"
    assert entry.address == "East Bay Lane, London, E15 2GW"
    assert entry.is_open
    assert not entry.is_invented


@pytest.mark.parametrize(("la_code", "urn"), [("205", 140426), ("204", 100000), ("204", 5), ("204", 10**12)])
def test_an_unknown_urn_and_anothers_school_are_equally_not_found(fill, authority_session, la_code, urn):
    fill()
    with pytest.raises(NotFound):
        register.get_entry(authority_session, la_code, urn)
