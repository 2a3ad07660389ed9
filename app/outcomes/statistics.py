"""Paired statistics from sums alone: no function here needs, or could give back, one person's answers.

The roll-up keeps one `CohortSums` per cohort and domain; everything reported is worked out from those and
from adding them up. Scores are in points of the domain's scale, changes are after minus before.
Sources: Hedges (1981) for the exact small-sample factor J; Viechtbauer's metafor for the REML, Hartung-Knapp
and prediction-interval conventions (oracles in the tests); DerSimonian and Laird (1986).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from types import ModuleType

SAME_BAND = 1.0
# Likeness of parents in one school, assumed until there is enough data to estimate it.
SCHOOL_ICC = 0.05
MIN_SCHOOLS_TO_POOL = 5


@cache
def _special() -> ModuleType:
    """Imported when it is needed: it takes most of a second, which no page should wait for at start."""
    from scipy import special

    module: ModuleType = special
    return module


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortSums:
    """Sufficient statistics of paired answers: counts, sums and sums of squares.

    ``higher``, ``same`` and ``lower`` count parents by change: at least one point up, under one point, at
    least one point down. Raises ValueError when the numbers cannot belong together.
    """

    n_paired: int
    sum_before: float
    sum_after: float
    sum_before_sq: float
    sum_after_sq: float
    sum_change: float
    sum_change_sq: float
    higher: int
    same: int
    lower: int

    def __post_init__(self) -> None:
        if min(self.n_paired, self.higher, self.same, self.lower) < 0:
            raise ValueError("a count is below zero")
        if self.higher + self.same + self.lower != self.n_paired:
            raise ValueError("higher, same and lower do not add up to the pairs")
        if not math.isclose(self.sum_after - self.sum_before, self.sum_change, abs_tol=1e-6):
            raise ValueError("the change is not after minus before")

    @classmethod
    def of_pairs(cls, pairs: Iterable[tuple[float, float]], *, same_band: float = SAME_BAND) -> CohortSums:
        """Return the sums of (before, after) scores."""
        known = list(pairs)
        changes = [round(after - before, 6) for before, after in known]
        higher = sum(change >= same_band for change in changes)
        lower = sum(change <= -same_band for change in changes)
        return cls(
            n_paired=len(known),
            sum_before=math.fsum(before for before, _ in known),
            sum_after=math.fsum(after for _, after in known),
            sum_before_sq=math.fsum(before**2 for before, _ in known),
            sum_after_sq=math.fsum(after**2 for _, after in known),
            sum_change=math.fsum(after - before for before, after in known),
            sum_change_sq=math.fsum((after - before) ** 2 for before, after in known),
            higher=higher,
            same=len(known) - higher - lower,
            lower=lower,
        )


def add_up(parts: Iterable[CohortSums]) -> CohortSums:
    """Return the sums of all the parts together, the same to the last bit in any order."""
    known = list(parts)
    return CohortSums(
        n_paired=sum(part.n_paired for part in known),
        sum_before=math.fsum(part.sum_before for part in known),
        sum_after=math.fsum(part.sum_after for part in known),
        sum_before_sq=math.fsum(part.sum_before_sq for part in known),
        sum_after_sq=math.fsum(part.sum_after_sq for part in known),
        sum_change=math.fsum(part.sum_change for part in known),
        sum_change_sq=math.fsum(part.sum_change_sq for part in known),
        higher=sum(part.higher for part in known),
        same=sum(part.same for part in known),
        lower=sum(part.lower for part in known),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An estimate with its 95% interval, standard error and degrees of freedom."""

    estimate: float
    low: float
    high: float
    se: float
    df: int


def _sd(n: int, total: float, total_sq: float) -> float:
    if n < 2:
        raise ValueError("a standard deviation needs two pairs")
    return math.sqrt(max(0.0, total_sq - total * total / n) / (n - 1))


def sd_before(sums: CohortSums) -> float:
    """Return the sample standard deviation before; needs two pairs."""
    return _sd(sums.n_paired, sums.sum_before, sums.sum_before_sq)


