"""Statistics from sums give the published results of well-known data sets."""

import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.outcomes.statistics import (
    CohortSums,
    add_up,
    change_over_schools,
    d_av,
    d_z,
    design_effect,
    g_av,
    g_z,
    hedges_j,
    mean_change,
    pool,
    sd_change,
    t_interval,
    t_test,
)

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

# R's `sleep`: extra hours of sleep under two drugs, the same ten people (Student 1908).
SLEEP = [
    (0.7, 1.9),
    (-1.6, 0.8),
    (-0.2, 1.1),
    (-1.2, 0.1),
    (-0.1, -0.1),
    (3.4, 4.4),
    (3.7, 5.5),
    (0.8, 1.6),
    (0.0, 4.6),
    (2.0, 3.4),
]
# Darwin's maize: cross- minus self-fertilised height, eighths of an inch.
MAIZE = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75]
# BCG vaccine trials (Colditz 1994): cases and non-cases, vaccinated then control.
BCG = [
    (4, 119, 11, 128),
    (6, 300, 29, 274),
    (3, 228, 11, 209),
    (62, 13536, 248, 12619),
    (33, 5036, 47, 5761),
    (180, 1361, 372, 1079),
    (8, 2537, 10, 619),
    (505, 87886, 499, 87892),
    (29, 7470, 45, 7232),
    (17, 1699, 65, 1600),
    (186, 50448, 141, 27197),
    (5, 2493, 3, 2338),
    (27, 16886, 29, 17825),
]
LOG_RR = [math.log((a / (a + b)) / (c / (c + d))) for a, b, c, d in BCG]
LOG_RR_VARIANCES = [1 / a - 1 / (a + b) + 1 / c - 1 / (c + d) for a, b, c, d in BCG]


def close(value, tolerance=1e-3):
    return pytest.approx(value, abs=tolerance)


def test_sleep_mean_interval_and_effect_sizes():
    sums = CohortSums.of_pairs(SLEEP)
    interval = t_interval(sums)
    assert interval.estimate == close(1.58, 1e-9)
    assert (interval.low, interval.high, interval.df) == (close(0.70011, 1e-5), close(2.45989, 1e-5), 9)
    t, p = t_test(sums)
    assert (t, p) == (close(4.0621, 1e-4), close(0.002833, 1e-6))
    assert d_z(sums) == close(1.28456, 1e-5)
    assert g_z(sums) == close(1.17392, 1e-5)
    assert d_av(sums) == close(0.83218, 1e-5)
    assert g_av(sums) == close(0.76051, 1e-5)


def test_maize_paired_t():
    t, p = t_test(CohortSums.of_pairs((0, difference) for difference in MAIZE))
    assert (t, p) == (close(2.14799, 1e-5), close(0.04970, 1e-5))


@pytest.mark.parametrize(
    ("before", "after", "sd_pre", "sd_post", "n", "r", "expected"),
    [
        (30.6, 38.5, 15, 11.6, 20, 0.47, 0.5417),
        (23.5, 26.8, 3.1, 4.1, 50, 0.64, 1.0198),
        (0.5, 0.7, 0.1, 0.1, 9, 0.77, 2.6619),
        (53.4, 75.9, 14.5, 4.4, 10, 0.89, 1.9088),
        (35.6, 36.0, 4.7, 4.6, 14, 0.44, 0.0765),
    ],
)
def test_morris_standardised_mean_change(before, after, sd_pre, sd_post, n, r, expected):
    change, variance = after - before, sd_pre**2 + sd_post**2 - 2 * r * sd_pre * sd_post

    def squares(mean, var):
        return (n - 1) * var + n * mean**2

    sums = CohortSums(
        n_paired=n,
        sum_before=n * before,
        sum_after=n * after,
        sum_before_sq=squares(before, sd_pre**2),
        sum_after_sq=squares(after, sd_post**2),
        sum_change=n * change,
        sum_change_sq=squares(change, variance),
        higher=n,
        same=0,
        lower=0,
    )
    assert g_z(sums) == close(expected, 1e-4)


def test_the_exact_correction_is_near_its_approximation():
    for df in (5, 20, 200):
        assert hedges_j(df) == close(1 - 3 / (4 * df - 1), 0.01)


def test_bcg_dersimonian_laird():
    pooled = pool(LOG_RR, LOG_RR_VARIANCES, method="DL", hartung_knapp=False)
    assert pooled.q == close(152.2330, 1e-4)
    assert pooled.tau2 == close(0.3088, 1e-4)
    assert (pooled.estimate, pooled.low, pooled.high) == (
        close(-0.7141, 1e-4),
        close(-1.0644, 1e-4),
        close(-0.3638, 1e-4),
    )
    assert pooled.estimate / pooled.se == close(-3.9952, 1e-4)
    assert pooled.i2 == close(92.1173, 1e-4)


def test_bcg_reml():
    pooled = pool(LOG_RR, LOG_RR_VARIANCES, hartung_knapp=False)
    assert pooled.tau2 == close(0.3132, 1e-4)
    assert (pooled.estimate, pooled.se) == (close(-0.7145, 1e-4), close(0.1798, 1e-4))
    assert (pooled.low, pooled.high) == (close(-1.0669, 1e-4), close(-0.3622, 1e-4))
    assert pooled.i2 == close(92.22, 0.01)


