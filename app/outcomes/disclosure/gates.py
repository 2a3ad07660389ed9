"""The publication gate: may anything at all be said about this group of parents?

Contributions are numbers of parents by controller. Reasons are for staff and carry no number of parents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.outcomes.disclosure.rules import Rules


@dataclass(frozen=True, slots=True)
class GateResult:
    """Whether a group passes, and if not, every reason in plain words."""

    passed: bool
    reasons: tuple[str, ...] = ()


def publication_gate(contributions: Mapping[str, int], rules: Rules | None = None) -> GateResult:
    """Return whether these parents may be described together.

    Enough parents, from enough controllers, no one of them too large, and enough left over when any one
    of them takes its own away. Raises ValueError for a number below zero.
    """
    rules = rules or Rules()
    if any(n < 0 for n in contributions.values()):
        raise ValueError("a contribution is below zero")
    total = sum(contributions.values())
    solid = {controller for controller, n in contributions.items() if n >= rules.min_per_controller}
    reasons = []
    if total < rules.min_parents:
        reasons.append(f"Fewer than {rules.min_parents} parents in all.")
    if len(solid) < rules.min_controllers:
        reasons.append(
            f"Fewer than {rules.min_controllers} schools or trusts with {rules.min_per_controller} or more "
            "parents each. Schools of one trust count as one."
        )
    if any(n > rules.max_share * total for n in contributions.values()):
        reasons.append("One school or trust gives more than its largest allowed share of the parents.")
    if any(
        total - n < rules.min_remainder or len(solid - {controller}) < rules.min_remainder_controllers
        for controller, n in contributions.items()
        if n
    ):
        reasons.append("A school or trust could take its own parents away, and too few others would be left.")
    return GateResult(not reasons, tuple(reasons))


def subgroup_gate(
    part: Mapping[str, int], whole: Mapping[str, int], rules: Rules | None = None
) -> GateResult:
    """Return whether a part may be described beside the whole: the part and the rest must each pass.

    Raises ValueError when the part is larger than the whole anywhere.
    """
    rest = {controller: whole.get(controller, 0) - part.get(controller, 0) for controller in {*whole, *part}}
    results = [
        ("The part", publication_gate(part, rules)),
        ("The rest", publication_gate(rest, rules)),
    ]
    reasons = tuple(f"{which}: {reason}" for which, result in results for reason in result.reasons)
    return GateResult(not reasons, reasons)
