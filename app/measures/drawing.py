"""A parent's own change as a star, with the words that a screen reader says instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from app.measures.queries import AreaChange
from app.shell.charts import Spoke, star

FEWEST_AREAS = 3


def draw_star(changes: Sequence[AreaChange]) -> dict[str, Any] | None:
    """The drawing, with dots where an area was answered both times; None where too few were."""
    whole = [area for area in changes if area.change is not None]
    if len(whole) < FEWEST_AREAS:
        return None
    words = [
        _(
            "%(area)s: %(before)s at the start, %(after)s now.",
            area=_(area.name),
            before=points(area.change.before),
            after=points(area.change.after),
        )
        for area in whole
        if area.change
    ]
    spokes = [
        Spoke(_(area.name), area.before, area.after) if area.change else Spoke(_(area.name), None)
        for area in changes
    ]
    return star(spokes, " ".join(words))


def points(value: float) -> str:
    """A score with at most one decimal: 6, 6.5, 6.7."""
    return f"{value:.1f}".removesuffix(".0")
