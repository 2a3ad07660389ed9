"""A release: the figures of one closed window, made safe, put into words, frozen under a hash.

Goes in: one row of sums per cohort. Comes out: plain JSON in which no school, cohort or person can be
found. Nothing here reads a clock or a database, so the same rows give the same release to the byte.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.measures.instruments import PROGRAMME_QUESTIONS, Domain, Instrument
from app.outcomes.disclosure.differencing import check_population
from app.outcomes.disclosure.gates import publication_gate
from app.outcomes.disclosure.overlaps import gap_narrows, places_ceiling, widest_gap
from app.outcomes.disclosure.recheck import Problem, validate_release
from app.outcomes.disclosure.records import (
    CohortRow,
    Member,
    ReleasePopulation,
    Window,
    canonical_json,
    sha256_of,
)
from app.outcomes.disclosure.rounding import bounds_of, percent_of, round_count, round_to
from app.outcomes.disclosure.rules import Rules
from app.outcomes.disclosure.suppress import OVERLAP, Hidden, Split, show_part, show_split
from app.outcomes.findings import (
    SYMBOLS,
    application_sentences,
    caveats,
    change_sentences,
    is_shown,
    not_shown,
    reach_sentences,
    retention_sentences,
)
from app.outcomes.statistics import (
    CohortSums,
    add_up,
    change_over_schools,
    sd_after,
    sd_before,
    sd_change,
)

__all__ = [
    "CohortRow",
    "Member",
    "Problem",
    "Release",
    "ReleaseBlocked",
    "ReleasePopulation",
    "Window",
    "assemble_release",
    "canonical_json",
    "validate_release",
]

FORMAT = "release-1"
UNSAFE_MEAN = "An average here could tell what single parents answered."
FEW_SCHOOLS = (
    "Results need more schools or trusts. You can use a longer window that has not been published, or "
    "pool with another authority."
)

ByController = dict[str, int]


class ReleaseBlocked(ValueError):
    """Raised when no release may be made; ``problems`` say why in plain words."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A frozen release: what is published, its hash, and what the authority keeps for itself.

    ``population`` goes to the ledger, never out. ``notes`` tell staff, per figure, why it is not shown;
    they carry no numbers of parents.
    """

    payload: dict[str, Any]
    release_hash: str
    population: ReleasePopulation
    notes: Mapping[str, tuple[str, ...]]


def assemble_release(
    authority: str,
    window: Window,
    cohort_rows: Sequence[CohortRow],
    earlier: Sequence[ReleasePopulation],
    rules: Rules | None = None,
    *,
    instrument: Instrument = PROGRAMME_QUESTIONS,
) -> Release:
    """Return the release of a closed window from its cohorts' rows.

    ``earlier`` are the populations of all releases ever published for this authority, retracted ones
    too. Raises ReleaseBlocked when the rows do not belong together or subtracting an earlier release
    could show a parent.
    """
    rules = rules or Rules()
    rows = sorted(cohort_rows, key=lambda row: row.cohort_id)
    population = ReleasePopulation.of(window, rows)
    problems = _row_problems(rows, instrument) + check_population(population, earlier, rules)
    if problems:
        raise ReleaseBlocked(problems)
    payload, notes = _Assembly(rows, rules, instrument).result()
    payload |= {
        "format": FORMAT,
        "authority": authority,
        "window": {
            "id": window.id,
            "name": window.name,
            "starts_on": window.starts_on.isoformat(),
            "ends_on": window.ends_on.isoformat(),
        },
        "rules": rules.public(),
        "caveats": caveats(rules, validated=instrument.validated),
        "symbols": dict(SYMBOLS),
    }
    return Release(payload=payload, release_hash=sha256_of(payload), population=population, notes=notes)


def _row_problems(rows: Sequence[CohortRow], instrument: Instrument) -> list[str]:
    problems = []
    if not rows:
        problems.append("No group finished in this window.")
    if len({row.cohort_id for row in rows}) != len(rows):
        problems.append("A group is listed twice.")
    controllers = defaultdict(set)
    for row in rows:
        controllers[row.school_id].add(row.controller)
    if any(len(names) > 1 for names in controllers.values()):
        problems.append("A school is listed under two trusts. Settle which one it belongs to.")
    if {key for row in rows for key in row.sums} - {domain.key for domain in instrument.domains}:
        problems.append("There are answers to questions that this release is not about.")
    return problems


def _by_controller(rows: Iterable[CohortRow], count: Callable[[CohortRow], int]) -> ByController:
    totals: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        totals[row.controller] += count(row)
    return dict(totals)


class _Assembly:
    """One pass over the rows: first what each figure may show alone, then what they show together."""

    def __init__(self, rows: Sequence[CohortRow], rules: Rules, instrument: Instrument) -> None:
        self.rows = rows
        self.rules = rules
        self.instrument = instrument
        self.notes: dict[str, tuple[str, ...]] = {}
        self.started = _by_controller(rows, lambda row: row.started)
        self.five = _by_controller(rows, lambda row: row.attended_five)
        self.groups = _by_controller(rows, lambda row: 1)
        self.largest_group = max(row.started for row in rows)

    def result(self) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
        splits = {domain.key: self._split(domain) for domain in self.instrument.domains}
        started, five = self._started(splits), self._five()
        reach = {
            "schools": len({row.school_id for row in self.rows}),
            "groups": len(self.rows),
            "started": self._figure("reach.started", started),
        }
        percent = (
            percent_of(five, started)
            if isinstance(started, int) and isinstance(five, int)
            else Hidden("c", ("It is made from two numbers, and one of them is not shown.",))
        )
        retention = {
            "five_or_more": self._figure("retention.five_or_more", five),
            "five_or_more_percent": self._figure("retention.five_or_more_percent", percent),
        }
        applications = {"applied": self._figure("applications.applied", self._applied(started, five))}
        enough = len(self.started) >= self.rules.min_controllers
        if not enough:
            self.notes["release"] = (FEW_SCHOOLS,)
        payload = {
            "enough_schools": enough,
            "sections": {
                "reach": {
                    "figures": reach,
                    "sentences": reach_sentences(reach, enough_schools=enough),
                },
                "retention": {
                    "figures": retention,
                    "sentences": retention_sentences(reach, retention),
                },
                "change": {
                    "instrument": {
                        "key": self.instrument.key,
                        "version": self.instrument.version,
                        "title": self.instrument.title,
                    },
                    "domains": [
                        self._domain(domain, splits[domain.key]) for domain in self.instrument.domains
                    ],
                },
                "applications": {
                    "figures": applications,
                    "sentences": application_sentences(applications),
                },
            },
        }
        return payload, self.notes

    def _figure(self, path: str, figure: int | float | Hidden) -> int | float | dict[str, Any]:
        if isinstance(figure, Hidden):
            self.notes[path] = figure.why
            return not_shown(figure.symbol)
        return figure

    def _sums(self, domain: Domain) -> list[tuple[CohortRow, CohortSums]]:
        return [(row, row.sums[domain.key]) for row in self.rows if domain.key in row.sums]

    def _paired(self, domain: Domain) -> ByController:
        return _by_controller(
            self.rows, lambda row: row.sums[domain.key].n_paired if domain.key in row.sums else 0
        )

    def _split(self, domain: Domain) -> Split | Hidden:
        """Return the counts of one area, or why the area may not be described at all."""
        paired = self._paired(domain)
        gate = publication_gate(paired, self.rules)
        if not gate.passed:
            return Hidden("c", gate.reasons)
        known = {id(row): sums for row, sums in self._sums(domain)}

        def cell(name: str) -> ByController:
            return _by_controller(
                self.rows, lambda row: getattr(known[id(row)], name) if id(row) in known else 0
            )

        return show_split(
            cell("higher"),
            cell("same"),
            cell("lower"),
            ceiling=self._ceiling(paired),
            rules=self.rules,
        )

    def _started(self, splits: Mapping[str, Split | Hidden]) -> int | Hidden:
        """Return parents who started. It gives way where, beside an area's counts, it says too much.

        Those who started and did not answer twice are a group too. Where it is small, one number less at
        the top costs readers less than five areas without counts.
        """
        gate = publication_gate(self.started, self.rules)
        if not gate.passed:
            return Hidden("c", gate.reasons)
        shown = round_count(sum(self.started.values()), self.rules)
        around = bounds_of(shown, self.rules).below(self._ceiling(self.started))
        for domain in self.instrument.domains:
            split, paired = splits[domain.key], self._paired(domain)
            if isinstance(split, Hidden):
                continue
            missing = sum(self.started.values()) - sum(paired.values())
            if missing < self.rules.count_threshold or gap_narrows(
                around, split.bounds(self.rules), widest_gap(paired, self.started, self.rules)
            ):
                return Hidden("c", (OVERLAP,))
        return shown

    def _five(self) -> int | Hidden:
        gate = publication_gate(self.started, self.rules)
        if not gate.passed:
            return Hidden("c", gate.reasons)
        return show_part(self.five, self.started, self.rules, ceiling=self._ceiling(self.started))

    def _applied(self, started: int | Hidden, five: int | Hidden) -> int | Hidden:
        """Return graduates who applied, held against every number beside it that they are part of."""
        graduates = _by_controller(self.rows, lambda row: row.graduates)
        applied = _by_controller(self.rows, lambda row: row.applied)
        gate = publication_gate(graduates, self.rules)
        if not gate.passed:
            return Hidden("c", gate.reasons)
        wholes = [graduates]
        wholes += [self.started] if isinstance(started, int) else []
        wholes += [self.five] if isinstance(five, int) else []
        for whole in wholes:
            figure = show_part(applied, whole, self.rules, ceiling=self._ceiling(whole))
            if isinstance(figure, Hidden):
                return figure
        return round_count(sum(applied.values()), self.rules)

    def _ceiling(self, parents: ByController) -> int:
        return places_ceiling(parents, self.groups, self.largest_group, self.rules)

    def _domain(self, domain: Domain, split: Split | Hidden) -> dict[str, Any]:
        path = f"change.{domain.key}"
        names = ("n", "before", "after", "change_low", "change_high", "higher", "same", "lower", "not_higher")
        figures: dict[str, Any] = dict.fromkeys(names)
        if isinstance(split, Hidden):
            figures = {name: not_shown(split.symbol) for name in names}
            self.notes[path] = split.why
            kind = "none"
        else:
            kind = split.kind
            cells: dict[str, int] = dict(split.cells)
            if kind == "three":
                cells["not_higher"] = cells["same"] + cells["lower"]
            shown: dict[str, int | float | Hidden] = {"n": split.n, **cells}
            for name in ("higher", "same", "lower", "not_higher"):
                shown.setdefault(name, Hidden("c", split.why))
            shown |= self._means(domain, split)
            figures = {name: self._figure(f"{path}.{name}", shown[name]) for name in names}
        cautious = not is_shown(figures["n"]) or figures["n"] < self.rules.coarse_below
        return {
            "key": domain.key,
            "name": domain.name,
            "split": kind,
            "cautious": cautious,
            "figures": figures,
            "sentences": change_sentences(domain.name, figures),
        }

    def _means(self, domain: Domain, split: Split) -> dict[str, int | float | Hidden]:
        """Return the averages and the interval of the change; none of them where answers are alike."""
        names = ("before", "after", "change_low", "change_high")
        alike: dict[str, int | float | Hidden] = dict.fromkeys(names, Hidden("c", (UNSAFE_MEAN,)))
        schools: defaultdict[str, list[CohortSums]] = defaultdict(list)
        for row, sums in self._sums(domain):
            schools[row.school_id].append(sums)
        by_school = [add_up(schools[school]) for school in sorted(schools)]
        whole = add_up(by_school)
        before, after = whole.sum_before / whole.n_paired, whole.sum_after / whole.n_paired
        lowest, highest = self.instrument.domain_range(domain)
        margin = self.rules.scale_margin
        if min(before, after) < lowest + margin or max(before, after) > highest - margin:
            return alike
        if min(sd_before(whole), sd_after(whole), sd_change(whole)) < self.rules.min_spread:
            return alike
        change = change_over_schools(by_school)
        # The step follows the shown number: by the true one, it would tell on which side of 30 that is.
        step = 0.5 if split.n < self.rules.coarse_below else 0.1
        low, high = round_to(change.low, step), round_to(change.high, step)
        if low == high:
            return alike
        return {
            "before": round_to(before, 0.1),
            "after": round_to(after, 0.1),
            "change_low": low,
            "change_high": high,
        }
