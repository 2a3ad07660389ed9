"""Do figures that are each safe give one another away when a reader puts them side by side?

A reader knows the rules: that a shown part is always at least the threshold smaller than a shown whole, that
a group has ten places at most. Someone inside a school also knows that school's own rows. A figure stands
only if none of this tells more about a shown count than its rounding does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from app.outcomes.disclosure.rounding import Bounds
from app.outcomes.disclosure.rules import Rules


def gap_narrows(whole: Bounds, cells: Sequence[Bounds], gap: int) -> bool:
    """Return whether knowing that the cells together are at least ``gap`` below the whole tells more.

    ``cells`` are disjoint parts of the whole; it does, when the whole's lower or a cell's upper end moves.
    """
    low = sum(cell.low for cell in cells)
    return whole.low < low + gap or ceiling_narrows(cells, whole.high - gap)


def ceiling_narrows(cells: Sequence[Bounds], ceiling: float) -> bool:
    """Return whether knowing that the cells together are at most ``ceiling`` lowers any cell's upper end."""
    low = sum(cell.low for cell in cells)
    return any(cell.high > ceiling - (low - cell.low) for cell in cells)


def floor_narrows(cells: Sequence[Bounds], floor: int) -> bool:
    """Return whether knowing that the cells together are at least ``floor`` raises any cell's lower end."""
    high = sum(cell.high for cell in cells)
    return any(cell.low < floor - (high - cell.high) for cell in cells)


def own_rows_narrow(own: Mapping[str, int], cell: Bounds) -> bool:
    """Return whether a controller's own count raises the lower end of the count of everyone."""
    return any(n > cell.low for n in own.values())


def gate_floor(contributions: Mapping[str, int], rules: Rules) -> int:
    """Return the most that any controller can tell about the total from having passed the gate."""
    return max(
        (max(n + rules.min_remainder, math.ceil(n / rules.max_share)) for n in contributions.values() if n),
        default=rules.min_parents,
    )


def widest_gap(part: Mapping[str, int], whole: Mapping[str, int], rules: Rules) -> int:
    """Return how far apart part and whole are known to be: the threshold, or a controller's own gap."""
    own = (whole.get(controller, 0) - part.get(controller, 0) for controller in whole)
    return max(rules.count_threshold, *own, 0)


def places_ceiling(
    contributions: Mapping[str, int], groups: Mapping[str, int], largest_group: int, rules: Rules
) -> int:
    """Return the most parents that there can be, for the controller that can tell most.

    Each knows its own parents exactly and that every other group has at most ten places. Where a group
    really was larger, nobody can rely on ten.
    """
    places = max(rules.max_group, largest_group)
    everyone = places * sum(groups.values())
    return min(
        (everyone - places * n + contributions.get(controller, 0) for controller, n in groups.items()),
        default=0,
    )
