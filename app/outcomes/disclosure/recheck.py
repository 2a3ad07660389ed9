"""A second look at a finished release, before it is published: everything again, from the rows.

Written apart from the assembly on purpose, with plain loops and none of its gates, suppression or overlap
code: a slip in one does not hide in the other. It proves that what is shown is true, rounded and allowed,
and that nothing is in the payload that it cannot account for. What is hidden without need is no problem.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.outcomes.disclosure.records import CohortRow
from app.outcomes.disclosure.rules import Rules
from app.outcomes.statistics import add_up, change_over_schools

SCALAR_KEYS = {
    "": {"format", "authority", "enough_schools", "caveats", "symbols", "rules", "window", "sections"},
    "window": {"id", "name", "starts_on", "ends_on"},
    "sections": {"reach", "retention", "change", "applications"},
    "sections.reach": {"figures", "sentences"},
    "sections.reach.figures": {"schools", "groups", "started"},
    "sections.retention": {"figures", "sentences"},
    "sections.retention.figures": {"five_or_more", "five_or_more_percent"},
    "sections.applications": {"figures", "sentences"},
    "sections.applications.figures": {"applied"},
    "sections.change": {"instrument", "domains"},
    "sections.change.instrument": {"key", "version", "title"},
}
DOMAIN_KEYS = {"key", "name", "split", "cautious", "figures", "sentences"}
MEAN_KEYS = {"before", "after", "change_low", "change_high"}
CELL_KEYS = {"higher", "same", "lower", "not_higher"}
HIDDEN_KEYS = {"shown", "symbol", "reason"}
SPLITS = {
    "three": {"higher", "same", "lower", "not_higher"},
    "two": {"higher", "not_higher"},
    "none": set(),
}
NUMBER = re.compile(r"−?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason not to publish: where in the payload, and what is wrong with it."""

    where: str
    message: str


def validate_release(
    payload: Mapping[str, Any], rows: Sequence[CohortRow], rules: Rules | None = None
) -> list[Problem]:
    """Return every problem of a release's payload against the rows it was made from; empty if none.

    Never raises for a malformed payload: that is a problem too.
    """
    recheck = _Recheck(payload, rows, rules or Rules())
    try:
        recheck.run()
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as broken:
        recheck.add("release", f"It cannot be read: {type(broken).__name__} {broken}")
    return recheck.problems


