"""Attacks on releases of random boroughs: subtraction, a school's own rows, and solving for all figures.

The attackers know the rules, as they are published with the software, and see only the payload.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from scipy.optimize import Bounds, LinearConstraint, milp

from app.outcomes.assembly import assemble_release, validate_release
from app.outcomes.disclosure.rules import Rules
from tests.unit.outcomes.boroughs import DOMAINS, WINDOW, Parent, borough, cohort, random_boroughs

RULES = Rules()
# How long an example takes says nothing here, and on a busy machine it must not fail a run.
PATIENT: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
CELLS = {"three": ("higher", "same", "lower"), "two": ("higher", "not_higher"), "none": ()}


def publish(rows):
    return assemble_release("Hackbourne", WINDOW, rows, []).payload


def shown_counts(payload) -> dict[str, int]:
    """Every shown count of parents, by a name that tells what it counts."""
    sections = payload["sections"]
    counts = {
        "started": sections["reach"]["figures"]["started"],
        "five": sections["retention"]["figures"]["five_or_more"],
        "applied": sections["applications"]["figures"]["applied"],
    }
    for domain in sections["change"]["domains"]:
        figures = domain["figures"]
        for name in CELLS[domain["split"]]:
            counts[f"{domain['key']}.{name}"] = figures[name]
        if domain["split"] == "none":
            counts[f"{domain['key']}.n"] = figures["n"]
    return {name: figure for name, figure in counts.items() if isinstance(figure, int)}


def true_count(row, name: str) -> int:
    plain = {"started": "started", "five": "attended_five", "applied": "applied", "graduates": "graduates"}
    if name in plain:
        return getattr(row, plain[name])
    domain, cell = name.split(".")
    sums = row.sums[domain]
    if cell == "not_higher":
        return sums.same + sums.lower
    return sums.n_paired if cell == "n" else getattr(sums, cell)


def true_counts(rows, name: str) -> Counter:
    totals: Counter = Counter()
    for row in rows:
        totals[row.controller] += true_count(row, name)
    return totals


def nested(counts) -> Iterator[tuple[str, list[str]]]:
    """Shown wholes with the shown counts that together are a part of them."""
    domains = {name.split(".")[0] for name in counts if "." in name}
    parts = [["five"], ["applied"], *([n for n in counts if n.startswith(f"{d}.")] for d in sorted(domains))]
    for part in parts:
        if all(name in counts for name in part) and "started" in counts:
            yield "started", part
    if {"five", "applied"} <= set(counts):
        yield "five", ["applied"]


@settings(max_examples=100, **PATIENT)
@given(random_boroughs())
def test_no_two_shown_figures_differ_by_a_small_number_of_parents(rows):
    counts = shown_counts(publish(rows))
    for name in counts:
        assert sum(true_counts(rows, name).values()) >= RULES.count_threshold
    for whole, parts in nested(counts):
        part = sum(sum(true_counts(rows, name).values()) for name in parts)
        assert sum(true_counts(rows, whole).values()) - part >= RULES.count_threshold


@settings(max_examples=100, **PATIENT)
@given(random_boroughs())
def test_taking_its_own_parents_away_no_school_learns_a_small_number_of_others(rows):
    for name, shown in shown_counts(publish(rows)).items():
        own = true_counts(rows, name)
        for n in own.values():
            possible = range(max(0, shown - 2 - n), shown + 2 - n + 1)
            assert len(possible) == 5


@settings(max_examples=100, **PATIENT)
@given(random_boroughs())
def test_every_release_passes_the_independent_check(rows):
    assert validate_release(publish(rows), rows) == []


class Attack:
    """All that an attacker can write down, as integer inequalities over the unknown numbers of parents.

    ``insider`` is a controller that knows its own rows, or None for a reader.
    """

    def __init__(self, rows, payload, insider=None):
        self.counts = shown_counts(payload)
        self.names = ["started", "graduates", *sorted({*self.counts} - {"started"})]
        self.rows: list[tuple[dict[str, int], float, float]] = []
        own_rows = [row for row in rows if row.controller == insider]
        places = RULES.max_group * len(rows)
        places_of_others = RULES.max_group * (len(rows) - len(own_rows))
        own = {name: sum(true_count(row, name) for row in own_rows) for name in self.names}
        threshold = RULES.count_threshold
        for name, shown in self.counts.items():
            self.say({name: 1}, max(shown - 2, threshold), shown + 2)
        domains = {name.split(".")[0] for name in self.counts if "." in name}
        groups = [[name for name in self.counts if name.startswith(f"{d}.")] for d in sorted(domains)]
        for whole in ("started", "graduates"):
            self.say({whole: 1}, 0, places)
        self.part(["graduates"], "started", 0)
        for part, whole, shown in (
            (["five"], "started", True),
            (["applied"], "graduates", True),
            (["applied"], "started", True),
            *((group, "started", "started" in self.counts) for group in groups),
        ):
            if all(name in self.counts for name in part):
                self.part(part, whole, threshold if shown else 0)
                if insider:
                    self.part(part, whole, own[whole] - sum(own[name] for name in part))
        if {"five", "applied"} <= set(self.counts):
            self.part(["applied"], "five", threshold)
        for gated in (*groups, *([["started"]] if {"started", "five"} & set(self.counts) else [])):
            mine = sum(own[name] for name in gated)
            least = max(RULES.min_parents, mine + RULES.min_remainder if insider else 0, 2 * mine)
            self.say(dict.fromkeys(gated, 1), least, mine + places_of_others if insider else places)
        if insider:
            for name in self.names:
                self.say({name: 1}, own[name], np.inf)

    def say(self, terms, low, high):
        self.rows.append((terms, low, high))

    def part(self, parts, whole, gap):
        self.say({whole: 1, **dict.fromkeys(parts, -1)}, gap, np.inf)

    def limits(self, target) -> tuple[int, int]:
        matrix = np.zeros((len(self.rows), len(self.names)))
        for place, (terms, _, _) in enumerate(self.rows):
            for name, factor in terms.items():
                matrix[place, self.names.index(name)] = factor
        constraint = LinearConstraint(matrix, [row[1] for row in self.rows], [row[2] for row in self.rows])
        aim = np.zeros(len(self.names))
        aim[self.names.index(target)] = 1
        ends = []
        for sign in (1, -1):
            found = milp(
                sign * aim,
                constraints=constraint,
                integrality=np.ones(len(self.names)),
                bounds=Bounds(0, 10_000),
            )
            assert found.status == 0, found.message
            ends.append(round(sign * found.fun))
        return ends[0], ends[1]


@settings(max_examples=40, **PATIENT)
@given(random_boroughs())
def test_no_solver_learns_more_of_a_shown_part_than_its_rounding_leaves(rows):
    """Neither a reader nor any school, with every rule and every figure at once.

    Totals are left out: having passed the gate they tell that ten others are behind them, and may.
    """
    payload = publish(rows)
    targets = [name for name in shown_counts(payload) if name != "started" and not name.endswith(".n")]
    for insider in [None, *{row.controller for row in rows}]:
        attack = Attack(rows, payload, insider)
        for target in targets:
            truth = sum(true_counts(rows, target).values())
            low, high = attack.limits(target)
            assert low <= truth <= high
            assert high - low == RULES.rounding_base - 1, (insider, target, low, high)


def test_the_solver_would_find_a_leak():
    """The same attack on figures put side by side without the overlap rules gives exact numbers."""
    rows = borough(4, size=9, came=7)  # 36 started, shown 35; 28 came, would be shown 30
    payload = publish(rows)
    assert "five" not in shown_counts(payload)
    payload["sections"]["retention"]["figures"]["five_or_more"] = 30
    low, high = Attack(rows, payload).limits("five")
    assert (low, high) == (28, 29)


@pytest.mark.parametrize("schools", [4, 6, 12])
def test_random_is_not_always_hidden(schools):
    """The properties above are about something: ordinary boroughs do show figures."""
    assert len(shown_counts(publish(borough(schools, groups=2)))) >= 12


def test_a_school_where_all_the_lower_answers_are_does_not_learn_that_the_others_have_none():
    rows = [
        cohort(
            f"cohort-{school:03}-{group}",
            f"school-{school:03}",
            f"school-{school:03}",
            [Parent(pairs=dict.fromkeys(DOMAINS, (5.0, after(school, place)))) for place in range(9)]
            + [Parent(sessions=1)],
        )
        for school in range(4)
        for group in range(2)
    ]
    payload = publish(rows)
    lower = true_counts(rows, "confidence.lower")
    assert {school: n for school, n in lower.items() if n} == {"school-000": 12}
    assert not any(name.endswith(".lower") for name in shown_counts(payload))


def after(school: int, place: int) -> float:
    if school == 0:
        return 3.0 if place < 6 else 5.0
    return 8.0 if place % 2 else 5.0
