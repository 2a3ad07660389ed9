"""The shipped instruments hold together and say under which licence they come."""

import dataclasses
import hashlib
from typing import cast

import pytest

from app.measures.instruments import (
    DEFAULT_BATTERY,
    INSTRUMENTS,
    LONELINESS,
    ONS4,
    PROGRAMME_QUESTIONS,
    TRUE_TODAY,
    Domain,
    Instrument,
    Item,
    get_instrument,
)


def test_programme_questions_are_twelve_items_in_five_areas():
    assert len(PROGRAMME_QUESTIONS.items) == 12
    assert {domain.key: domain.items for domain in PROGRAMME_QUESTIONS.domains} == {
        "confidence": ("q1", "q2"),
        "understanding": ("q3", "q4"),
        "not_alone": ("q5", "q6"),
        "school": ("q7", "q8", "q9"),
        "heard": ("q10", "q11", "q12"),
    }
    assert [item.key for item in PROGRAMME_QUESTIONS.items if item.reversed] == ["q6"]
    assert all(list(item.scale.values) == list(range(11)) for item in PROGRAMME_QUESTIONS.items)


def test_only_the_programme_questions_are_switched_on():
    assert DEFAULT_BATTERY == (PROGRAMME_QUESTIONS,)
    shipped = [*INSTRUMENTS.values()]
    assert [instrument for instrument in shipped if instrument not in DEFAULT_BATTERY] == [ONS4, LONELINESS]


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=lambda instrument: instrument.key)
def test_every_instrument_can_be_found_and_names_its_licence(instrument):
    assert get_instrument(instrument.key, instrument.version) is instrument
    assert instrument.licence
    assert instrument.attribution
    for item in instrument.items:
        assert set(item.scale.labels) <= set(item.scale.values)
        assert {item.scale.lowest, item.scale.highest} <= set(item.scale.labels)


def test_the_programme_questions_never_claim_to_be_a_validated_scale():
    assert not PROGRAMME_QUESTIONS.validated
    assert "Not a validated scale" in PROGRAMME_QUESTIONS.attribution


#: Every published version as it was shown. A line is added with a new version, and never changes.
AS_PUBLISHED = {
    ("programme-questions", 1): "1a50fd2a040b138c",
    ("ons4", 1): "d4483aa244c8cb67",
    ("ucla3-direct", 1): "195c9e752dfc6d60",
}


def fingerprint(instrument: Instrument) -> str:
    """A hash of all that makes an answer mean what it means: words, order, scales, areas and how they are scored."""
    said = repr(
        [
            *(
                (one.key, one.text, one.reversed, sorted(one.scale.labels.items()))
                for one in instrument.items
            ),
            *(dataclasses.astuple(one) for one in instrument.domains),
            instrument.prompt,
        ]
    )
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def test_a_published_version_keeps_its_words_and_its_scoring():
    """Red? Give the instrument a new version, with a line of its own here, and leave this one as it was."""
    assert {key: fingerprint(one) for key, one in INSTRUMENTS.items()} == AS_PUBLISHED


def test_rewording_a_question_is_noticed():
    first, *others = PROGRAMME_QUESTIONS.items
    reworded = dataclasses.replace(
        PROGRAMME_QUESTIONS, items=(dataclasses.replace(first, text="I feel sure of myself."), *others)
    )

    assert fingerprint(reworded) != fingerprint(PROGRAMME_QUESTIONS)


def test_an_unknown_version_is_not_silently_another_one():
    with pytest.raises(KeyError):
        get_instrument("programme-questions", 2)


def test_a_published_definition_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(PROGRAMME_QUESTIONS, "version", 2)  # noqa: B010 - as code that was never checked would
    with pytest.raises(TypeError):
        cast(dict[int, str], TRUE_TODAY.labels)[0] = "False"


@pytest.mark.parametrize("items_of_domains", [[("a",)], [("a", "b"), ("b",)]], ids=["left out", "used twice"])
def test_a_definition_whose_items_and_domains_disagree_is_refused(items_of_domains):
    with pytest.raises(ValueError, match="exactly one domain"):
        Instrument(
            key="x",
            version=1,
            title="x",
            prompt="x",
            items=tuple(Item(key=key, text=key, scale=TRUE_TODAY) for key in "ab"),
            domains=tuple(
                Domain(key=f"d{n}", name="d", items=items, score="mean", better="higher")
                for n, items in enumerate(items_of_domains)
            ),
            licence="CC0-1.0",
            attribution="x",
            validated=False,
        )


def test_score_ranges_follow_from_the_items():
    assert PROGRAMME_QUESTIONS.domain_range(PROGRAMME_QUESTIONS.domain("school")) == (0, 10)
    assert LONELINESS.domain_range(LONELINESS.domain("loneliness")) == (3, 9)