def test_bcg_reml_with_hartung_knapp_and_prediction():
    pooled = pool(LOG_RR, LOG_RR_VARIANCES)
    assert pooled.se == close(0.1808, 1e-4)
    assert pooled.estimate / pooled.se == close(-3.9522, 1e-3)
    assert (pooled.low, pooled.high) == (close(-1.1084, 1e-4), close(-0.3206, 1e-4))
    assert [math.exp(end) for end in pooled.prediction] == [close(0.14, 5e-3), close(1.76, 5e-3)]


def test_hartung_knapp_never_narrows_below_the_ordinary_error():
    alike = [1.0, 1.01, 0.99, 1.0, 1.02]
    with_hk, without = pool(alike, [0.2] * 5), pool(alike, [0.2] * 5, hartung_knapp=False)
    assert with_hk.tau2 == 0
    assert with_hk.se == without.se


@pytest.mark.parametrize(("y", "v"), [([1.0], [0.1]), ([1.0, 2.0], [0.1]), ([1.0, 2.0], [0.1, 0.0])])
def test_rejects_figures_that_cannot_be_pooled(y, v):
    with pytest.raises(ValueError, match=r"pooling needs|above zero"):
        pool(y, v)


def test_design_effect_of_groups_of_nine():
    assert design_effect(9, 0.05) == pytest.approx(1.40)
    assert 27 / design_effect(9, 0.05) == pytest.approx(19, abs=0.5)
    assert design_effect(1) == 1


SCHOOL = [(3.0, 5.0), (4.0, 5.5), (2.0, 2.5), (6.0, 5.0), (5.0, 8.0), (4.0, 4.0), (3.0, 6.0), (7.0, 7.5)]


def shifted(by):
    return CohortSums.of_pairs((before, after + by) for before, after in SCHOOL)


def test_under_five_schools_parents_are_counted_with_the_design_effect():
    schools = [shifted(0), shifted(0.5), shifted(1)]
    result = change_over_schools(schools)
    plain = t_interval(add_up(schools))
    assert (result.method, result.tau2, result.prediction) == ("parents", None, None)
    assert result.estimate == plain.estimate
    wider = (result.high - result.low) / (plain.high - plain.low)
    assert wider == pytest.approx(math.sqrt(design_effect(8)))


def test_from_five_schools_the_schools_are_pooled_with_one_within_school_spread():
    schools = [shifted(by) for by in (0, 0.5, 1, 1.5, 2)]
    result = change_over_schools([*schools, CohortSums.of_pairs([])])
    variance = sd_change(schools[0]) ** 2 / 8
    expected = pool([mean_change(school) for school in schools], [variance] * 5)
    assert result.method == "schools"
    assert (result.estimate, result.low, result.high) == pytest.approx(
        (expected.estimate, expected.low, expected.high)
    )


def test_schools_in_which_nobody_differs_fall_back_to_parents():
    assert change_over_schools([CohortSums.of_pairs([(1, 2)] * 8)] * 5).method == "parents"


scores = st.integers(0, 30).map(lambda third: third / 3)
cohorts = st.lists(st.tuples(scores, scores), max_size=10)


@PATIENT
@given(st.lists(cohorts, max_size=8), st.randoms())
def test_adding_up_equals_counting_everyone_at_once_in_any_order(groups, random):
    parts = [CohortSums.of_pairs(group) for group in groups]
    whole = add_up(parts)
    random.shuffle(parts)
    assert add_up(parts) == whole
    at_once = CohortSums.of_pairs(pair for group in groups for pair in group)
    for name in ("n_paired", "higher", "same", "lower"):
        assert getattr(whole, name) == getattr(at_once, name)
    assert whole.sum_change_sq == pytest.approx(at_once.sum_change_sq, abs=1e-9)


def test_a_whole_point_in_thirds_is_a_change():
    sums = CohortSums.of_pairs([(23 / 3, 26 / 3), (26 / 3, 23 / 3), (5.0, 5.5)])
    assert (sums.higher, sums.same, sums.lower) == (1, 1, 1)


@pytest.mark.parametrize("changed", [{"higher": 5}, {"sum_change": 9.0}, {"higher": -1, "same": 4}])
def test_sums_that_do_not_belong_together_are_refused(changed):
    good: dict[str, Any] = {
        "n_paired": 3,
        "sum_before": 10.0,
        "sum_after": 13.0,
        "sum_before_sq": 40.0,
        "sum_after_sq": 60.0,
        "sum_change": 3.0,
        "sum_change_sq": 5.0,
        "higher": 1,
        "same": 1,
        "lower": 1,
    }
    CohortSums(**good)
    with pytest.raises(ValueError, match=r"count|add up|after minus"):
        CohortSums(**{**good, **changed})


def test_one_pair_has_no_spread():
    with pytest.raises(ValueError, match="two pairs"):
        t_interval(CohortSums.of_pairs([(1, 2)]))
