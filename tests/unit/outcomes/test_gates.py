"""Whether a group of parents may be described at all."""

import dataclasses

import pytest

from app.outcomes.disclosure.gates import publication_gate, subgroup_gate
from app.outcomes.disclosure.rules import Rules


def test_three_schools_with_enough_parents_pass():
    assert publication_gate({"a": 5, "b": 5, "c": 5}).passed


@pytest.mark.parametrize(
    ("contributions", "reason"),
    [
        ({}, "Fewer than 10 parents"),
        ({"a": 3, "b": 3, "c": 3}, "Fewer than 10 parents"),
        ({"a": 10, "b": 10}, "Fewer than 3 schools or trusts"),
        ({"a": 10, "b": 10, "c": 2}, "Fewer than 3 schools or trusts"),
        ({"a": 13, "b": 6, "c": 6}, "largest allowed share"),
        ({"a": 6, "b": 5, "c": 4}, "take its own parents away"),
        ({"a": 9, "b": 9, "c": 2, "d": 1}, "Fewer than 3 schools or trusts"),
    ],
)
def test_what_does_not_pass_says_why(contributions, reason):
    result = publication_gate(contributions)
    assert not result.passed
    assert any(reason in given for given in result.reasons)


def test_exactly_half_and_exactly_ten_left_pass():
    assert publication_gate({"a": 10, "b": 5, "c": 5}).passed


def test_a_trust_counts_once():
    by_school = {"school 1": 8, "school 2": 8, "school 3": 8}
    by_trust = {"trust": 16, "school 3": 8}
    assert publication_gate(by_school).passed
    assert not publication_gate(by_trust).passed


def test_a_large_trust_dominates_even_among_many():
    result = publication_gate({"trust": 40, **{f"school {n}": 5 for n in range(6)}})
    assert result.reasons == (
        "One school or trust gives more than its largest allowed share of the parents.",
    )


def test_reasons_carry_no_number_of_parents():
    reasons = " ".join(publication_gate({"a": 17, "b": 4, "c": 1}).reasons)
    assert not {"17", "22", "4", "1"} & set(reasons.replace(".", " ").split())


def test_a_negative_contribution_is_a_defect():
    with pytest.raises(ValueError, match="below zero"):
        publication_gate({"a": -1, "b": 20})


def test_a_subgroup_needs_a_rest_that_passes_too():
    whole = {"a": 10, "b": 10, "c": 10}
    assert subgroup_gate({"a": 5, "b": 5, "c": 5}, whole).passed
    too_many = subgroup_gate({"a": 9, "b": 9, "c": 9}, whole)
    assert not too_many.passed
    assert all(reason.startswith("The rest: ") for reason in too_many.reasons)


def test_a_part_larger_than_the_whole_is_a_defect():
    with pytest.raises(ValueError, match="below zero"):
        subgroup_gate({"a": 5}, {"a": 4})


@pytest.mark.parametrize(
    "laxer",
    [
        {"min_parents": 9},
        {"min_controllers": 2},
        {"min_per_controller": 2},
        {"max_share": 0.6},
        {"min_remainder": 9},
        {"count_threshold": 7},
        {"rounding_base": 1},
        {"rounding_base": 20},
    ],
    ids=lambda laxer: next(iter(laxer)),
)
def test_rules_may_be_stricter_and_never_laxer(laxer):
    with pytest.raises(ValueError, match="laxer"):
        Rules(**laxer)
    Rules(min_parents=20, min_controllers=5, max_share=0.4, count_threshold=10, rounding_base=10)


def test_the_insider_settings_are_not_published():
    published = Rules().public()
    assert not {"max_share", "min_remainder", "min_per_controller"} & set(published)
    assert set(published) < {field.name for field in dataclasses.fields(Rules)} | {"min_schools"}
