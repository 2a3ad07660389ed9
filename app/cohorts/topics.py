"""The themes, with purpose and prompts. The first sessions have theirs in every group; later ones the group chooses."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app.programme.numbers import CHOSEN_FROM, CHOSEN_TO


@dataclass(frozen=True, slots=True)
class Topic:
    """A theme of one session: its words for parents, what it is for, and two questions to open with."""

    code: str
    title: str
    purpose: str
    prompts: tuple[str, str]


TOPICS: dict[str, Topic] = {
    topic.code: topic
    for topic in (
        Topic(
            "ebsna",
            _l("When school feels impossible"),
            _l("Meet, agree the rules, feel less alone."),
            (_l("What brought you here?"), _l("What should people understand?")),
        ),
        Topic(
            "toxic-stress",
            _l("When stress does not stop"),
            _l("See what long stress does to families."),
            (_l("Where do you feel stress?"), _l("What brings ten calm minutes?")),
        ),
        Topic(
            "executive-functioning",
            _l("Planning and remembering"),
            _l("Learn about brain skills and games that build them."),
            (_l("Which daily step is hardest?"), _l("Which game could you try?")),
        ),
        Topic(
            "resilience",
            _l("Getting through"),
            _l("Notice strengths already there."),
            (_l("What helped this month?"), _l("Who helps you?")),
        ),
        Topic(
            "neurodiversity",
            _l("Different brains"),
            _l("Understand difference and masking."),
            (_l("What does your child hide at school?"), _l("What helps afterwards?")),
        ),
        Topic(
            "managing-emotions",
            _l("Big feelings"),
            _l("Stay steady when feelings rise."),
            (_l("What happens just before?"), _l("What helps you calm down?")),
        ),
        Topic(
            "working-with-school",
            _l("Working with school"),
            _l("Prepare one good conversation."),
            (_l("Who listens to you there?"), _l("What would you ask for?")),
        ),
        Topic(
            "reflection",
            _l("Looking back and ahead"),
            _l("See what changed, choose next steps."),
            (_l("What is different now?"), _l("What will you keep?")),
        ),
    )
}

#: Topics of a session by number when nobody chose otherwise.
DEFAULTS = tuple(TOPICS)
#: The first sessions have fixed topics and the last looks back; those between are the group's choice.
CHOSEN_NUMBERS = tuple(range(CHOSEN_FROM, CHOSEN_TO + 1))
#: What it may choose among; the last topic is the last session's.
CHOOSABLE = DEFAULTS[:-1]


def title_of(code: str) -> str:
    """The topic's words; a topic that a group named itself is its own words."""
    topic = TOPICS.get(code)
    return str(topic.title) if topic else code
