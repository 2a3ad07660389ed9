"""One step of a parent in the pipeline: held, checked against the table of stages, and written down with who did it."""

from __future__ import annotations

from uuid import UUID

from flask import has_request_context
from flask import session as web_session
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.recruitment.models import Parent, ParentEvent
from app.recruitment.places import places
from app.recruitment.queries import get_parent
from app.recruitment.stages import STAGES, may_go
from app.rollup_due.queue import mark_due
from app.shell.refusals import Refused
from app.states.parents import DO_NOT_WRITE, BySide, ParentStage
from infra.clock import now, today

MOVED = define("recruitment:parent:moved", keys=("from_stage", "to_stage", "by_side"))


def lock_parent(session: Session, school_id: UUID, parent_id: UUID) -> Parent:
    """One parent as they stand now, held until this change is over: two who decide at once decide in turn.

    Raises NotFound.
    """
    return get_parent(session, school_id, parent_id, hold=True)


def check_step(parent: Parent, to_stage: str, *, by_side: str) -> None:
    """Raise Refused where the table of stages has no such step: for whoever changes something else first."""
    if not may_go(parent.stage, to_stage):
        raise Refused(_not_from_here(parent.stage, by_side))


def move(
    session: Session,
    parent: Parent,
    to_stage: str,
    *,
    by_side: str,
    reason: str = "",
    by_name: str = "",
    how: str = "",
) -> None:
    """One step in the pipeline, with its event. Raises Refused when the table of stages has no such step."""
    check_step(parent, to_stage, by_side=by_side)
    write_step(session, parent, to_stage, by_side=by_side, reason=reason, by_name=by_name, how=how)


def write_step(
    session: Session,
    parent: Parent,
    to_stage: str,
    *,
    by_side: str,
    reason: str = "",
    by_name: str = "",
    how: str = "",
) -> None:
    """Put a locked parent at a stage and write down who did, and how it came. A correction may go any way."""
    from_stage = parent.stage
    parent.stage = to_stage
    parent.stage_changed_at = now()
    parent.said_yes_at = None
    if to_stage == ParentStage.SAID_NO:
        # Nobody is asked twice in one school year.
        year = today().year + (1 if today().month >= 9 else 0)
        parent.do_not_ask_until = today().replace(year=year, month=9, day=1)
    if to_stage == ParentStage.WAITING and parent.waiting_since is None:
        parent.waiting_since = now()
    session.add(
        ParentEvent(
            school_id=parent.school_id,
            parent_id=parent.id,
            from_stage=from_stage,
            to_stage=to_stage,
            by_side=by_side,
            by_name=by_name or acting_name(by_side),
            how=how,
            reason=reason,
        )
    )
    record(session, MOVED, subject_id=parent.id, from_stage=from_stage, to_stage=to_stage, by_side=by_side)
    mark_due(session, parent.school_id)
    if ParentStage.LEFT in (from_stage, to_stage):
        # Whoever left is taken out of results that are not published yet; whoever comes back counts as they chose.
        for cohort_id in places().list_cohort_ids(session, parent.school_id, parent.id):
            mark_due(session, parent.school_id, cohort_id)
    session.flush()


def acting_name(by_side: str) -> str:
    """Who of the staff does this, for the history; parents are named by their own page."""
    identity = getattr(web_session, "identity", None) if has_request_context() else None
    return identity.name if identity and by_side == BySide.SCHOOL else ""


def _not_from_here(stage: str, by_side: str) -> str:
    """Why there is no such step, for whoever asked."""
    if by_side != "parent":
        return _(
            "They are at “%(stage)s” now. Open their page again to see what fits.",
            stage=STAGES[stage].label,
        )
    if stage in DO_NOT_WRITE:
        return _(
            "You told us before that you do not want to take part. Call the school if you changed your mind."
        )
    return _("You have already joined. You can change your choices or leave on any day.")
