"""A parent's places in groups, for what stands below and asks (`app/recruitment/places.py`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.cohorts import printing, telling
from app.cohorts.members import list_cohort_ids
from app.cohorts.membership import give_back_places
from app.cohorts.my_queries import find_my_group

__all__ = ["for_their_page", "give_back_places", "list_cohort_ids"]


def for_their_page(session: Session, school_id: UUID, parent_id: UUID) -> dict[str, Any]:
    """Their group, its sheet of dates, what they still have to be told, and what somebody noted that they know."""
    return {
        "group": find_my_group(session, school_id, parent_id),
        "plan": printing.find_plan(session, school_id, parent_id),
        "to_tell": telling.list_to_tell(session, school_id, parent_id=parent_id),
        "know": telling.list_noted(session, school_id, parent_id),
    }
