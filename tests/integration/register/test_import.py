"""Importing the register: what is written, what is counted, and that it is all or nothing."""

import threading
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.schools.register_file import RegisterFileError
from app.schools.register_import import ImportBusy, ImportCounts, import_register
from tests.factories.register import EXTRACT, csv_text, school, write_register
from tests.support.clock import is_moved

TODAY = date(2026, 3, 2)


@pytest.fixture
def load(owner, tmp_path):
    """Import rows (or a file) as of TODAY; `load.remarks` holds what was told the last time."""

    def run(*rows, **options):
        remarks: list[Any] = []
        vars(run).update(remarks=remarks)
        told: dict[str, Any] = {"today": TODAY, "remark": remarks.append} | options
        file = rows[0] if rows and isinstance(rows[0], Path) else write_register(tmp_path, *rows)
        return import_register(owner, file, **told)

    return run


@pytest.fixture
def stored(owner):
    def read(urn, columns="name"):
        return owner.execute(f"select {columns} from register_school where urn = %s", (urn,)).fetchone()

    return read


def counts(**given):
    return ImportCounts(**({"added": 0, "changed": 0, "closed": 0, "unchanged": 0, "rejected": 0} | given))


def test_the_extract_goes_in_and_a_second_time_changes_nothing(load, owner):
    assert load(EXTRACT) == counts(added=107)
    before = owner.execute("select urn, xmin::text, imported_at from register_school order by 1").fetchall()
    assert load(EXTRACT) == counts(unchanged=107)
    after = owner.execute("select urn, xmin::text, imported_at from register_school order by 1").fetchall()
    assert before == after


def test_every_column_is_stored(load, stored):
    load(
        school(
            100001,
            EstablishmentName="Saint Anne’s School",
            **{
                "TypeOfEstablishment (name)": "Community school",
                "Trusts (code)": "2000",
                "Trusts (name)": "Ash Trust",
                "Federations (code)": "30",
                "Federations (name)": "Elm Federation",
            },
            Street="1 Test Lane",
            Locality="Dalston",
            Town="London",
            TelephoneNum="2089850111",
            SchoolWebsite="www.school.example.org",
            StatutoryLowAge="3",
            StatutoryHighAge="11",
            NumberOfPupils="210",
            OpenDate="01-09-2012",
            CloseDate="31-08-2030",
        )
    )
    columns = (
        "name, la_code, la_name, phase, establishment_type, status, street, locality, town, postcode,"
        " postcode_norm, phone, website, trust_code, trust_name, federation_code, federation_name, low_age,"
        " high_age, pupils, opened_on, closed_on, is_open, search_name, length(row_digest)"
    )
    assert stored(100001, columns) == (
        "Saint Anne’s School", "204", "Hackney", "Primary", "Community school", "Open", "1 Test Lane",
        "Dalston", "London", "E8 1AB", "E81AB", "02089850111", "http://www.school.example.org", "2000",
        "Ash Trust", "30", "Elm Federation", 3, 11, 210, date(2012, 9, 1), date(2030, 8, 31), True,
        "st annes school", 16,
    )  # fmt: skip


def test_each_row_is_counted_once(load, stored):
    load(school(100001), school(100002), school(100003), school(100004, Code="2", Status="Closed"))
    found = load(
        school(100001),
        school(100002, EstablishmentName="Renamed School"),
        school(100003, EstablishmentName="Renamed too", CloseDate="31-08-2025"),
        school(100004, Code="2", Status="Closed"),
        school(100005, Code="2", Status="Closed"),
        school("none"),
    )
    assert found == counts(unchanged=2, changed=1, closed=1, added=1, rejected=1)
    assert stored(100002) == ("Renamed School",)
    assert stored(100003, "status, is_open, closed_on") == ("Closed", False, date(2025, 8, 31))


def test_a_school_never_closes_by_absence(load, stored):
    load(school(100001), school(100002))
    assert load(school(100002)) == counts(unchanged=1)
    assert stored(100001, "is_open") == (True,)


def test_a_change_to_a_closed_school_is_a_change(load):
    load(school(Code="2", Status="Closed"))
    assert load(school(Code="2", Status="Closed", Town="London")) == counts(changed=1)


def test_a_school_that_opens_again_is_changed(load, stored):
    load(school(Code="2", Status="Closed"))
    assert load(school()) == counts(changed=1)
    assert stored(100001, "is_open") == (True,)


def test_a_proposed_school_that_opens_is_changed_and_one_given_up_is_closed(load):
    load(school(100001, Code="4", Status="Proposed to open"), school(100002, Code="4", Status=""))
    assert load(school(100001), school(100002, Code="2", Status="Closed")) == counts(changed=1, closed=1)


def test_a_close_date_that_comes_closes_without_a_new_word_in_the_file(load):
    rows = [school(100001, CloseDate="31-08-2026")]
    assert load(*rows) == counts(added=1)
    assert load(*rows, today=date(2026, 8, 30)) == counts(unchanged=1)
    assert load(*rows, today=date(2026, 8, 31)) == counts(closed=1)
    assert load(*rows, today=date(2026, 9, 1)) == counts(unchanged=1)


