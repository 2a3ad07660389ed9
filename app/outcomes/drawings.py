"""Geometry of a release's two charts, once for wide windows and once for phones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

#: Places in drawing units; text is 16 units, which is 16 pixels or more on the screen it is made for.
WIDE = {"width": 590, "left": 190, "right": 560, "row": 46, "top": 58, "label_above": False}
PHONE = {"width": 390, "left": 14, "right": 366, "row": 62, "top": 76, "label_above": True}
TICKS = (0, 2, 4, 6, 8, 10)


@dataclass(frozen=True, slots=True)
class Row:
    """One area: averages before and after out of ten, None where they are not shown."""

    label: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Parts:
    """One area's parents in counts by kind (`higher`, `same`, `lower`, `not_higher`); empty where not shown."""

    label: str
    counts: tuple[tuple[str, int], ...]


#: One fill for one meaning. What is the same or lower, and not shown apart, is striped: never drawn as if nobody fell.
FILLS = {"higher": "wb-c1", "same": "wb-c0", "not_higher": "wb-cx", "lower": "wb-c2"}


def dumbbells(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Before and after as two dots on a line from 0 to 10, for each row."""
    return [_dumbbells(rows, kind, frame) for kind, frame in (("wide", WIDE), ("phone", PHONE))]


def bars(rows: Sequence[Parts]) -> list[dict[str, Any]]:
    """Shares of parents by how their answers moved, one bar for each row."""
    return [_bars(rows, kind, frame) for kind, frame in (("wide", WIDE), ("phone", PHONE))]


def _dumbbells(rows: Sequence[Row], kind: str, frame: dict[str, Any]) -> dict[str, Any]:
    left, right = frame["left"], frame["right"]

    def at(value: float) -> float:
        return round(left + (right - left) * value / 10, 1)

    lines = []
    for index, row in enumerate(rows):
        y = frame["top"] + index * frame["row"]
        line: dict[str, Any] = {
            "label": row.label,
            "y": y,
            "label_y": y - 20 if frame["label_above"] else y + 5,
            "label_x": 0 if frame["label_above"] else left - 22,
            "anchor": "start" if frame["label_above"] else "end",
        }
        if row.before is not None and row.after is not None:
            x1, x2 = at(row.before), at(row.after)
            side = -1 if x1 <= x2 else 1
            line |= {
                "x1": x1,
                "x2": x2,
                "before": f"{row.before:.1f}",
                "after": f"{row.after:.1f}",
                "before_x": x1 + 15 * side,
                "after_x": x2 - 16 * side,
                "before_anchor": "end" if side < 0 else "start",
                "after_anchor": "start" if side < 0 else "end",
            }
        lines.append(line)
    bottom = frame["top"] + (len(rows) - 1) * frame["row"] + 26
    return {
        "kind": kind,
        "width": frame["width"],
        "height": bottom + 24,
        "top": 30,
        "bottom": bottom,
        "left": left,
        "right": right,
        "middle": (left + right) / 2,
        "ticks": [(tick, at(tick)) for tick in TICKS],
        "rows": lines,
    }


def _bars(rows: Sequence[Parts], kind: str, frame: dict[str, Any]) -> dict[str, Any]:
    left, right = frame["left"], frame["right"]
    step = 64 if frame["label_above"] else 50
    lines = []
    for index, row in enumerate(rows):
        y = 8 + index * step + (18 if frame["label_above"] else 0)
        total = sum(count for _, count in row.counts)
        segments, x = [], float(left)
        for name, count in row.counts:
            width = round((right - left) * count / total, 1) if total else 0.0
            segments.append(
                {
                    "fill": FILLS[name],
                    "x": round(x, 1),
                    "width": width,
                    "text": str(count) if width > 30 else "",
                    "text_x": round(x + width / 2, 1),
                    "on": name in ("higher", "lower"),
                }
            )
            x += width
        lines.append(
            {
                "label": row.label,
                "y": y,
                "label_y": y - 8 if frame["label_above"] else y + 21,
                "label_x": 0 if frame["label_above"] else left - 22,
                "anchor": "start" if frame["label_above"] else "end",
                "segments": segments,
            }
        )
    return {
        "kind": kind,
        "width": frame["width"],
        "height": 8 + len(rows) * step,
        "left": left,
        "right": right,
        "middle": (left + right) / 2,
        "rows": lines,
    }
