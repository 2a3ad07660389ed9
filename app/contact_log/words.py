"""What ways, outcomes and next steps are called, and how a day to come is checked."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.shell.refusals import Refused
from app.states.contacts import ActionState, How, Outcome, StepKind
from app.states.parents import ParentStage
from infra.clock import today

HOW = {
    How.PHONE: _l("Phone call"),
    How.TEXT: _l("Text"),
    How.EMAIL: _l("Email"),
    How.GATE: _l("At the school gate"),
    How.VISIT: _l("Visit"),
    How.LETTER: _l("Letter"),
}
OUTCOME = {
    Outcome.SPOKE: _l("We spoke"),
    Outcome.NO_ANSWER: _l("No answer"),
    Outcome.MESSAGE_LEFT: _l("Left a message"),
    Outcome.WRONG_NUMBER: _l("Wrong number or address"),
    Outcome.CALL_BACK: _l("They asked for a call back"),
    Outcome.POSTED: _l("Posted"),
    Outcome.HANDED_OVER: _l("Handed over"),
}
#: What a line of the history begins with.
ENDED = {ActionState.DONE: _l("Done: %(what)s"), ActionState.CLOSED: _l("Not done: %(what)s")}
STEP = {
    StepKind.LATER: _l("Put off to %(day)s: %(what)s"),
    StepKind.CHANGED: _l("Next step changed, by %(day)s: %(what)s"),
}
#: Why nobody gets in touch, by the stage that they are at: why nothing can be planned, and why something ended.
LET_BE = {
    ParentStage.SAID_NO: _l("They said no, so nobody gets in touch with them."),
    ParentStage.LEFT: _l("They left, so nobody gets in touch with them."),
}
#: Nobody plans further ahead.
FURTHEST = timedelta(days=366)


def check_due(day: date, field: str) -> None:
    """Raise Refused for a day on which nobody can do anything any more, or that is a slip of the hand."""
    if day < today():
        raise Refused(_("That day is past. Enter today or a day to come."), field)
    if day > today() + FURTHEST:
        raise Refused(_("Enter a day within a year from now."), field)