class _Recheck:
    def __init__(self, payload: Mapping[str, Any], rows: Sequence[CohortRow], rules: Rules) -> None:
        self.payload, self.rows, self.rules = payload, rows, rules
        self.problems: list[Problem] = []
        self.started = self.count("started")

    def add(self, where: str, message: str) -> None:
        self.problems.append(Problem(where, message))

    def count(self, name: str) -> Counter[str]:
        totals: Counter[str] = Counter()
        for row in self.rows:
            totals[row.controller] += getattr(row, name)
        return totals

    def count_sums(self, domain: str, *names: str) -> Counter[str]:
        totals: Counter[str] = Counter()
        for row in self.rows:
            for name in names:
                totals[row.controller] += getattr(row.sums[domain], name) if domain in row.sums else 0
        return totals

    def run(self) -> None:
        self.keys()
        self.identities()
        if self.payload["rules"] != self.rules.public():
            self.add("rules", "These are not the rules of this check.")
        sections = self.payload["sections"]
        reach, retention = sections["reach"]["figures"], sections["retention"]["figures"]
        if reach["schools"] != len({row.school_id for row in self.rows}) or reach["groups"] != len(self.rows):
            self.add("reach", "Schools or groups are not those of the rows.")
        started = self.population("reach.started", reach["started"], self.started)
        self.part("retention.five_or_more", retention["five_or_more"], self.count("attended_five"))
        self.percent(reach["started"], retention)
        self.applied(sections["applications"]["figures"]["applied"], retention["five_or_more"])
        for domain in sections["change"]["domains"]:
            self.domain(domain, started)
        self.sentences("reach", sections["reach"]["sentences"], reach)
        self.sentences("retention", sections["retention"]["sentences"], {**reach, **retention})
        applications = sections["applications"]
        self.sentences("applications", applications["sentences"], applications["figures"])
        told = {**self.rules.public(), "coarse_below": self.rules.coarse_below}
        self.sentences(
            "caveats",
            self.payload["caveats"],
            {name: number for name, number in told.items() if isinstance(number, int)},
        )

    # What is in the payload at all.

    def keys(self) -> None:
        for path, allowed in SCALAR_KEYS.items():
            node: Any = self.payload
            for step in path.split(".") if path else ():
                node = node[step]
            for key in set(node) ^ allowed:
                self.add(f"{path}.{key}".lstrip("."), "It should not be here, or is missing.")
        for domain in self.payload["sections"]["change"]["domains"]:
            for key in {*domain} ^ DOMAIN_KEYS | {*domain["figures"]} ^ (MEAN_KEYS | CELL_KEYS | {"n"}):
                self.add(f"change.{key}", "It should not be here, or is missing.")

    def identities(self) -> None:
        names = {name for row in self.rows for name in (row.cohort_id, row.school_id, row.controller)}
        for where, text in _texts(self.payload):
            if text in names or any(len(name) >= 8 and name in text for name in names):
                self.add(where, "It names a group, school or trust.")
            if "impact" in text.lower():
                self.add(where, "A release speaks of change, never of impact.")

    # What each figure may say.

    def shown(self, where: str, figure: Any) -> bool:
        if isinstance(figure, Mapping):
            if set(figure) != HIDDEN_KEYS or figure["shown"] is not False:
                self.add(where, "A hidden figure carries something else.")
            return False
        if isinstance(figure, bool) or not isinstance(figure, int | float):
            self.add(where, "It is neither a number nor hidden.")
            return False
        return True

    def rounded(self, where: str, figure: int, true: int) -> None:
        base = self.rules.rounding_base
        if figure % base or not -base <= 2 * (true - figure) < base:
            self.add(where, f"It is not the number in the rows rounded to {base}.")
        if min(figure + (base - 1) // 2, true) < self.rules.count_threshold:
            self.add(where, "A small number is shown.")

    def gate(self, where: str, by_controller: Counter[str]) -> None:
        rules, total = self.rules, sum(by_controller.values())
        solid = sum(n >= rules.min_per_controller for n in by_controller.values())
        fails = total < rules.min_parents or solid < rules.min_controllers
        for n in by_controller.values():
            others = solid - (n >= rules.min_per_controller)
            fails |= n > rules.max_share * total
            fails |= bool(n) and (total - n < rules.min_remainder or others < rules.min_remainder_controllers)
        if fails:
            self.add(where, "Too few parents or schools stand behind it, or one of them is too large.")

    def insiders(self, where: str, figure: int, own: Counter[str]) -> None:
        """Subtract each controller's own parents from what the shown number can be."""
        low, high = figure - self.rules.rounding_base // 2, figure + (self.rules.rounding_base - 1) // 2
        total = sum(own.values())
        for n in own.values():
            left = range(max(0, low - n), high - n + 1)
            if total - n < self.rules.count_threshold and len(left) < 2:
                self.add(where, "A school or trust could work out the small number of the others.")

    def population(self, where: str, figure: Any, true: Counter[str]) -> int | None:
        if not self.shown(where, figure):
            return None
        self.rounded(where, figure, sum(true.values()))
        self.gate(where, true)
        return sum(true.values())

    def part(self, where: str, figure: Any, true: Counter[str]) -> None:
        if not self.shown(where, figure):
            return
        self.rounded(where, figure, sum(true.values()))
        self.gate(where, self.started)
        self.insiders(where, figure, true)
        self.apart(where, sum(self.started.values()), sum(true.values()))

    def apart(self, where: str, whole: int, part: int) -> None:
        if whole - part < self.rules.count_threshold:
            self.add(where, "Taking it from another number shown leaves a small number.")

    def percent(self, started: Any, retention: Mapping[str, Any]) -> None:
        where, percent = "retention.five_or_more_percent", retention["five_or_more_percent"]
        five = retention["five_or_more"]
        if not self.shown(where, percent):
            return
        if isinstance(started, Mapping) or isinstance(five, Mapping):
            self.add(where, "It is shown although a number that it is made from is hidden.")
        elif abs(percent - 100 * five / started) > 0.5 or percent != int(percent):
            self.add(where, "It is not made from the rounded numbers.")

    def applied(self, figure: Any, five: Any) -> None:
        where, applied, graduates = "applications.applied", self.count("applied"), self.count("graduates")
        if not self.shown(where, figure):
            return
        self.rounded(where, figure, sum(applied.values()))
        self.gate(where, graduates)
        self.insiders(where, figure, applied)
        self.apart(where, sum(graduates.values()), sum(applied.values()))
        if not isinstance(five, Mapping):
            self.apart(where, sum(self.count("attended_five").values()), sum(applied.values()))

    # One area.

    def domain(self, domain: Mapping[str, Any], started: int | None) -> None:
        key, figures = domain["key"], domain["figures"]
        where = f"change.{key}"
        shown = {name for name in figures if self.shown(f"{where}.{name}", figures[name])}
        if not shown:
            return
        paired = self.count_sums(key, "n_paired")
        self.gate(where, paired)
        if started is not None:
            self.apart(f"{where}.n", started, sum(paired.values()))
        self.cells(where, domain, shown & CELL_KEYS, sum(paired.values()))
        if shown & MEAN_KEYS:
            self.means(where, key, figures, shown & MEAN_KEYS)
        self.sentences(where, domain["sentences"], figures)
        if domain["cautious"] != ("n" not in shown or figures["n"] < self.rules.coarse_below):
            self.add(where, "The word of caution does not follow the number shown.")

    def cells(self, where: str, domain: Mapping[str, Any], shown: set[str], paired: int) -> None:
        key, figures, split = domain["key"], domain["figures"], domain["split"]
        if shown != SPLITS.get(split):
            self.add(where, "Higher, same and lower are shown all together, as higher or not, or not at all.")
            return
        names = {"three": ("higher", "same", "lower"), "two": ("higher", "not_higher"), "none": ()}[split]
        for name in names:
            true = self.count_sums(key, *(("same", "lower") if name == "not_higher" else (name,)))
            self.rounded(f"{where}.{name}", figures[name], sum(true.values()))
            self.insiders(f"{where}.{name}", figures[name], true)
        if not names:
            self.rounded(f"{where}.n", figures["n"], paired)
        elif figures["n"] != sum(figures[name] for name in names):
            self.add(f"{where}.n", "The total is not the sum of the rounded counts.")
        if split == "three" and figures["not_higher"] != figures["same"] + figures["lower"]:
            self.add(f"{where}.not_higher", "It is not the sum of the rounded counts.")

    def means(self, where: str, key: str, figures: Mapping[str, Any], shown: set[str]) -> None:
        if shown != MEAN_KEYS:
            self.add(where, "Averages and their range are shown together or not at all.")
            return
        schools = sorted({row.school_id for row in self.rows})
        by_school = [
            add_up(row.sums[key] for row in self.rows if row.school_id == school and key in row.sums)
            for school in schools
        ]
        whole, change = add_up(by_school), change_over_schools(by_school)
        step = 0.5 if figures["n"] < self.rules.coarse_below else 0.1
        true = {
            "before": (whole.sum_before / whole.n_paired, 0.1),
            "after": (whole.sum_after / whole.n_paired, 0.1),
            "change_low": (change.low, step),
            "change_high": (change.high, step),
        }
        for name, (value, grid) in true.items():
            off_grid = abs(figures[name] / grid - round(figures[name] / grid)) > 1e-6
            if off_grid or abs(figures[name] - value) > grid / 2 + 1e-6:
                self.add(f"{where}.{name}", "It is not what the rows give, rounded.")

    # The words.

    def sentences(self, where: str, sentences: Sequence[str], figures: Mapping[str, Any]) -> None:
        known = {
            text
            for figure in figures.values()
            if not isinstance(figure, Mapping)
            for text in (str(figure), f"{figure:.1f}".replace("-", "−"))
        }
        for sentence in sentences:
            if set(NUMBER.findall(sentence)) - known:
                self.add(where, "A sentence holds a number that is not among the figures.")


def _texts(node: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text in the payload, keys too, with its place."""
    if isinstance(node, str):
        yield where, node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield where, key
            yield from _texts(value, f"{where}.{key}".lstrip("."))
    elif isinstance(node, list | tuple):
        for place, value in enumerate(node):
            yield from _texts(value, f"{where}[{place}]")
