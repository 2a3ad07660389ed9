"""Versioned instruments: what is asked, in which words, on which scale, under which licence.

A published version never changes: new wording is a new version, so an old answer always meets the words
that were on the screen. Texts are marked with ``N_`` for extraction and translated where they are shown.
Sources: programme questions, our own (CC0); ONS4 and the loneliness questions, GSS harmonised principles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


def N_(message: str) -> str:
    """Mark an English text for translation and return it unchanged."""
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Whole numbers from ``lowest`` to ``highest``; ``labels`` names some or all of them."""

    lowest: int
    highest: int
    labels: Mapping[int, str]

    @property
    def values(self) -> range:
        return range(self.lowest, self.highest + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question; ``reversed`` items are turned round before they are scored."""

    key: str
    text: str
    scale: Scale
    reversed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """One reported area, scored from its items; all of them must be answered.

    ``same_band``: a change of less than this many points of the domain's score counts as the same.
    """

    key: str
    name: str
    items: tuple[str, ...]
    score: Literal["mean", "sum"]
    better: Literal["higher", "lower"]
    same_band: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A questionnaire in one fixed version; items are in the order in which they are asked and stored."""

    key: str
    version: int
    title: str
    prompt: str
    items: tuple[Item, ...]
    domains: tuple[Domain, ...]
    licence: str
    attribution: str
    validated: bool

    def __post_init__(self) -> None:
        keys = [item.key for item in self.items]
        if len(set(keys)) != len(keys):
            raise ValueError(f"{self.key}: an item key is used twice")
        scored = [key for domain in self.domains for key in domain.items]
        if sorted(scored) != sorted(keys):
            raise ValueError(f"{self.key}: every item belongs to exactly one domain")

    def position(self, item_key: str) -> int:
        """Return the item's place in a stored answer array, from 0."""
        for position, item in enumerate(self.items):
            if item.key == item_key:
                return position
        raise KeyError(item_key)

    def domain(self, key: str) -> Domain:
        """Return the domain, or raise KeyError."""
        for domain in self.domains:
            if domain.key == key:
                return domain
        raise KeyError(key)

    def domain_range(self, domain: Domain) -> tuple[float, float]:
        """Return the lowest and the highest score that the domain can have."""
        scales = [self.items[self.position(key)].scale for key in domain.items]
        lowest, highest = sum(scale.lowest for scale in scales), sum(scale.highest for scale in scales)
        if domain.score == "mean":
            return lowest / len(scales), highest / len(scales)
        return float(lowest), float(highest)


PREFER_NOT_TO_SAY = N_("Prefer not to say")

TRUE_TODAY = Scale(
    lowest=0, highest=10, labels=MappingProxyType({0: N_("Not at all true"), 10: N_("Completely true")})
)

PROGRAMME_QUESTIONS = Instrument(
    key="programme-questions",
    version=1,
    title=N_("Programme questions"),
    prompt=N_("How true is this today?"),
    items=(
        Item(
            key="q1",
            text=N_("I feel confident supporting my child when school is hard."),
            scale=TRUE_TODAY,
        ),
        Item(
            key="q2",
            text=N_("When something isn't working I can usually think of what to try next."),
            scale=TRUE_TODAY,
        ),
        Item(key="q3", text=N_("I understand what makes school difficult for my child."), scale=TRUE_TODAY),
        Item(
            key="q4",
            text=N_("I know where to find reliable information about my child's needs."),
            scale=TRUE_TODAY,
        ),
        Item(
            key="q5",
            text=N_("I know other parents who understand what we are going through."),
            scale=TRUE_TODAY,
        ),
        Item(key="q6", text=N_("I feel alone in dealing with this."), scale=TRUE_TODAY, reversed=True),
        Item(key="q7", text=N_("School staff listen to me."), scale=TRUE_TODAY),
        Item(key="q8", text=N_("The school and I are on the same side."), scale=TRUE_TODAY),
        Item(key="q9", text=N_("I know who to contact and feel able to."), scale=TRUE_TODAY),
        Item(key="q10", text=N_("My experience as a parent is taken seriously."), scale=TRUE_TODAY),
        Item(key="q11", text=N_("My knowledge of my child is valued."), scale=TRUE_TODAY),
        Item(key="q12", text=N_("I can influence decisions about my child's support."), scale=TRUE_TODAY),
    ),
    domains=(
        Domain(key="confidence", name=N_("Confidence"), items=("q1", "q2"), score="mean", better="higher"),
        Domain(
            key="understanding", name=N_("Understanding"), items=("q3", "q4"), score="mean", better="higher"
        ),
        Domain(key="not_alone", name=N_("Not alone"), items=("q5", "q6"), score="mean", better="higher"),
        Domain(key="school", name=N_("School"), items=("q7", "q8", "q9"), score="mean", better="higher"),
        Domain(
            key="heard", name=N_("Being heard"), items=("q10", "q11", "q12"), score="mean", better="higher"
        ),
    ),
    licence="CC0-1.0",
    attribution="We Belong programme questions. Not a validated scale.",
    validated=False,
)

_OGL = "OGL-UK-3.0"


def _nought_to_ten(lowest: str, highest: str) -> Scale:
    return Scale(lowest=0, highest=10, labels=MappingProxyType({0: lowest, 10: highest}))


ONS4 = Instrument(
    key="ons4",
    version=1,
    title=N_("Personal well-being"),
    prompt=N_("Give an answer from 0 to 10."),
    items=(
        Item(
            key="satisfied",
            text=N_("Overall, how satisfied are you with your life nowadays?"),
            scale=_nought_to_ten(N_("Not at all satisfied"), N_("Completely satisfied")),
        ),
        Item(
            key="worthwhile",
            text=N_(
                "Overall, to what extent do you feel that the things you do in your life are worthwhile?"
            ),
            scale=_nought_to_ten(N_("Not at all worthwhile"), N_("Completely worthwhile")),
        ),
        Item(
            key="happy",
            text=N_("Overall, how happy did you feel yesterday?"),
            scale=_nought_to_ten(N_("Not at all happy"), N_("Completely happy")),
        ),
        Item(
            key="anxious",
            text=N_("Overall, how anxious did you feel yesterday?"),
            scale=_nought_to_ten(N_("Not at all anxious"), N_("Completely anxious")),
        ),
    ),
    # Four separate measures by definition: they are never added up.
    domains=(
        Domain(
            key="satisfied", name=N_("Life satisfaction"), items=("satisfied",), score="mean", better="higher"
        ),
        Domain(key="worthwhile", name=N_("Worthwhile"), items=("worthwhile",), score="mean", better="higher"),
        Domain(key="happy", name=N_("Happiness"), items=("happy",), score="mean", better="higher"),
        Domain(key="anxious", name=N_("Anxiety"), items=("anxious",), score="mean", better="lower"),
    ),
    licence=_OGL,
    attribution=(
        "Personal well-being questions (ONS4), Office for National Statistics, Open Government Licence v3.0."
    ),
    validated=True,
)

_THREE_STEPS = Scale(
    lowest=1,
    highest=3,
    labels=MappingProxyType(
        {1: N_("Hardly ever or never"), 2: N_("Some of the time"), 3: N_("Often")},
    ),
)
_FIVE_STEPS = Scale(
    lowest=1,
    highest=5,
    labels=MappingProxyType(
        {
            1: N_("Never"),
            2: N_("Hardly ever"),
            3: N_("Occasionally"),
            4: N_("Some of the time"),
            5: N_("Often or always"),
        }
    ),
)

LONELINESS = Instrument(
    key="ucla3-direct",
    version=1,
    title=N_("Loneliness"),
    prompt=N_("Choose the answer that fits you best."),
    items=(
        Item(
            key="companionship",
            text=N_("How often do you feel that you lack companionship?"),
            scale=_THREE_STEPS,
        ),
        Item(key="left_out", text=N_("How often do you feel left out?"), scale=_THREE_STEPS),
        Item(key="isolated", text=N_("How often do you feel isolated from others?"), scale=_THREE_STEPS),
        Item(key="lonely", text=N_("How often do you feel lonely?"), scale=_FIVE_STEPS),
    ),
    # The direct question stands on its own: it is not part of the three-item sum (3-9).
    domains=(
        Domain(
            key="loneliness",
            name=N_("Loneliness, three questions"),
            items=("companionship", "left_out", "isolated"),
            score="sum",
            better="lower",
        ),
        Domain(key="lonely", name=N_("Feeling lonely"), items=("lonely",), score="mean", better="lower"),
    ),
    licence=_OGL,
    attribution=(
        "National indicators of loneliness, Office for National Statistics, Open Government Licence v3.0; "
        "three-item scale after the UCLA Loneliness Scale, University of California, Los Angeles."
    ),
    validated=True,
)

INSTRUMENTS: Mapping[tuple[str, int], Instrument] = MappingProxyType(
    {
        (instrument.key, instrument.version): instrument
        for instrument in (PROGRAMME_QUESTIONS, ONS4, LONELINESS)
    }
)

# What a parent is asked unless the authority switches more on.
DEFAULT_BATTERY: tuple[Instrument, ...] = (PROGRAMME_QUESTIONS,)


def get_instrument(key: str, version: int) -> Instrument:
    """Return the instrument in exactly this version, or raise KeyError."""
    return INSTRUMENTS[key, version]
