"""Scores from raw answers, and the words for one parent's own change.

The raw items are what is stored; a score can be worked out again at any time, so its version is stored
beside it. Missing rule: a domain of up to three items has a score only when all its items are answered
(no filling in), which is every domain shipped here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.measures.instruments import Domain, Instrument

SCORING_VERSION = 1

ChangeWord = Literal["better", "same", "harder"]


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """One answer that cannot be stored: which question (key and number from 1) and what to do."""

    item: str
    number: int
    message: str


class InvalidAnswers(ValueError):
    """Raised with every problem in an answer set, so that a page can show them together."""

    def __init__(self, problems: Sequence[AnswerProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(f"[{problem.item}] {problem.message}" for problem in self.problems))


@dataclass(frozen=True, slots=True)
class DomainChange:
    """One parent's change in one domain, in points of its score; ``difference`` is after minus before."""

    domain: str
    before: float
    after: float
    difference: float
    word: ChangeWord


def check_answers(instrument: Instrument, items: Sequence[int | None]) -> None:
    """Raise InvalidAnswers unless there is one whole number on the scale, or None, for every item."""
    problems = []
    for number, item in enumerate(instrument.items, start=1):
        if number > len(items):
            problems.append(
                AnswerProblem(item.key, number, f"Question {number}: there is no answer and no skip.")
            )
            continue
        answer = items[number - 1]
        if answer is None:
            continue
        if isinstance(answer, bool) or not isinstance(answer, int) or answer not in item.scale.values:
            problems.append(
                AnswerProblem(
                    item.key,
                    number,
                    f"Question {number}: choose a number from {item.scale.lowest} to {item.scale.highest}, "
                    "or “Prefer not to say”.",
                )
            )
    for number in range(len(instrument.items) + 1, len(items) + 1):
        problems.append(AnswerProblem(f"#{number}", number, f"Question {number}: there is no such question."))
    if problems:
        raise InvalidAnswers(problems)


def score(instrument: Instrument, items: Sequence[int | None]) -> dict[str, float | None]:
    """Return every domain's score, or None where an answer that it needs is missing.

    ``items`` are the raw answers in the instrument's order; reversed items are turned round here. Raises
    InvalidAnswers, naming each question.
    """
    check_answers(instrument, items)
    return {domain.key: _domain_score(instrument, domain, items) for domain in instrument.domains}


def _domain_score(instrument: Instrument, domain: Domain, items: Sequence[int | None]) -> float | None:
    total = 0
    for key in domain.items:
        position = instrument.position(key)
        answer, item = items[position], instrument.items[position]
        if answer is None:
            return None
        total += item.scale.lowest + item.scale.highest - answer if item.reversed else answer
    return total / len(domain.items) if domain.score == "mean" else float(total)


def difference(before: float, after: float) -> float:
    """Return after minus before, free of the last-bit noise of thirds.

    8⅔ − 7⅔ must be a change of 1 point, not of 0.999999999999999, or it would count as the same.
    """
    return round(after - before, 6)


def change(
    instrument: Instrument,
    before: Mapping[str, float | None],
    after: Mapping[str, float | None],
) -> dict[str, DomainChange | None]:
    """Return each domain's change from two scored answer sets, None where either score is missing.

    "same" is a change of less than the domain's band (1 point); otherwise "better" or "harder" by the
    domain's direction, so that less loneliness is better.
    """
    return {domain.key: _domain_change(domain, before, after) for domain in instrument.domains}


def _domain_change(
    domain: Domain, before: Mapping[str, float | None], after: Mapping[str, float | None]
) -> DomainChange | None:
    first, second = before.get(domain.key), after.get(domain.key)
    if first is None or second is None:
        return None
    moved = difference(first, second)
    word: ChangeWord = "same"
    if abs(moved) >= domain.same_band:
        word = "better" if (moved > 0) == (domain.better == "higher") else "harder"
    return DomainChange(domain.key, first, second, moved, word)
