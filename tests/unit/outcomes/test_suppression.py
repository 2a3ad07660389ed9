"""Which counts are shown, and that shown ones do not give hidden ones away."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.outcomes.disclosure.overlaps import (
    ceiling_narrows,
    floor_narrows,
    gap_narrows,
    gate_floor,
    places_ceiling,
)
from app.outcomes.disclosure.rounding import Bounds, bounds_of, percent_of, round_count, round_to, total_of
from app.outcomes.disclosure.rules import Rules
from app.outcomes.disclosure.suppress import INSIDER, OVERLAP, SMALL, Hidden, show_part, show_split

RULES = Rules()
PATIENT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NO_CEILING = 10_000


def spread(n, over=4):
    """n parents over a few controllers, as evenly as it goes."""
    return {f"c{place}": n // over + (place < n % over) for place in range(over)}


def test_totals_are_sums_of_rounded_cells_so_that_four_twelves_stay_hidden():
    cells = [round_count(12, RULES)] * 4
    assert cells == [10, 10, 10, 10]
    assert total_of(cells) == 40
    assert round_count(48, RULES) == 50  # beside four tens this would have made every cell exactly 12


@PATIENT
@given(st.integers(8, 5000))
def test_a_rounded_count_leaves_five_possibilities_with_the_truth_among_them(n):
    low, high = bounds_of(round_count(n, RULES), RULES)
    assert low <= n <= high
    assert high - low == 4
    assert {round_count(possible, RULES) for possible in range(low, high + 1)} == {round_count(n, RULES)}


@pytest.mark.parametrize(
    ("value", "step", "expected"),
    [(4.25, 0.1, 4.3), (-0.04, 0.1, 0.0), (1.24, 0.5, 1.0), (1.25, 0.5, 1.5), (-1.26, 0.5, -1.5)],
)
def test_means_and_intervals_are_rounded_to_their_step(value, step, expected):
    assert str(round_to(value, step)) == str(expected)


def test_rounding_is_blind_to_the_order_of_adding():
    assert round_to(0.1 + 0.2 + 4.05 - 0.1, 0.1) == round_to(4.05 - 0.1 + 0.1 + 0.2, 0.1) == 4.3


def test_percentages_are_of_rounded_numbers():
    assert percent_of(40, 55) == 73


@pytest.mark.parametrize("n", [0, 1, 7, 33, 39, 40])
def test_small_counts_zeros_and_small_complements_are_hidden(n):
    shown = show_part(spread(n), spread(40), RULES)
    assert shown == Hidden("c", (SMALL,))


def test_a_middling_count_is_shown_rounded():
    assert show_part(spread(22), spread(40), RULES) == 20


def test_a_part_whose_rounding_and_the_rules_together_say_too_much_is_hidden():
    # 29 of 37 would be 30 of 35: with at least 8 between them only 36-37 and 28-29 are possible.
    assert show_part(spread(29), spread(37), RULES) == Hidden("c", (OVERLAP,))


def test_a_count_that_comes_from_one_school_is_hidden():
    # All 12 are shown as 10, so 8 to 12: the school with 12 would know that nobody else is among them.
    part = {"c0": 12, "c1": 0, "c2": 0, "c3": 0}
    whole = {"c0": 14, "c1": 10, "c2": 10, "c3": 10}
    assert show_part(part, whole, RULES) == Hidden("c", (INSIDER,))


def test_three_counts_are_shown_when_all_pass():
    split = show_split(spread(22), spread(12), spread(9), ceiling=NO_CEILING, rules=RULES)
    assert (split.kind, dict(split.cells), split.n) == ("three", {"higher": 20, "same": 10, "lower": 10}, 40)


def test_a_small_lower_collapses_to_higher_or_not_and_takes_same_with_it():
    split = show_split(spread(22), spread(12), spread(3), ceiling=NO_CEILING, rules=RULES)
    assert (split.kind, dict(split.cells), split.n) == ("two", {"higher": 20, "not_higher": 15}, 35)


@pytest.mark.parametrize("counts", [(22, 3, 0), (0, 12, 12), (24, 0, 0), (3, 12, 15)])
def test_nothing_is_split_when_even_higher_or_not_is_small(counts):
    split = show_split(*map(spread, counts), ceiling=NO_CEILING, rules=RULES)
    assert (split.kind, dict(split.cells), split.n) == ("none", {}, round_count(sum(counts), RULES))


def test_the_gate_itself_must_not_tell_an_insider_the_counts():
    # 12 higher and 12 not, shown 10 and 10. A school with 12 of the 24 parents knows that it has at most
    # half, so that there are at least 24: both counts would be exactly 12.
    half = {"c0": 6, "c1": 2, "c2": 2, "c3": 2}
    nobody = dict.fromkeys(half, 0)
    split = show_split(half, half, nobody, ceiling=NO_CEILING, rules=RULES)
    assert (split.kind, split.why[-1]) == ("none", INSIDER)


def test_three_full_groups_must_not_tell_the_counts():
    # 13 + 8 + 8 are shown as 15 + 10 + 10, at least 29: with 30 places in all each is known to within one.
    split = show_split(spread(13), spread(8), spread(8), ceiling=30, rules=RULES)
    assert split.kind == "two"
    assert split.why == (OVERLAP,)


def brute_force(cells, total):
    """What each cell can be, from all combinations whose sum is allowed."""
    combinations: list[tuple[int, ...]] = [()]
    for low, high in cells:
        combinations = [(*chosen, n) for chosen in combinations for n in range(low, high + 1)]
    kept = [chosen for chosen in combinations if sum(chosen) in total]
    return [{chosen[place] for chosen in kept} for place in range(len(cells))]


bounds = st.integers(2, 6).map(lambda fives: bounds_of(5 * fives, RULES))


@PATIENT
@given(st.lists(bounds, min_size=1, max_size=3), st.integers(0, 100))
def test_the_overlap_rules_agree_with_trying_everything(cells, limit):
    full = [set(range(low, high + 1)) for low, high in cells]
    possible_up_to, possible_from = (
        brute_force(cells, range(limit + 1)),
        brute_force(cells, range(limit, 999)),
    )
    assert ceiling_narrows(cells, limit) == (possible_up_to != full)
    assert floor_narrows(cells, limit) == (possible_from != full)


@PATIENT
@given(bounds, st.lists(bounds, min_size=1, max_size=2), st.integers(8, 12))
def test_the_gap_rule_agrees_with_trying_everything(whole, cells, gap):
    parts = brute_force(cells, range(999))
    possible_wholes: set[int] = set()
    possible_parts: list[set[int]] = [set() for _ in cells]
    for total in range(whole.low, whole.high + 1):
        left = brute_force(cells, range(total - gap + 1))
        if any(left):
            possible_wholes.add(total)
        possible_parts = [known | more for known, more in zip(possible_parts, left, strict=True)]
    narrows = possible_wholes != set(range(whole.low, whole.high + 1)) or possible_parts != parts
    assert gap_narrows(whole, cells, gap) == narrows


def test_what_a_controller_knows_of_the_total_from_the_gate():
    assert gate_floor({"a": 12, "b": 6, "c": 6}, RULES) == 24  # at most half
    assert gate_floor({"a": 6, "b": 6, "c": 6}, RULES) == 16  # ten others
    assert gate_floor({}, RULES) == 10


def test_places_are_known_to_everyone_and_own_parents_to_each():
    groups = {"a": 1, "b": 2}
    assert places_ceiling({"a": 8, "b": 20}, groups, 10, RULES) == 28  # a knows its own two empty places
    assert places_ceiling({"a": 8, "b": 20}, groups, 12, RULES) == 32
    assert places_ceiling({"a": 10, "b": 20}, groups, 10, RULES) == 30


def test_bounds_never_reach_below_the_threshold():
    assert bounds_of(10, Rules(count_threshold=10)) == Bounds(10, 12)
