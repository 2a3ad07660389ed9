"""Which counts are shown: small ones, zeros and their complements are hidden, the rest are rounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.outcomes.disclosure.overlaps import (
    ceiling_narrows,
    floor_narrows,
    gap_narrows,
    gate_floor,
    own_rows_narrow,
    widest_gap,
)
from app.outcomes.disclosure.rounding import Bounds, bounds_of, round_count, total_of
from app.outcomes.disclosure.rules import Rules

ByController = Mapping[str, int]

SMALL = "The number, or what is left when it is taken away, is small."
INSIDER = "A school or trust could take its own parents away and learn too much about the others."
OVERLAP = "Beside the other numbers shown here it would give a small number away."


@dataclass(frozen=True, slots=True)
class Hidden:
    """A figure that is not shown; ``why`` is for staff only, readers see one symbol for every reason."""

    symbol: Literal["c", "x", "z"]
    why: tuple[str, ...] = ()


def is_small(n: int, rules: Rules) -> bool:
    """Return whether a count is hidden for its size; zero is."""
    return n < rules.count_threshold


def show_part(
    part: ByController, whole: ByController, rules: Rules, *, ceiling: int | None = None
) -> int | Hidden:
    """Return a part of a whole rounded, or hidden.

    Both it and the rest must reach the threshold, and neither a reader who knows the whole nor a
    controller who knows its own rows may learn more about it than the rounding leaves. ``ceiling`` is the
    most that the whole can be, where that is known.
    """
    n, total = sum(part.values()), sum(whole.values())
    if is_small(n, rules) or is_small(total - n, rules):
        return Hidden("c", (SMALL,))
    shown = round_count(n, rules)
    cell, around = bounds_of(shown, rules), bounds_of(round_count(total, rules), rules)
    if own_rows_narrow(part, cell):
        return Hidden("c", (INSIDER,))
    if ceiling is not None:
        around = around.below(ceiling)
    if gap_narrows(around, [cell], widest_gap(part, whole, rules)):
        return Hidden("c", (OVERLAP,))
    return shown


@dataclass(frozen=True, slots=True)
class Split:
    """How parents' changes are shown: three counts, higher or not, or nothing; with the published total."""

    kind: Literal["three", "two", "none"]
    cells: Mapping[str, int]
    n: int
    why: tuple[str, ...] = ()

    def bounds(self, rules: Rules) -> list[Bounds]:
        """Return what a reader can infer of each shown count, or of the total where none is shown."""
        return [bounds_of(cell, rules) for cell in self.cells.values()] or [bounds_of(self.n, rules)]


def show_split(
    higher: ByController, same: ByController, lower: ByController, *, ceiling: int, rules: Rules
) -> Split:
    """Return all three counts if all pass, else higher and not higher if both pass, else none.

    "Lower" is never left out alone. The group itself must have passed the gate; ``ceiling`` is the most
    parents that the group can have. The total is made of the shown cells, or rounded where there are none.
    """
    not_higher = _added(same, lower)
    everyone = _added(higher, not_higher)
    reasons: list[str] = []
    choices: tuple[tuple[Literal["three", "two"], dict[str, ByController]], ...] = (
        ("three", {"higher": higher, "same": same, "lower": lower}),
        ("two", {"higher": higher, "not_higher": not_higher}),
    )
    for kind, cells in choices:
        why = _objection(cells, everyone, ceiling, rules)
        if why is None:
            shown = {name: round_count(sum(cell.values()), rules) for name, cell in cells.items()}
            return Split(kind, shown, total_of(shown.values()), tuple(reasons))
        reasons.append(why)
    return Split("none", {}, round_count(sum(everyone.values()), rules), tuple(reasons))


def _objection(
    cells: Mapping[str, ByController], everyone: ByController, ceiling: int, rules: Rules
) -> str | None:
    counts = {name: sum(cell.values()) for name, cell in cells.items()}
    if any(is_small(n, rules) for n in counts.values()):
        return SMALL
    bounds = {name: bounds_of(round_count(n, rules), rules) for name, n in counts.items()}
    if any(own_rows_narrow(cells[name], bounds[name]) for name in cells):
        return INSIDER
    together = list(bounds.values())
    if floor_narrows(together, gate_floor(everyone, rules)):
        return INSIDER
    if ceiling_narrows(together, ceiling):
        return OVERLAP
    return None


def _added(one: ByController, other: ByController) -> dict[str, int]:
    return {
        controller: one.get(controller, 0) + other.get(controller, 0) for controller in sorted({*one, *other})
    }