def test_of_two_lines_with_one_urn_the_last_counts_and_it_says_so(load, stored):
    rows = [school(EstablishmentName="First"), school(100002), school(EstablishmentName="Last")]
    assert load(*rows) == counts(added=2, unchanged=1)
    assert stored(100001) == ("Last",)
    (told,) = load.remarks
    assert (told.line, told.urn, told.kind) == (2, "100001", "replaced")
    assert "Line 4" in told.words
    assert load(*rows) == counts(unchanged=3)
    assert stored(100001) == ("Last",)


def test_a_later_line_undoes_an_earlier_change(load, stored):
    load(school(EstablishmentName="As it is"))
    found = load(school(EstablishmentName="Wrong"), school(EstablishmentName="As it is"))
    assert found == counts(unchanged=2)
    assert stored(100001) == ("As it is",)


def test_a_thrice_listed_school_that_closes_is_closed_once(load):
    load(school())
    shut = school(Code="2", Status="Closed")
    assert load(school(Town="Here"), shut, shut) == counts(closed=1, unchanged=2)


def test_invented_schools_are_never_touched(load, stored):
    load(school(990001, EstablishmentName="Invented School"))
    assert load(
        school(990001, EstablishmentName="Real School", Code="2", Status="Closed"), school(100001)
    ) == counts(unchanged=1, added=1)
    assert stored(990001, "name, is_open") == ("Invented School", True)
    assert [told.kind for told in load.remarks] == ["kept"]


def test_only_urns_are_rejected_and_each_is_told(load):
    assert load(
        school("12345"), school(""), school(100001, LA="", EstablishmentName="", OpenDate="soon")
    ) == counts(added=1, rejected=2)
    assert [(told.line, told.urn) for told in load.remarks if told.kind == "rejected"] == [
        (2, "12345"),
        (3, ""),
    ]


def test_each_run_leaves_a_record(load, owner):
    load(school(100001), school(100002))
    load(school(100001, Code="2", Status="Closed"), school("x"))
    row = owner.execute(
        "select file_name, added, changed, closed, unchanged, rejected, report, started_at <= finished_at"
        " from register_import order by id desc limit 1"
    ).fetchone()
    assert row[:6] == ("edubase.csv", 0, 0, 1, 0, 1)
    assert row[6]["closed_urns"] == [100001]
    assert row[6]["first_remarks"][0]["kind"] == "rejected"
    assert row[7]


def test_a_file_that_breaks_off_writes_nothing(empty_register, tmp_path):
    text = csv_text(school(100001 + number) for number in range(3000))
    file = tmp_path / "cut.csv"
    file.write_text(text[:-100], encoding="cp1252")
    with (
        pytest.raises(RegisterFileError, match="breaks off"),
        psycopg.connect(empty_register) as one,
    ):
        import_register(one, file)
    with psycopg.connect(empty_register) as other:
        assert other.execute("select count(*) from register_school").fetchone() == (0,)
        assert other.execute("select count(*) from register_import").fetchone() == (0,)


def test_an_import_that_is_killed_midway_leaves_nothing_half_done(empty_register, tmp_path):
    file = write_register(tmp_path, *(school(100001 + number) for number in range(3000)))

    class Killed(BaseException):
        pass

    def kill(done, total):
        if done > total / 2:
            raise Killed

    with pytest.raises(Killed), psycopg.connect(empty_register) as one:
        import_register(one, file, progress=kill)
    with psycopg.connect(empty_register) as other:
        assert other.execute("select count(*) from register_school").fetchone() == (0,)
        assert import_register(other, file) == counts(added=3000)
        other.rollback()


def test_readers_and_new_schools_are_not_held_up_by_an_import(load, empty_register):
    load(school(100001))
    with psycopg.connect(empty_register) as other:
        other.execute("set lock_timeout = '2s'")
        assert other.execute("select count(*) from register_school").fetchone() == (0,)
        other.execute("lock table register_school in row share mode")


@pytest.mark.skipif(is_moved, reason="PostgreSQL's lock timeouts never come under a moved clock")
def test_a_second_import_at_the_same_time_is_told_to_wait(load, empty_register, tmp_path, monkeypatch):
    monkeypatch.setattr("app.schools.register_import.LOCK_WAIT", "50ms")
    load(school(100001))
    with psycopg.connect(empty_register) as other, pytest.raises(ImportBusy):
        import_register(other, write_register(tmp_path, school(100002), name="other.csv"))


def test_two_imports_one_after_the_other_see_each_other(empty_register, tmp_path):
    file = write_register(tmp_path, school(100001))
    found = []

    def run():
        with psycopg.connect(empty_register) as connection:
            found.append(import_register(connection, file))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found, key=lambda one: one.added) == [counts(unchanged=1), counts(added=1)]
