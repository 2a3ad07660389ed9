"""The way of a parent into a group: the states as data, once."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app.states.parents import ParentStage


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its words for staff, the kind of tag, and where it may lead."""

    code: str
    label: str
    kind: str
    leads_to: tuple[str, ...] = ()


STAGES: dict[str, Stage] = {
    stage.code: stage
    for stage in (
        Stage("identified", _l("To ask"), "quiet", ("invited", "interested", "joined", "said_no", "left")),
        Stage("invited", _l("Invited"), "info", ("invited", "interested", "joined", "said_no", "left")),
        Stage("interested", _l("Interested"), "waiting", ("invited", "joined", "waiting", "said_no", "left")),
        Stage("joined", _l("Joined"), "good", ("waiting", "in_group", "left")),
        Stage("waiting", _l("On the waiting list"), "waiting", ("in_group", "left")),
        Stage("in_group", _l("In a group"), "good", ("graduated", "waiting", "left")),
        Stage("graduated", _l("Finished a group"), "people", ("in_group", "left")),
        Stage("said_no", _l("Said no"), "quiet", ("interested",)),
        Stage("left", _l("Left"), "quiet", ("interested",)),
    )
}


def back_to(stage: str | None) -> str:
    """Where a *no* or a *left* that was a mistake is taken back to; a place that was given back is waited for."""
    return "waiting" if stage == ParentStage.IN_GROUP else stage or "identified"


def may_go(from_stage: str, to_stage: str) -> bool:
    """Whether the table of stages has this step."""
    return to_stage in STAGES[from_stage].leads_to
