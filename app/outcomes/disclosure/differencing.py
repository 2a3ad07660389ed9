"""Can a reader subtract one release from another? Windows are closed, and a cohort is in one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from app.outcomes.disclosure.gates import publication_gate
from app.outcomes.disclosure.records import Member, ReleasePopulation
from app.outcomes.disclosure.rules import Rules


def check_population(
    new: ReleasePopulation, earlier: Sequence[ReleasePopulation], rules: Rules | None = None
) -> list[str]:
    """Return every reason, in plain words, why this population may not be published after the earlier ones.

    ``earlier`` holds all releases ever published, retracted ones too. Empty when the new population shares
    nothing with them, or is exactly one of them again.
    """
    rules = rules or Rules()
    problems: list[str] = []
    for before in earlier:
        problems += _window_problems(new, before)
        problems += _cohort_problems(new, before)
        problems += _difference_problems(new, before, rules)
    return list(dict.fromkeys(problems))


def _window_problems(new: ReleasePopulation, before: ReleasePopulation) -> list[str]:
    same_days = (new.window.starts_on, new.window.ends_on) == (before.window.starts_on, before.window.ends_on)
    if same_days and new.window.id == before.window.id:
        if {member.cohort_id for member in new.members} == {member.cohort_id for member in before.members}:
            return []
        return [
            f"{new.window.name} has been published with other groups. A closed window is not opened again: "
            "late groups count in the window in which they are ready."
        ]
    if new.window.overlaps(before.window) or new.window.id == before.window.id:
        return [f"{new.window.name} and {before.window.name} share days. Windows may not overlap."]
    return []


def _cohort_problems(new: ReleasePopulation, before: ReleasePopulation) -> list[str]:
    known = {member.cohort_id: member.digest for member in before.members}
    shared = [member for member in new.members if member.cohort_id in known]
    problems = []
    if shared and new.window.id != before.window.id:
        problems.append(
            f"A group counted in {before.window.name} is counted again in {new.window.name}. "
            "Each group belongs to one window."
        )
    if any(member.digest != known[member.cohort_id] for member in shared):
        problems.append(
            f"The numbers of a group have changed since {before.window.name} was published. "
            "Comparing the two could show one parent."
        )
    return problems


def _difference_problems(new: ReleasePopulation, before: ReleasePopulation, rules: Rules) -> list[str]:
    """Return problems of what is left when one population is taken from the other.

    Where the two share nothing, taking away leaves each as it is, and each has its own gate.
    """
    new_ids = {member.cohort_id for member in new.members}
    old_ids = {member.cohort_id for member in before.members}
    if not new_ids & old_ids:
        return []
    problems = []
    for left in (
        [member for member in new.members if member.cohort_id not in old_ids],
        [member for member in before.members if member.cohort_id not in new_ids],
    ):
        gate = publication_gate(_by_controller(left), rules)
        if left and not gate.passed:
            problems.append(
                f"Taking {before.window.name} away from {new.window.name}, or the other way round, leaves "
                "too few parents or schools to be described."
            )
    return problems


def _by_controller(members: Iterable[Member]) -> dict[str, int]:
    totals: defaultdict[str, int] = defaultdict(int)
    for member in members:
        totals[member.controller] += member.paired
    return dict(totals)
