"""The second look finds what a defect or a hand could put into a release."""

import copy
from dataclasses import replace

import pytest

from app.outcomes.assembly import assemble_release, validate_release
from app.outcomes.disclosure.rules import Rules
from tests.unit.outcomes.boroughs import WINDOW, borough

ROWS = borough(6, groups=2)
PAYLOAD = assemble_release("Hackbourne", WINDOW, ROWS, []).payload
SECTIONS = PAYLOAD["sections"]
HIDDEN = {"shown": False, "symbol": "c", "reason": "Not shown: small numbers could identify someone."}


def put(payload, path, value):
    """Return the payload with one place changed; numbers in the path are places in a list."""
    changed = copy.deepcopy(payload)
    node = changed
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
    for step in steps:
        node = node[step]
    node[last] = value
    return changed


CONFIDENCE = "sections.change.domains.0"


def test_an_untouched_release_has_no_problems():
    assert validate_release(PAYLOAD, ROWS) == []


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("sections.reach.figures.started", 108, "rounded to 5"),
        ("sections.reach.figures.started", 115, "rounded to 5"),
        ("sections.reach.figures.schools", 7, "not those of the rows"),
        ("sections.retention.figures.five_or_more", 5, "small number"),
        ("sections.retention.figures.five_or_more_percent", 78, "rounded numbers"),
        ("sections.applications.figures.applied", 24, "rounded to 5"),
        (f"{CONFIDENCE}.figures.n", 80, "sum of the rounded"),
        (f"{CONFIDENCE}.figures.higher", 48, "rounded to 5"),
        (f"{CONFIDENCE}.figures.lower", HIDDEN, "all together"),
        (f"{CONFIDENCE}.figures.not_higher", 40, "sum of the rounded"),
        (f"{CONFIDENCE}.figures.before", 4.29, "what the rows give"),
        (f"{CONFIDENCE}.figures.after", 6.3, "what the rows give"),
        (f"{CONFIDENCE}.figures.change_low", 0.0, "what the rows give"),
        (f"{CONFIDENCE}.figures.change_high", HIDDEN, "together or not at all"),
        (f"{CONFIDENCE}.figures.sd", 2.1, "should not be here"),
        (f"{CONFIDENCE}.cautious", True, "word of caution"),
        (f"{CONFIDENCE}.sentences", ["Exactly 48 of 84 chose a higher number."], "not among the figures"),
        ("sections.reach.sentences", ["3 parents never came."], "not among the figures"),
        ("caveats", ["One school had 4 parents."], "not among the figures"),
        ("sections.reach.by_school", {"a": 3}, "should not be here"),
        ("sections.reach.figures.started", {**HIDDEN, "was": 108}, "carries something else"),
        ("sections.reach.figures.started", "about 110", "neither a number nor hidden"),
        ("sections.reach.figures.started", HIDDEN, "made from is hidden"),
        ("authority", ROWS[0].school_id, "names a group"),
        ("caveats", [f"Seen in {ROWS[0].cohort_id}"], "names a group"),
        ("caveats", ["A great impact."], "never of impact"),
        ("rules", {"min_parents": 3}, "not the rules"),
        ("sections.change.domains", None, "cannot be read"),
    ],
)
def test_each_change_is_found(path, value, message):
    problems = validate_release(put(PAYLOAD, path, value), ROWS)
    assert any(message in problem.message for problem in problems), problems


def test_hiding_more_than_needed_passes():
    less = put(PAYLOAD, "sections.applications.figures.applied", HIDDEN)
    less = put(less, "sections.applications.sentences", ["Not shown (small numbers)."])
    assert validate_release(less, ROWS) == []


@pytest.mark.parametrize("rows", [ROWS[:-1], [replace(row, controller="trust-000") for row in ROWS]])
def test_a_release_of_other_rows_is_found(rows):
    assert validate_release(PAYLOAD, rows)


def test_a_release_by_other_rules_is_found():
    assert validate_release(PAYLOAD, ROWS, Rules(count_threshold=10))


def test_figures_that_no_gate_would_pass_are_found():
    """The assembly would have hidden these; the second look must not rely on it."""
    two_trusts = [replace(row, controller=f"trust-{n % 2}") for n, row in enumerate(ROWS)]
    messages = {problem.message for problem in validate_release(PAYLOAD, two_trusts)}
    assert "Too few parents or schools stand behind it, or one of them is too large." in messages


def test_a_total_too_close_to_its_part_is_found():
    rows = borough(6, size=9, answered=8)
    made = assemble_release("Hackbourne", WINDOW, rows, []).payload
    shown = put(made, "sections.reach.figures.started", 55)
    messages = {problem.message for problem in validate_release(shown, rows)}
    assert "Taking it from another number shown leaves a small number." in messages
