"""What may be done at a school at each stage, and by whom, in words; asked by every service that acts for a school.

At which stages: the table of `app/states/schools.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.schools.models import School
from app.shell.refusals import Refused
from app.states.schools import BEING_SET_UP, MAY, SchoolStage, may
from tenants.pages import Part
from tenants.reading import read_once
from tenants.ready import Ready

AUTHORITY, SCHOOL, FACILITATOR, PARENT = "authority", "school", "facilitator", "parent"


@dataclass(frozen=True, slots=True)
class Right:
    """One thing that somebody may do, in the words of the school's page; at which stages: `app/states/schools.py`."""

    code: str
    who: str
    words: str

    @property
    def stages(self) -> frozenset[SchoolStage]:
        return MAY[self.code]


RIGHTS: dict[str, Right] = {
    right.code: right
    for right in (
        Right("invite_lead", AUTHORITY, _l("Invite somebody to lead")),
        Right("invite_colleague", SCHOOL, _l("Invite your colleagues")),
        Right("prepare", SCHOOL, _l("Prepare: details, agreement, room and dates")),
        Right("find_parents", SCHOOL, _l("Make a list of parents and carers to ask")),
        Right("find_facilitators", SCHOOL, _l("Find, check and train people who will lead")),
        Right("invite_parents", SCHOOL, _l("Invite parents and carers")),
        Right("form_groups", SCHOOL, _l("Form groups, give places and start")),
        Right("run_groups", SCHOOL, _l("Run the groups that have begun, to their last date")),
        Right("write_to_parents", SCHOOL, _l("Send reminders, dates and notes")),
        Right("answer_for_parents", SCHOOL, _l("Note what parents tell you")),
        Right("join", PARENT, _l("Say yes and join")),
        Right("apply", PARENT, _l("Offer to help lead")),
        Right("lead", FACILITATOR, _l("Lead the group that they were chosen for")),
    )
}


def require(stage: str, code: str) -> None:
    """Raise Refused, with what has to come first, where this stage has no such right."""
    if not may(stage, code):
        raise Refused(why_not(stage, RIGHTS[code].who, code))


_STAGE = Ready(select(School.stage).where(School.school_id == bindparam("school_id")))


@read_once
def stage_of(session: Session, school_id: UUID) -> SchoolStage:
    """The stage at which a school is; `left` where there is none."""
    return _as_stage(_STAGE.all(session, {"school_id": school_id}))


def _as_stage(rows: Sequence[Any]) -> SchoolStage:
    return SchoolStage(rows[0].stage) if rows else SchoolStage.LEFT


STAGE = Part(stage_of, _STAGE, takes=("school_id",), answer=_as_stage)


def may_now(session: Session, school_id: UUID, code: str) -> bool:
    """Whether the school is at a stage with this right, for what is offered; `check` decides what is done."""
    return may(stage_of(session, school_id), code)


def check(session: Session, school_id: UUID, code: str) -> None:
    """Raise Refused where the school is at a stage without this right.

    What staff do holds the school's row meanwhile: a school that is paused at this moment is so before or after.
    """
    query = select(School.stage).where(School.school_id == school_id)
    if RIGHTS[code].who == SCHOOL:
        query = query.with_for_update(read=True)
    require(session.scalar(query) or "left", code)


#: What a school may do from the day on which it is invited.
_FROM_INVITED = frozenset(code for code, stages in MAY.items() if SchoolStage.INVITED in stages)


def why_not(stage: str, who: str = SCHOOL, code: str = "") -> str:
    """Why something cannot be done at this stage, for whoever asked; `code`: what, where it is one thing."""
    if stage == SchoolStage.PAUSED:
        return _("The groups at this school are paused. Nothing new begins until they start again.")
    if stage == SchoolStage.LEFT:
        return _("This school does not take part any more, so nothing new can begin here.")
    if who == PARENT:
        return _("The school is not ready yet. It will tell you when it is.")
    if stage == SchoolStage.PROSPECT and code in _FROM_INVITED:
        return (
            _("This comes when you have invited the school.")
            if who == AUTHORITY
            else _("This comes when your council has invited your school.")
        )
    if who == AUTHORITY:
        if stage in BEING_SET_UP:
            return _("This comes when the school’s list is done and you have made it active.")
        return _("This comes when the agreement is signed and you have made the school active.")
    if stage in BEING_SET_UP:
        return _("This comes when your list is done and your authority has made your school active.")
    return _("This comes when the agreement is signed and your authority has made your school active.")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a school can do now, and what it cannot do yet or any more, in words; and why."""

    now: tuple[str, ...]
    not_now: tuple[str, ...]
    why: str


def in_words(stage: str, who: tuple[str, ...] = (SCHOOL,), *, reader: str = SCHOOL) -> Allowed:
    """The table's column for `stage`, as the page shows it; the reason in words for whoever reads it."""
    rights = [right for right in RIGHTS.values() if right.who in who]
    return Allowed(
        now=tuple(str(right.words) for right in rights if stage in right.stages),
        not_now=tuple(str(right.words) for right in rights if stage not in right.stages),
        why=_why_in_words(stage, reader) if any(stage not in right.stages for right in rights) else "",
    )


def _why_in_words(stage: str, reader: str) -> str:
    """Why not, where several things are listed: of a prospect some come with the invitation, and the rest later."""
    if stage != SchoolStage.PROSPECT:
        return why_not(stage, reader)
    if reader == AUTHORITY:
        return _(
            "Colleagues and preparing come when you have invited the school. The rest comes when the agreement is"
            " signed and you have made it active."
        )
    return _(
        "Colleagues and preparing come when your authority has invited your school. The rest comes when the agreement"
        " is signed and your authority has made your school active."
    )
