"""Calls that staff and the council noted, and what they do next: some of it for today, some overdue."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from demo.borough import Borough, Place
from demo.keys import made_id
from demo.parents import Known
from demo.plan import Authority, School
from demo.schools import officer_id, staff_id


def add_contacts(borough: Borough, place: Place, school: School, others: list[Known]) -> None:
    """With three parents who are not in a group yet."""
    by_stage = {known.stage: known for known in reversed(others)}
    senco, lead = (staff_id(school.urn, role) for role in ("senco", "school_lead"))
    for stage, days, how, outcome, action, due, owner in (
        ("invited", 3, "phone", "no_answer", "Ring again in the evening", -1, lead),
        ("interested", 2, "gate", "call_back", "Ring after school and tell them how it starts", 0, lead),
        ("joined", 4, "phone", "spoke", "Ask which evenings suit them", 3, senco),
    ):
        known = by_stage.get(stage)
        if known is None:
            continue
        # Nobody was in touch about it before they were on the list.
        at = max(borough.ago(days), min(known.reached["identified"] + timedelta(hours=2), borough.now))
        borough.add(
            "contact_with_parent",
            parent_id=known.parent_id,
            **_noted(borough, place.school_id, known.parent_id, at, how, outcome, senco),
            **_planned(borough, action, due, owner),
        )


def add_call_to_school(borough: Borough, place: Place, authority: Authority) -> None:
    """By the council, with a school that is not active yet."""
    admin = authority.officers[0]
    person_id = officer_id(authority, admin.role, admin.name)
    borough.add(
        "contact_with_school",
        with_name="The school office",
        **_noted(
            borough, place.school_id, place.school_id, borough.ago(1), "phone", "message_left", person_id
        ),
        **_planned(borough, "Ring the head teacher", 0, person_id),
    )


def _noted(
    borough: Borough, school_id: UUID, subject_id: UUID, at: datetime, how: str, outcome: str, by_id: UUID
) -> dict[str, Any]:
    people = [*borough.rows["staff_member"], *borough.rows["authority_member"]]
    return {
        "school_id": school_id,
        "id": made_id("contact", subject_id, how),
        "how": how,
        "outcome": outcome,
        "at": at,
        "noted_at": at,
        "by_id": by_id,
        "by_name": next(row["name"] for row in people if row["id"] == by_id),
    }


def _planned(borough: Borough, action: str, days: int, owner_id: UUID) -> dict[str, Any]:
    return {
        "action": action,
        "due_on": borough.today + timedelta(days=days),
        "owner_id": owner_id,
        "state": "open",
    }
