"""Releases cannot be subtracted from one another."""

from datetime import date

import pytest

from app.outcomes.disclosure.differencing import check_population
from app.outcomes.disclosure.records import CohortRow, ReleasePopulation, Window
from app.outcomes.statistics import CohortSums

AUTUMN = Window(id="2025-autumn", name="Autumn 2025", starts_on=date(2025, 9, 1), ends_on=date(2025, 12, 31))
SPRING = Window(id="2026-spring", name="Spring 2026", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31))
YEAR = Window(id="2025-26", name="Year 2025/26", starts_on=date(2025, 9, 1), ends_on=date(2026, 7, 31))


def row(cohort, school, n=8, lift=1.0):
    return CohortRow(
        cohort_id=cohort,
        school_id=school,
        controller=school,
        phase="primary",
        started=n,
        attended_any=n,
        attended_five=n,
        answered_before=n,
        answered_after=n,
        sums={"heard": CohortSums.of_pairs([(4.0, 4.0 + lift)] * n)},
        graduates=n,
        applied=0,
    )


THREE = [row("1", "a"), row("2", "b"), row("3", "c")]
FOURTH = row("4", "d", lift=-2.0)


def population(window, rows):
    return ReleasePopulation.of(window, rows)


def test_the_first_release_and_the_next_window_are_fine():
    first = population(AUTUMN, THREE)
    assert check_population(first, []) == []
    assert check_population(population(SPRING, [row("5", "a"), row("6", "b"), row("7", "c")]), [first]) == []


def test_the_same_again_is_fine_in_any_order_and_after_storage():
    stored = ReleasePopulation.from_json(population(AUTUMN, THREE).to_json())
    assert check_population(population(AUTUMN, THREE[::-1]), [stored]) == []


def test_three_schools_and_then_four_is_refused():
    problems = check_population(population(AUTUMN, [*THREE, FOURTH]), [population(AUTUMN, THREE)])
    assert any("not opened again" in problem for problem in problems)
    assert any("too few parents or schools" in problem for problem in problems)


def test_so_is_leaving_one_out_later():
    problems = check_population(population(AUTUMN, THREE), [population(AUTUMN, [*THREE, FOURTH])])
    assert any("too few parents or schools" in problem for problem in problems)


def test_a_year_on_top_of_its_terms_is_refused():
    more = [row(str(n), "abcd"[n % 4]) for n in range(10, 18)]
    problems = check_population(population(YEAR, [*THREE, *more]), [population(AUTUMN, THREE)])
    assert any("Windows may not overlap" in problem for problem in problems)
    assert any("belongs to one window" in problem for problem in problems)
    assert not any("too few" in problem for problem in problems)


def test_a_group_counts_in_one_window_only():
    problems = check_population(population(SPRING, [*THREE, FOURTH]), [population(AUTUMN, THREE)])
    assert any("belongs to one window" in problem for problem in problems)


def test_one_parent_fewer_in_the_same_groups_is_refused():
    changed = [row("1", "a", n=7), *THREE[1:]]
    [problem] = check_population(population(AUTUMN, changed), [population(AUTUMN, THREE)])
    assert "could show one parent" in problem


def test_every_earlier_release_counts_not_only_the_last():
    spring = population(SPRING, [row("5", "a"), row("6", "b"), row("7", "c")])
    assert check_population(population(AUTUMN, [*THREE, FOURTH]), [population(AUTUMN, THREE), spring])


@pytest.mark.parametrize(
    ("starts", "ends", "fine"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), True),
        (date(2025, 12, 31), date(2026, 1, 31), False),
        (date(2025, 8, 1), date(2025, 8, 31), True),
        (date(2025, 8, 1), date(2025, 9, 1), False),
    ],
)
def test_windows_that_share_a_day_are_refused(starts, ends, fine):
    window = Window(id="other", name="Other", starts_on=starts, ends_on=ends)
    problems = check_population(population(window, [row("9", "a")]), [population(AUTUMN, THREE)])
    assert (problems == []) == fine


def test_a_row_whose_parts_are_larger_than_the_whole_is_refused():
    good = {name: getattr(THREE[0], name) for name in CohortRow.__slots__}
    for changed in ({"attended_five": 9}, {"applied": 9}, {"answered_after": 7}, {"started": 7}):
        with pytest.raises(ValueError, match="cohort 1"):
            CohortRow(**{**good, **changed})


def test_a_window_cannot_end_before_it_starts():
    with pytest.raises(ValueError, match="ends before"):
        Window(id="x", name="x", starts_on=date(2026, 1, 2), ends_on=date(2026, 1, 1))
