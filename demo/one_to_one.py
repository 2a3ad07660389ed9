"""Parents who asked to be called: by somebody who leads their group, and by the school's contact."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.shell.parsing import given_name
from demo.borough import Borough, Place
from demo.keys import made_id

SATURDAY = 5
#: Members of a group from here on, so that whom the demo signs in as has not asked for anything yet.
FIRST = 3


def add_calls(borough: Borough, place: Place) -> None:
    """In the first group that meets: one to make, one that was made, and one that the school's contact makes."""
    found = _first_group(borough, place.school_id)
    if found is None:
        return
    cohort_id, leader = found
    of_leader = {
        "cohort_id": cohort_id,
        "facilitator_id": leader["id"],
        "caller_name": given_name(leader["name"]),
    }
    school = next(row for row in borough.rows["school"] if row["school_id"] == place.school_id)
    plans: list[tuple[str, int, dict[str, Any]]] = [
        ("big_feelings", 0, of_leader),
        ("talking_with_school", 8, of_leader | {"state": "done", "outcome": "spoke", "tries": 1}),
    ]
    if school["contact_name"]:
        plans.append(("extra_help", 1, {"caller_name": school["contact_name"]}))
    for parent_id, (need, days, told) in zip(_with_phone(borough, cohort_id), plans, strict=False):
        asked = borough.ago(days)
        is_over = "outcome" in told
        borough.add(
            "call_request",
            school_id=place.school_id,
            id=made_id("call", parent_id),
            parent_id=parent_id,
            need=need,
            times=["morning", "evening"] if is_over else ["evening"],
            asked_at=asked,
            call_by=_two_weekdays(asked.date()),
            noted_at=borough.ago(days - 1) if is_over else None,
            ended_at=borough.ago(days - 1) if is_over else None,
            **told,
        )


def _first_group(borough: Borough, school_id: UUID) -> tuple[UUID, dict[str, Any]] | None:
    running = [
        row["id"]
        for row in borough.rows["cohort"]
        if row["school_id"] == school_id and row["state"] == "running"
    ]
    leading = {row["cohort_id"]: row["facilitator_id"] for row in borough.rows["cohort_facilitator"]}
    people = {row["id"]: row for row in borough.rows["facilitator"]}
    return next(((one, people[leading[one]]) for one in running if one in leading), None)


def _with_phone(borough: Borough, cohort_id: UUID) -> list[UUID]:
    reached = {row["parent_id"] for row in borough.rows["parent_contact"] if row["phone"]}
    members = [row["parent_id"] for row in borough.rows["enrolment"] if row["cohort_id"] == cohort_id]
    here = {
        row["parent_id"]
        for row in borough.rows["enrolment"]
        if row["cohort_id"] == cohort_id and row["status"] == "in_group"
    }
    return [one for one in members[FIRST:] if one in reached and one in here]


def _two_weekdays(day: date) -> date:
    for _day in range(2):
        day += timedelta(days=1)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
    return day
