"""Where somebody stands on the way to leading, and their history: written here, by whoever acts."""

from __future__ import annotations

from uuid import UUID

from flask import has_request_context
from flask import session as web_session
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.facilitators import queries
from app.facilitators.models import Facilitator, FacilitatorEvent
from infra.clock import now
from infra.ids import new_id

MOVED = define("facilitators:facilitator:moved", keys=("from_stage", "to_stage"))
#: Who stands beside a step that follows from another by itself.
BY_ITSELF = "We Belong"


def locked(session: Session, school_id: UUID, facilitator_id: UUID) -> Facilitator:
    """The person, with nobody else moving them meanwhile. Raises NotFound."""
    queries.get_facilitator(session, school_id, facilitator_id)
    return session.scalars(
        select(Facilitator)
        .where(Facilitator.school_id == school_id, Facilitator.id == facilitator_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def step(
    session: Session, person: Facilitator, to_stage: str, reason: str, *, by_name: str = ""
) -> FacilitatorEvent:
    """Somebody stands elsewhere from now on, and their history says so."""
    before, person.stage, person.stage_changed_at = person.stage, to_stage, now()
    session.flush()
    return note(session, person, before, to_stage, reason, by_name=by_name)


def note(
    session: Session,
    person: Facilitator,
    before: str | None,
    to_stage: str,
    reason: str,
    *,
    by_name: str = "",
) -> FacilitatorEvent:
    """A line of somebody's history; from a stage to itself: what was noted there."""
    event = FacilitatorEvent(
        school_id=person.school_id,
        id=new_id(),
        facilitator_id=person.id,
        from_stage=before,
        to_stage=to_stage,
        reason=reason,
        by_name=by_name or acting_name() or person.name,
    )
    session.add(event)
    session.flush()
    if before != to_stage:
        record(session, MOVED, subject_id=person.id, from_stage=before, to_stage=to_stage)
    return event


def note_down(session: Session, person: Facilitator, words: str) -> FacilitatorEvent:
    """A line of somebody's history about what was changed where they stand."""
    return note(session, person, person.stage, person.stage, words)


def acting_id() -> UUID | None:
    """The id of whoever acts, as staff or otherwise; None outside a request."""
    identity = getattr(web_session, "identity", None) if has_request_context() else None
    return identity.person_id if identity else None


def acting_name() -> str:
    """The name of whoever acts, for the history; empty outside a request."""
    identity = getattr(web_session, "identity", None) if has_request_context() else None
    return identity.name if identity else ""