def sd_after(sums: CohortSums) -> float:
    """Return the sample standard deviation after; needs two pairs."""
    return _sd(sums.n_paired, sums.sum_after, sums.sum_after_sq)


def sd_change(sums: CohortSums) -> float:
    """Return the sample standard deviation of the changes; needs two pairs."""
    return _sd(sums.n_paired, sums.sum_change, sums.sum_change_sq)


def mean_change(sums: CohortSums) -> float:
    """Return the mean change in points; needs one pair."""
    if not sums.n_paired:
        raise ValueError("a mean needs one pair")
    return sums.sum_change / sums.n_paired


def t_interval(sums: CohortSums, *, deff: float = 1.0) -> Interval:
    """Return the mean change with its 95% t interval (n − 1 df), the variance inflated by ``deff``."""
    n = sums.n_paired
    se = sd_change(sums) * math.sqrt(deff / n)
    return _interval(mean_change(sums), se, n - 1)


def _interval(estimate: float, se: float, df: int) -> Interval:
    reach = float(_special().stdtrit(df, 0.975)) * se
    return Interval(estimate=estimate, low=estimate - reach, high=estimate + reach, se=se, df=df)


def t_test(sums: CohortSums) -> tuple[float, float]:
    """Return t and the two-sided p of the paired t test. Never reported without the interval."""
    se = sd_change(sums) / math.sqrt(sums.n_paired)
    if se == 0:
        raise ValueError("every change is the same")
    t = mean_change(sums) / se
    return t, 2 * float(_special().stdtr(sums.n_paired - 1, -abs(t)))


def hedges_j(df: int) -> float:
    """Return the exact small-sample correction Γ(m/2) / (√(m/2) Γ((m−1)/2)) for m = df ≥ 2."""
    return math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)


def d_av(sums: CohortSums) -> float:
    """Return the mean change over the average of the two standard deviations (root mean square)."""
    spread = math.sqrt((sd_before(sums) ** 2 + sd_after(sums) ** 2) / 2)
    if spread == 0:
        raise ValueError("every answer is the same")
    return mean_change(sums) / spread


def g_av(sums: CohortSums) -> float:
    """Return the headline effect size: d_av with the exact small-sample correction."""
    return hedges_j(sums.n_paired - 1) * d_av(sums)


def d_z(sums: CohortSums) -> float:
    """Return the mean change over the standard deviation of changes; larger than g_av when r > .5."""
    spread = sd_change(sums)
    if spread == 0:
        raise ValueError("every change is the same")
    return mean_change(sums) / spread


def g_z(sums: CohortSums) -> float:
    """Return d_z with the exact small-sample correction."""
    return hedges_j(sums.n_paired - 1) * d_z(sums)


def design_effect(cluster_size: float, icc: float = SCHOOL_ICC) -> float:
    """Return 1 + (m − 1)ρ: by how much parents of one school count for fewer than they are."""
    return 1 + max(0.0, cluster_size - 1) * icc


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """A random-effects summary of k estimates; ``prediction`` is where a new school would likely fall."""

    k: int
    estimate: float
    se: float
    low: float
    high: float
    tau2: float
    q: float
    i2: float
    prediction: tuple[float, float]


