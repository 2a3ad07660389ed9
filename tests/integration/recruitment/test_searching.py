"""Staff find a parent by what they type, however the name or the number is written."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.extensions import db
from app.recruitment import queries
from app.recruitment.services import ParentDetails, add_parent
from app.shell.searching import fold, needles

PEOPLE = {
    "obrien": ("Siobhán", "O’Brien", "+447700900281"),
    "dogan": ("Gül-Ayşe", "Doğan", "+447700900282"),
    "islam": ("Anwar", "Islam", "+447700900283"),
    "lukasz": ("Łukasz", "Żółć", "+447700900284"),
    "strasse": ("Jürgen", "Großmann", "+447700900285"),
    "one": ("Sukarno", "", "+905321234567"),
}


@pytest.fixture
def found(session_for, world):
    """Whom a search of the school's staff finds, by our short names for them."""
    session = session_for(world.school.senco)
    school_id = world.school.school_id
    ids = {}
    for key, (first, last, phone) in PEOPLE.items():
        details = ParentDetails(first, last, phone=phone, email=f"{key}.x@example.org")
        ids[add_parent(session, school_id, details).id] = key

    def search(typed):
        lines, total = queries.list_parents(session, school_id, text=typed, limit=200)
        assert total == len(lines)
        return {ids[line.id] for line in lines if line.id in ids}

    return search


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("obrien", "obrien"),
        ("O’Brien", "obrien"),
        ("o'brien", "obrien"),
        ("Oʼbrien", "obrien"),
        ("SIOBHAN o brien", "obrien"),
        ("Dogan", "dogan"),
        ("Doğan", "dogan"),
        ("gul ayse", "dogan"),
        ("gulayse", "dogan"),
        ("Islam, Anwar", "islam"),
        ("anwar islam", "islam"),
        ("lukasz", "lukasz"),
        ("zolc ł", "lukasz"),
        ("grossmann", "strasse"),
        ("sukarno", "one"),
        ("07700 900281", "obrien"),
        ("+447700900281", "obrien"),
        ("(07700) 900-281", "obrien"),
        ("0044 7700 900281", "obrien"),
        ("900281", "obrien"),
        ("٠٧٧٠٠ ٩٠٠٢٨١", "obrien"),
        ("+90 532 123 45 67", "one"),
        ("obrien.x@example.org", "obrien"),
    ],
)
def test_somebody_is_found_however_it_is_written(found, typed, who):
    assert found(typed) == {who}


@pytest.mark.parametrize("typed", ["07700 999999", "islam zolc", "zzz%"])
def test_what_nobody_has_finds_nobody(found, typed):
    assert found(typed) == set()


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "'", "\\", "%_%"])
def test_punctuation_alone_is_not_searched(found, typed):
    assert needles(typed) == []
    assert found(typed) == set(PEOPLE)


def test_a_change_is_found_at_once_whoever_makes_it(found, app):
    db.session.execute(text("update parent_contact set last_name = 'Ünal' where last_name = 'Islam'"))
    assert found("unal") == {"islam"}


def test_python_and_the_database_fold_alike(found):
    for first, last, _phone in PEOPLE.values():
        kept = db.session.scalar(
            text("select searched_by from parent_contact where first_name = :f and last_name = :l"),
            {"f": first, "l": last},
        )
        assert kept.split("|")[0] == fold(f"{first} {last}")


def test_nobody_of_another_school_is_found(session_for, world):
    session = session_for(world.sibling_school.senco)
    _lines, total = queries.list_parents(session, world.school.school_id, text=world.school.parent.email)
    assert total == 0
    assert session.scalar(
        text("select count(*) from parent_contact where searched_by like '%example%'")
    ) == len(queries.list_parents(session, world.sibling_school.school_id, text="example", limit=200)[0])


def test_a_search_reads_the_rows_of_its_school_by_their_key(session_for, world):
    session = session_for(world.school.senco)
    session.execute(text("set local enable_seqscan = off"))
    plan = "\n".join(
        session.scalars(
            text(
                "explain select parent_id from parent_contact where school_id = :s and searched_by like '%obrien%'"
            ),
            {"s": world.school.school_id},
        )
    )
    assert "Seq Scan" not in plan
    assert "school_id = " in plan
