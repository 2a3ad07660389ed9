"""What a call can be about, when, and what came of it, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.states.calls import CallOutcome, Need
from app.states.wishes import DayPart

#: To the parent, who says it of themselves. From what parents of such children ask most about (Parent Talk, 2022-23).
NEEDS = {
    Need.GETTING_TO_SCHOOL: _l("Getting to school, or staying there"),
    Need.BIG_FEELINGS: _l("Worry and big feelings at home"),
    Need.EXTRA_HELP: _l("Extra help at school, or an assessment"),
    Need.TALKING_WITH_SCHOOL: _l("Talking with the school"),
    Need.MYSELF: _l("How I am myself"),
    Need.WHERE_TO_TURN: _l("I do not know where to turn"),
}
#: To whoever calls.
NEEDS_ASKED = {
    **NEEDS,
    Need.MYSELF: _l("How they are themselves"),
    Need.WHERE_TO_TURN: _l("They do not know where to turn"),
}
#: To whoever reads how many.
NEEDS_COUNTED = {
    **NEEDS,
    Need.MYSELF: _l("How parents are themselves"),
    Need.WHERE_TO_TURN: _l("Not knowing where to turn"),
}
TIMES = {
    DayPart.MORNING: _l("In the morning"),
    DayPart.AFTERNOON: _l("In the afternoon"),
    DayPart.EVENING: _l("In the evening"),
}
OUTCOMES = {
    CallOutcome.SPOKE: _l("We spoke"),
    CallOutcome.NO_ANSWER: _l("No answer"),
    CallOutcome.PASSED_ON: _l("Passed on"),
    CallOutcome.NOT_NEEDED: _l("Not needed any more"),
}
#: What whoever is asked may choose.
CHOICES_LED = {
    CallOutcome.SPOKE: _l("We spoke"),
    CallOutcome.NO_ANSWER: _l("No answer: I try again"),
    CallOutcome.PASSED_ON: _l("The school’s contact should call: ask them first"),
    CallOutcome.NOT_NEEDED: _l("They do not need it any more"),
}
CHOICES_OF_SCHOOL = CHOICES_LED | {CallOutcome.PASSED_ON: _l("A colleague calls instead")}
