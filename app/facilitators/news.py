"""What a school's home shows of people who lead."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import DateTime, and_, bindparam, select
from sqlalchemy.orm import Session

from app.facilitators.models import Facilitator, FacilitatorEvent
from app.facilitators.queries import (
    CAN_LEAD,
    COUNTS,
    NEWS,
    READY_ALL,
    as_counts,
    as_lines,
    list_all,
    list_ready,
    shown,
    stage_counts,
)
from app.states.facilitators import APPLICANTS, FacilitatorStage
from infra.clock import now
from tenants.pages import Part
from tenants.reading import read_once

_TAKEN_BACK = (
    select(Facilitator)
    .join(
        FacilitatorEvent,
        and_(
            FacilitatorEvent.school_id == Facilitator.school_id,
            FacilitatorEvent.facilitator_id == Facilitator.id,
            FacilitatorEvent.at >= Facilitator.stage_changed_at,
            FacilitatorEvent.to_stage == FacilitatorStage.WITHDRAWN,
            FacilitatorEvent.from_stage.in_(APPLICANTS),
        ),
    )
    .where(
        Facilitator.school_id == bindparam("school_id"),
        Facilitator.stage == FacilitatorStage.WITHDRAWN,
        Facilitator.stage_changed_at + NEWS > bindparam("now", type_=DateTime(timezone=True)),
    )
    .order_by(Facilitator.name, Facilitator.id)
)


@read_once
def list_taken_back(session: Session, school_id: UUID) -> list[Facilitator]:
    """Applicants who took their offer back in the last days, for whoever still waits for them; by name."""
    return list(session.scalars(_TAKEN_BACK, {"school_id": school_id, "now": now()}))


#: What a school's home shows of people who lead.
PARTS_OF_SCHOOL = (
    Part(stage_counts, COUNTS, takes=("school_id",), answer=as_counts),
    Part(list_all, READY_ALL, takes=("school_id",), answer=as_lines),
    Part(list_ready, CAN_LEAD, takes=("school_id",), answer=shown),
    Part(list_taken_back, _TAKEN_BACK, takes=("school_id",), answer=shown),
)
