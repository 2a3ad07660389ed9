"""The sentences of a release, built from its published figures and from nothing else.

They speak of change, never of what caused it. A figure is a number, or a mapping where it is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.outcomes.disclosure.rules import Rules

SYMBOLS = {
    "c": "Not shown: small numbers could identify someone.",
    "x": "Not available.",
    "z": "Does not apply.",
}

Figures = Mapping[str, Any]


def not_shown(symbol: str) -> dict[str, Any]:
    """Return the one form of a figure that is not shown."""
    return {"shown": False, "symbol": symbol, "reason": SYMBOLS[symbol]}


def is_shown(*figures: Any) -> bool:
    """Return whether all of the figures are numbers."""
    return not any(isinstance(figure, Mapping) for figure in figures)


def points(value: float) -> str:
    """Return a score or a change of score with one decimal and a true minus sign."""
    return f"{value:.1f}".replace("-", "−")


def _counted(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"


def reach_sentences(figures: Figures, *, enough_schools: bool) -> list[str]:
    """Return who was reached; where too few schools have groups, only that."""
    schools, groups = figures["schools"], figures["groups"]
    if not enough_schools:
        return [f"Too few schools yet; {schools} {'has' if schools == 1 else 'have'} groups."]
    sentences = [
        f"{_counted(groups, 'group', 'groups')} finished in {_counted(schools, 'school', 'schools')}."
    ]
    if is_shown(figures["started"]):
        sentences.append(f"About {figures['started']} parents started.")
    else:
        sentences.append("How many parents started is not shown (small numbers).")
    return sentences


def retention_sentences(reach: Figures, figures: Figures) -> list[str]:
    """Return how many of those who started came to five or more of the eight sessions."""
    started, five, percent = reach["started"], figures["five_or_more"], figures["five_or_more_percent"]
    if not is_shown(five):
        return ["How many came to five or more sessions is not shown (small numbers)."]
    if is_shown(started, percent):
        return [
            f"Of about {started} parents who started, about {five} ({percent}%) came to five or more "
            "sessions."
        ]
    return [f"About {five} parents came to five or more sessions."]


def change_sentences(area: str, figures: Figures) -> list[str]:
    """Return what changed in one area; lower always stands beside higher."""
    n, higher = figures["n"], figures["higher"]
    same, lower, not_higher = figures["same"], figures["lower"], figures["not_higher"]
    if not is_shown(figures["before"]) and not is_shown(n):
        return [f"“{area}” is not shown (small numbers)."]
    sentences = []
    if is_shown(higher, same, lower):
        sentences.append(
            f"Of about {n} parents who answered both times, about {higher} chose a higher number for "
            f"“{area}”. About {same} chose the same, {lower} a lower one."
        )
    elif is_shown(higher, not_higher):
        sentences.append(
            f"Of about {n} parents who answered both times, about {higher} chose a higher number for "
            f"“{area}”, about {not_higher} did not. The same and a lower number are not shown apart "
            "(small numbers)."
        )
    else:
        sentences.append(
            f"About {n} parents answered both times for “{area}”. How many chose a higher, the same or a "
            "lower number is not shown (small numbers)."
        )
    if is_shown(figures["before"]):
        sentences.append(
            f"The average for “{area}” changed from {points(figures['before'])} to "
            f"{points(figures['after'])} (likely range of change {points(figures['change_low'])} to "
            f"{points(figures['change_high'])})."
        )
    else:
        sentences.append(f"The average for “{area}” is not shown (small numbers).")
    return sentences


def application_sentences(figures: Figures) -> list[str]:
    """Return how many graduates applied to lead a group."""
    if is_shown(figures["applied"]):
        return [f"About {figures['applied']} graduates applied to facilitate."]
    return ["How many graduates applied to facilitate is not shown (small numbers)."]


def caveats(rules: Rules, *, validated: bool) -> list[str]:
    """Return how to read a release and where its limits are; the same for every release of these rules."""
    lines = [
        f"Counts are rounded to the nearest {rules.rounding_base}; totals and percentages are made from "
        "rounded counts.",
        f"Results need at least {rules.min_parents} parents and {rules.min_controllers} schools "
        "(one trust counts once).",
        f"Counts under {rules.count_threshold} are not shown, nor what would give them away. One symbol "
        "marks all hidden numbers.",
        "“Higher” and “lower” are changes of one point or more; “lower” always stands beside “higher”.",
        f"Below {rules.coarse_below} pairs, be cautious.",
        "No comparison group: this shows change, not cause. People often join at a hard moment and may "
        "improve anyway. Some who left did not answer.",
    ]
    if not validated:
        lines.append("The questions are the programme's own, not a validated scale.")
    return lines
