"""Made-up boroughs to test releases with: parents as plain data, cohort rows counted from them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from hypothesis import strategies as st

from app.measures.instruments import PROGRAMME_QUESTIONS
from app.outcomes.disclosure.records import CohortRow, Window
from app.outcomes.statistics import CohortSums

DOMAINS = [domain.key for domain in PROGRAMME_QUESTIONS.domains]
WINDOW = Window(
    id="2026-spring", name="Spring term 2026", starts_on=date(2026, 1, 1), ends_on=date(2026, 4, 3)
)


@dataclass(frozen=True)
class Parent:
    """One parent: sessions come to, (before, after) per domain where both are there, applied or not."""

    sessions: int = 8
    pairs: dict[str, tuple[float, float]] = field(default_factory=dict)
    applied: bool = False


def cohort(cohort_id: str, school: str, controller: str, parents: Sequence[Parent]) -> CohortRow:
    graduates = [parent for parent in parents if parent.sessions >= 5]
    answered = sum(bool(parent.pairs) for parent in parents)
    return CohortRow(
        cohort_id=cohort_id,
        school_id=school,
        controller=controller,
        phase="secondary",
        started=len(parents),
        attended_any=sum(parent.sessions > 0 for parent in parents),
        attended_five=len(graduates),
        answered_before=answered,
        answered_after=answered,
        sums={
            domain: CohortSums.of_pairs(parent.pairs[domain] for parent in parents if domain in parent.pairs)
            for domain in DOMAINS
        },
        graduates=len(graduates),
        applied=sum(parent.applied for parent in graduates),
    )


def steady_group(*, size: int = 9, answered: int = 7, came: int = 7, applied: int = 2) -> list[Parent]:
    """A group like many: most come, most answer, most go up, some stay, one goes down."""
    moves = [3.0, 2.0, 2.0, 0.5, 0.0, -1.5, 1.0, 4.0, -0.5, 2.5]
    return [
        Parent(
            sessions=8 if place < came else 2,
            pairs=(
                dict.fromkeys(DOMAINS, (3.0 + place % 4, 3.0 + place % 4 + moves[place % 10]))
                if place < answered
                else {}
            ),
            applied=place < applied,
        )
        for place in range(size)
    ]


def borough(
    schools: int, *, groups: int = 1, trusts: dict[int, str] | None = None, **group
) -> list[CohortRow]:
    """Schools with some groups each, alike; ``trusts`` puts schools (by number) under one name."""
    return [
        cohort(
            f"cohort-{school:03}-{number}",
            f"school-{school:03}",
            (trusts or {}).get(school, f"school-{school:03}"),
            steady_group(**group),
        )
        for school in range(schools)
        for number in range(groups)
    ]


def _parent(chance: random.Random, *, keen: float, coming: float, moves: Sequence[float]) -> Parent:
    before, answers, eager = chance.randint(0, 20) / 2, chance.random() < keen, chance.choice([0.2, 0.5])
    return Parent(
        sessions=8 if chance.random() < coming else chance.randint(0, 4),
        pairs={
            domain: (before, min(10.0, max(0.0, before + chance.choice(moves))))
            for domain in DOMAINS[:2]
            if answers and chance.random() < 0.95
        },
        applied=chance.random() < eager,
    )


@st.composite
def random_boroughs(draw):
    """One to eight controllers, some with several schools, groups of 3 to 10, any pattern of answers.

    The shape is drawn, so that a failing borough shrinks; its parents come from one drawn seed, because
    drawing each answer would be slow.
    """
    chance = random.Random(draw(st.integers(0, 2**32)))
    group = {
        "keen": draw(st.sampled_from([0.5, 0.8, 1.0])),
        "coming": draw(st.sampled_from([0.5, 0.75, 0.95])),
        "moves": draw(st.sampled_from([[-2.0, 0.0, 2.0], [2.0, 3.0, 0.0], [0.0, 1.0, 2.0, -1.0]])),
    }
    places = draw(st.lists(st.lists(st.integers(1, 2), min_size=1, max_size=2), min_size=1, max_size=8))
    return [
        cohort(
            f"cohort-{controller}-{school}-{number}",
            f"school-{controller}-{school}",
            f"trust-{controller:03}",
            [_parent(chance, **group) for _ in range(chance.randint(draw(st.sampled_from([3, 8])), 10))],
        )
        for controller, schools in enumerate(places)
        for school, groups in enumerate(schools)
        for number in range(groups)
    ]
