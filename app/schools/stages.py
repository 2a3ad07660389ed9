"""The way of a school from the register to its first group: the states as data, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext as _l

from app.shell.refusals import Refused


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its words, what happens next and whose turn it is, and after how long it counts as stuck."""

    code: str
    label: str
    meaning: str
    next_action: str
    whose_turn: str
    kind: str
    stuck_after: timedelta | None = None
    leads_to: tuple[str, ...] = ()


STAGES: dict[str, Stage] = {
    stage.code: stage
    for stage in (
        Stage(
            "prospect",
            _l("Prospect"),
            _l("Chosen from the DfE register."),
            _l("Invite the school."),
            "authority",
            "quiet",
            timedelta(days=28),
            ("invited", "left"),
        ),
        Stage(
            "invited",
            _l("Invited"),
            _l("Its lead is invited."),
            _l("Send the brief, then call if they are quiet."),
            "authority",
            "info",
            timedelta(days=14),
            # A school that got the papers by another way may sign before the brief was sent from here.
            ("brief_sent", "agreement_signed", "left"),
        ),
        Stage(
            "brief_sent",
            _l("Brief sent"),
            _l("The school has the brief and the agreement."),
            _l("The school signs the agreement and uploads it."),
            "school",
            "waiting",
            timedelta(days=21),
            ("agreement_signed", "left"),
        ),
        Stage(
            "agreement_signed",
            _l("Agreement signed"),
            _l("The school works through its set-up list."),
            _l("The school finishes its list."),
            "school",
            "waiting",
            timedelta(days=28),
            # Back: its signed agreement was returned.
            ("set_up", "brief_sent", "left"),
        ),
        Stage(
            "set_up",
            _l("Set up"),
            _l("Everything on the list is done."),
            _l("Check, then make the school active."),
            "authority",
            "attention",
            timedelta(days=7),
            ("active", "brief_sent", "left"),
        ),
        Stage(
            "active",
            _l("Active"),
            _l("The school may find parents and run groups."),
            _l("Watch its groups and facilitators."),
            "authority",
            "good",
            None,
            ("paused", "left"),
        ),
        Stage(
            "paused",
            _l("Paused"),
            _l("Stopped for now."),
            _l("Talk to the school about when to start again."),
            "authority",
            "quiet",
            timedelta(days=60),
            ("active", "left"),
        ),
        Stage(
            "left",
            _l("Left"),
            _l("No longer takes part."),
            _l("Settle its records. It can come back, from the beginning."),
            "authority",
            "quiet",
            None,
            # Back on the list: it is invited anew, and signs anew.
            ("prospect",),
        ),
    )
}

#: What a school does before it starts, in order, with a hint.
TASKS: dict[str, tuple[str, str]] = {
    "details": (
        _l("Your school and your lead"),
        _l("One person parents can call, and your safeguarding lead."),
    ),
    "brief": (_l("Read the brief"), _l("Five minutes.")),
    "agreement": (_l("Sign the agreement"), _l("Download it, the head signs, upload it.")),
    "staff": (_l("Invite your colleagues"), _l("At least your safeguarding lead.")),
    "room_and_dates": (_l("Room and dates"), _l("Private and step-free. Days when the school is shut.")),
}


class WrongStep(Refused):
    """A school cannot go from here to there, whatever reason is given; the message says why."""

    leads_on = True


def may_go(from_stage: str, to_stage: str) -> bool:
    """Whether the table of stages has this step."""
    return to_stage in STAGES[from_stage].leads_to
