"""Rounding of published numbers, and what a reader can infer from a rounded count.

Counts go to the nearest multiple of the base; totals and percentages are made from the rounded cells,
because independently rounded totals give cells away (12, 12, 12, 12 as 10, 10, 10, 10 of 50 is exact).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from app.outcomes.disclosure.rules import Rules


class Bounds(NamedTuple):
    """The least and the greatest value that a count can have for someone who knows the rules."""

    low: int
    high: int

    def below(self, ceiling: int) -> Bounds:
        """Return the bounds of someone who also knows that there are at most so many."""
        return Bounds(self.low, min(self.high, ceiling))


def round_count(n: int, rules: Rules) -> int:
    """Return the nearest multiple of the base, halves up."""
    base = rules.rounding_base
    return (2 * n + base) // (2 * base) * base


def bounds_of(rounded: int, rules: Rules) -> Bounds:
    """Return the counts that are shown as this number; smaller ones than the threshold never are."""
    base = rules.rounding_base
    low = rounded - base // 2
    return Bounds(max(low, rules.count_threshold), low + base - 1)


def total_of(cells: Iterable[int]) -> int:
    """Return the published total: the sum of the rounded cells, never the rounded sum."""
    return sum(cells)


def percent_of(cell: int, total: int) -> int:
    """Return a whole percentage of two rounded numbers."""
    return int(round_to(100 * cell / total, 1.0))


def round_to(value: float, step: float) -> float:
    """Return the nearest multiple of the step, halves away from zero, blind to noise in the last bits."""
    unit = Decimal(str(step))
    steps = (Decimal(str(round(value, 9))) / unit).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return float(steps * unit) + 0.0
