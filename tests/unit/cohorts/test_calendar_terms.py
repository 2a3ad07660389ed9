"""Term dates are read from a table, or worked out by the usual rule."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from app.calendar.school_year import CalendarError, closed_because, read_terms, typical_terms

SHIPPED = Path(__file__).parents[3] / "demo" / "data" / "terms.csv"


def test_the_shipped_table_is_read_whole():
    found = {(one.area, one.year): one for one in read_terms(SHIPPED)}
    assert len(found) == 7
    hampshire = found["Hampshire", "2025/26"]
    assert [term.name for term in hampshire.terms] == [
        "Autumn term 2025",
        "Spring term 2026",
        "Summer term 2026",
    ]
    assert hampshire.source == "purbrookparkschool.co.uk"
    assert hampshire.terms[1].half_term_starts_on == date(2026, 2, 16)
    assert hampshire.terms[2].ends_on == date(2026, 7, 22)


def test_a_half_term_that_nobody_told_stays_unknown():
    (england,) = [one for one in read_terms(SHIPPED) if one.area == "England"]
    assert all(term.half_term_starts_on is None for term in england.terms)


@pytest.mark.parametrize(
    "damage", [("2025-09-01", "1 September"), ("2025-12-19", "2024-12-19"), (",2026-07-20", "")]
)
def test_a_bad_line_is_named(tmp_path, damage):
    path = tmp_path / "terms.csv"
    path.write_text(SHIPPED.read_text().replace(*damage))
    with pytest.raises(CalendarError, match=r"^Line 2 of terms\.csv is not understood"):
        read_terms(path)


def test_the_usual_rule_comes_within_a_week_of_published_terms():
    for published in read_terms(SHIPPED):
        for term, usual in zip(published.terms, typical_terms(int(published.year[:4])), strict=True):
            assert term.name == usual.name
            for theirs, ours in (
                (term.starts_on, usual.starts_on),
                (term.half_term_starts_on, usual.half_term_starts_on),
                (term.half_term_ends_on, usual.half_term_ends_on),
                (term.ends_on, usual.ends_on),
            ):
                assert theirs is None or (ours and abs(theirs - ours) <= timedelta(days=7))


@pytest.mark.parametrize("first_year", range(2020, 2040))
def test_the_usual_rule_gives_three_sound_terms_every_year(first_year):
    autumn, spring, summer = typical_terms(first_year)
    assert autumn.ends_on < spring.starts_on
    assert spring.ends_on < summer.starts_on
    for term in (autumn, spring, summer):
        assert closed_because(term.starts_on, (term,)) is None
        assert closed_because(term.ends_on, (term,)) is None
        days = (term.half_term_starts_on, term.half_term_ends_on)
        assert [day and day.weekday() for day in days] == [0, 4]