def pool(
    estimates: Sequence[float],
    variances: Sequence[float],
    *,
    method: Literal["DL", "REML"] = "REML",
    hartung_knapp: bool = True,
) -> Pooled:
    """Return the random-effects mean of two or more estimates with sampling variances above zero.

    With Hartung-Knapp the interval stands on t with k − 1 df and its standard error never falls below
    the ordinary one; without, on the normal distribution. I² is in percent.
    """
    k = len(estimates)
    if k < 2 or k != len(variances):
        raise ValueError("pooling needs two or more estimates, each with its variance")
    if min(variances) <= 0:
        raise ValueError("a sampling variance must be above zero")
    fixed = [1 / variance for variance in variances]
    q = _weighted_squares(estimates, fixed)
    spare = math.fsum(fixed) - math.fsum(w * w for w in fixed) / math.fsum(fixed)
    tau2 = max(0.0, (q - (k - 1)) / spare)
    if method == "REML":
        tau2 = _reml(estimates, variances, start=tau2)
    weights = [1 / (variance + tau2) for variance in variances]
    estimate = _weighted_mean(estimates, weights)
    se = math.sqrt(1 / math.fsum(weights))
    reach = float(_special().ndtri(0.975))
    if hartung_knapp:
        spread = _weighted_squares(estimates, weights) / (k - 1)
        se *= math.sqrt(max(1.0, spread))
        reach = float(_special().stdtrit(k - 1, 0.975))
    ahead = reach * math.sqrt(tau2 + se * se)
    typical = (k - 1) / spare
    return Pooled(
        k=k,
        estimate=estimate,
        se=se,
        low=estimate - reach * se,
        high=estimate + reach * se,
        tau2=tau2,
        q=q,
        i2=100 * tau2 / (tau2 + typical),
        prediction=(estimate - ahead, estimate + ahead),
    )


def _weighted_mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return math.fsum(w * y for w, y in zip(weights, values, strict=True)) / math.fsum(weights)


def _weighted_squares(values: Sequence[float], weights: Sequence[float]) -> float:
    centre = _weighted_mean(values, weights)
    return math.fsum(w * (y - centre) ** 2 for w, y in zip(weights, values, strict=True))


def _reml_score(estimates: Sequence[float], variances: Sequence[float], tau2: float) -> float:
    """Return the slope of the restricted likelihood in τ²: above zero while τ² is too small."""
    weights = [1 / (variance + tau2) for variance in variances]
    centre = _weighted_mean(estimates, weights)
    total = math.fsum(weights)
    squares = math.fsum(w * w * (y - centre) ** 2 for w, y in zip(weights, estimates, strict=True))
    return squares - total + math.fsum(w * w for w in weights) / total


def _reml(estimates: Sequence[float], variances: Sequence[float], *, start: float) -> float:
    """Return τ² where the slope crosses zero, 0 when it is never above zero there; by bisection."""
    if _reml_score(estimates, variances, 0.0) <= 0:
        return 0.0
    low, high = 0.0, max(start, min(variances))
    while _reml_score(estimates, variances, high) > 0:
        low, high = high, high * 2
    for _ in range(200):
        middle = (low + high) / 2
        if _reml_score(estimates, variances, middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledChange:
    """The mean change over schools with its 95% interval, and how it was worked out.

    ``method`` is "parents" (t interval on parents, inflated for likeness within schools) or "schools"
    (REML with Hartung-Knapp; only this one says anything about differences between schools).
    """

    method: Literal["parents", "schools"]
    estimate: float
    low: float
    high: float
    tau2: float | None
    prediction: tuple[float, float] | None


def change_over_schools(schools: Sequence[CohortSums], *, icc: float = SCHOOL_ICC) -> PooledChange:
    """Return the mean change with an interval that allows for parents of one school being alike.

    Under five schools: the t interval on parents with the design effect, and no claim about τ². From
    five: schools are pooled by REML, each with the variance pooled within schools, since the spread in
    one group of eight is too noisy. Needs two pairs in all.
    """
    present = [school for school in schools if school.n_paired]
    whole = add_up(present)
    k = len(present)
    within = math.fsum(school.sum_change_sq - school.sum_change**2 / school.n_paired for school in present)
    spare = whole.n_paired - k
    if k < MIN_SCHOOLS_TO_POOL or spare < 1 or within <= 1e-9:
        mean = t_interval(whole, deff=design_effect(whole.n_paired / k, icc))
        return PooledChange(
            method="parents",
            estimate=mean.estimate,
            low=mean.low,
            high=mean.high,
            tau2=None,
            prediction=None,
        )
    variance = within / spare
    pooled = pool(
        [mean_change(school) for school in present], [variance / school.n_paired for school in present]
    )
    return PooledChange(
        method="schools",
        estimate=pooled.estimate,
        low=pooled.low,
        high=pooled.high,
        tau2=pooled.tau2,
        prediction=pooled.prediction,
    )
