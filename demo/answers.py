"""Answers to the programme questions, before and after: most higher, some the same, some lower."""

from __future__ import annotations

from datetime import datetime
from random import Random
from uuid import UUID

from app.measures.instruments import PROGRAMME_QUESTIONS, Instrument
from app.measures.scoring import SCORING_VERSION
from demo.borough import Borough, Place
from demo.keys import dice, made_id
from demo.people import Person

#: By area: where parents begin (of ten) and by how much they change on average.
LEVELS = {
    "confidence": (4.3, 1.7),
    "understanding": (4.9, 1.6),
    "not_alone": (3.2, 2.4),
    "school": (4.4, 1.2),
    "heard": (3.7, 1.6),
}
#: How far parents differ where they begin, in how they change, and from one question to the next.
SPREAD, CHANGE_SPREAD, NOISE = 1.5, 2.2, 0.7
#: The chance that a question is left out.
RATHER_NOT_SAY = 0.008


def add_answers(
    borough: Borough,
    place: Place,
    parent_id: UUID,
    person: Person,
    occasion: str,
    at: datetime,
    *,
    cohort_id: UUID | None,
) -> None:
    """One finished set of answers. The same parent's two sets belong together."""
    items = _items(PROGRAMME_QUESTIONS, dice("answers", parent_id), occasion)
    borough.add(
        "answer_set",
        school_id=place.school_id,
        id=made_id("answer_set", parent_id, occasion),
        parent_id=parent_id,
        cohort_id=cohort_id,
        instrument=PROGRAMME_QUESTIONS.key,
        instrument_version=PROGRAMME_QUESTIONS.version,
        scoring_version=SCORING_VERSION,
        occasion=occasion,
        mode=_mode(person, dice("mode", parent_id, occasion)),
        items=items,
        updated_at=at,
        submitted_at=at,
    )


def _mode(person: Person, rng: Random) -> str:
    if person.language != "en" and rng.random() < 0.3:
        return "interpreter"
    return rng.choice(("own_device", "own_device", "own_device", "own_device", "paper", "read_aloud"))


def _items(instrument: Instrument, rng: Random, occasion: str) -> list[int | None]:
    """Raw answers in the instrument's order; a reversed question gets its number as it was ticked."""
    level: dict[str, tuple[float, float]] = {}
    for domain in instrument.domains:
        start, change = LEVELS[domain.key]
        before = rng.gauss(start, SPREAD)
        level[domain.key] = (before, before + rng.gauss(change, CHANGE_SPREAD))
    domain_of = {key: domain.key for domain in instrument.domains for key in domain.items}
    found: list[int | None] = []
    for item in instrument.items:
        lowest, highest = item.scale.lowest, item.scale.highest
        # Drawn for both occasions, so that the second set does not depend on which is asked for.
        pair = [
            min(highest, max(lowest, round(value + rng.gauss(0, NOISE))))
            for value in level[domain_of[item.key]]
        ]
        skipped = [rng.random() < RATHER_NOT_SAY for _ in pair]
        index = int(occasion == "after")
        number = lowest + highest - pair[index] if item.reversed else pair[index]
        found.append(None if skipped[index] else number)
    return found
