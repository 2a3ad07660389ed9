"""A parent's places in groups, for what stands below and asks (`app/recruitment/places.py`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.cohorts import printing, telling
from app.cohorts.members import list_cohort_ids
from app.cohorts.membership import give_back_places
from app.cohorts.my_queries import find_my_group
from tenants.together import together

__all__ = ["for_their_page", "give_back_places", "list_cohort_ids"]


def for_their_page(session: Session, school_id: UUID, parent_id: UUID) -> dict[str, Any]:
    """Their group, its sheet of dates, what they still have to be told, and what somebody noted that they know."""
    with together(session) as ask:
        group = ask(find_my_group, school_id, parent_id)
        plan = ask(printing.find_plan, school_id, parent_id)
        to_tell = ask(telling.list_to_tell, school_id, parent_id=parent_id)
        know = ask(telling.list_noted, school_id, parent_id)
    return {"group": group.value, "plan": plan.value, "to_tell": to_tell.value, "know": know.value}
