"""Geometry of the small drawings that pages hold, worked out here so that templates only place it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 450, 320
CENTRE_X, CENTRE_Y, RADIUS = 225.0, 160.0, 94.0
LABEL_GAP = 15.0


@dataclass(frozen=True)
class Spoke:
    """One area of a person's own answers; scores from 0 to 10, higher is better, None if not answered."""

    label: str
    before: float | None
    after: float | None = None


def star(spokes: Sequence[Spoke], description: str) -> dict[str, Any]:
    """Drawing of three to ten areas as a star, for the `people.star` macro.

    `description` is what a screen reader says instead. A line is drawn through the answered areas only.
    """
    if not 3 <= len(spokes) <= 10:
        raise ValueError("a star has three to ten areas")
    angles = [math.tau * index / len(spokes) for index in range(len(spokes))]

    def at(angle: float, reach: float) -> tuple[float, float]:
        return round(CENTRE_X + reach * math.sin(angle), 1), round(CENTRE_Y - reach * math.cos(angle), 1)

    def ring(share: float) -> str:
        return _points([at(angle, RADIUS * share) for angle in angles])

    def shape(scores: Sequence[float | None]) -> dict[str, Any] | None:
        dots = [
            at(angle, RADIUS * score / 10)
            for angle, score in zip(angles, scores, strict=True)
            if score is not None
        ]
        return {"line": _points(dots), "dots": dots} if dots else None

    labels = []
    for angle, spoke in zip(angles, spokes, strict=True):
        x, y = at(angle, RADIUS + LABEL_GAP)
        lines = _two_lines(spoke.label)
        side = math.sin(angle)
        anchor = "middle" if abs(side) < 0.2 else "start" if side > 0 else "end"
        rise = (len(lines) - 1) * (20 if math.cos(angle) > 0.8 else 10 if abs(math.cos(angle)) <= 0.8 else 0)
        labels.append(
            {"x": x, "y": y + (12 if math.cos(angle) < -0.8 else 4) - rise, "anchor": anchor, "lines": lines}
        )
    return {
        "view_box": f"0 0 {WIDTH} {HEIGHT}",
        "description": description,
        "rings": [ring(share) for share in (0.25, 0.5, 0.75, 1.0)],
        "before": shape([spoke.before for spoke in spokes]),
        "after": shape([spoke.after for spoke in spokes]),
        "labels": labels,
    }


def _points(dots: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in dots)


def _two_lines(label: str) -> list[str]:
    """Break a label of several words near its middle."""
    if " " not in label or len(label) < 10:
        return [label]
    gaps = [index for index, letter in enumerate(label) if letter == " "]
    middle = min(gaps, key=lambda index: abs(index - len(label) / 2))
    return [label[:middle], label[middle + 1 :]]
