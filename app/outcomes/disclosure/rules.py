"""The numbers of the disclosure rules, in one place, with the reason for each.

An authority may be stricter than these, never laxer. Sources: ACRO, UK LLC and ONS for ten; Sport England's
school survey and our own insider trials for three controllers; OpenSAFELY for hiding 1-7 and rounding to 5.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Thresholds of one release; raises ValueError when one is laxer than the default."""

    version: str = "rules-1"
    # A statistic needs this many parents ...
    min_parents: int = 10
    # ... from this many controllers (a trust or federation counts once) giving this many each ...
    min_controllers: int = 3
    min_per_controller: int = 3
    # ... none giving more than this share ...
    max_share: float = 0.5
    # ... and without any one of them still this many parents from this many others, because that one
    # can subtract its own.
    min_remainder: int = 10
    min_remainder_controllers: int = 2
    # Counts below this, zero included, and counts whose complement is below this are hidden.
    count_threshold: int = 8
    rounding_base: int = 5
    # Intervals are rounded to half a point while fewer pairs than this are shown.
    coarse_below: int = 30
    # Means this near an end of the scale, or answers this alike, would tell every parent's answer.
    scale_margin: float = 0.5
    min_spread: float = 0.5
    # Public knowledge that a reader can use: a group has 8 to 10 places.
    max_group: int = 10

    def __post_init__(self) -> None:
        least = {
            "min_parents": 10,
            "min_controllers": 3,
            "min_per_controller": 3,
            "min_remainder": 10,
            "min_remainder_controllers": 2,
            "count_threshold": 8,
            "rounding_base": 5,
            "coarse_below": 30,
            "scale_margin": 0.5,
            "min_spread": 0.5,
        }
        lax = [name for name, floor in least.items() if getattr(self, name) < floor]
        if self.max_share > 0.5:
            lax.append("max_share")
        if self.rounding_base > 2 * self.count_threshold:
            lax.append("rounding_base")  # a shown count would round to zero
        if lax:
            raise ValueError(f"laxer than the rules allow: {', '.join(lax)}")

    def public(self) -> dict[str, str | int]:
        """Return what a reader is told. The insider settings stay unpublished: they help only an attack."""
        return {
            "version": self.version,
            "min_parents": self.min_parents,
            "min_schools": self.min_controllers,
            "count_threshold": self.count_threshold,
            "rounding_base": self.rounding_base,
        }
