"""Places that are offered where a group starts next term, and what suits those who wait for one."""

from __future__ import annotations

from datetime import timedelta

from demo.borough import Borough, Place
from demo.groups import cohort_id_of
from demo.keys import made_id
from demo.parents import parent_id_of
from demo.plan import Group, School
from demo.schools import staff_id

#: The first who waits has a place offered and has not answered; the second said no thank you to this day.
OFFERED, SAID_NO_THANK_YOU = 1, 2


def starts_next_term(school: School) -> Group | None:
    """The group of a school whose dates are planned and whose places are not all taken."""
    return next((group for group in school.groups if group.when == "next_term"), None)


#: What suits the first who wait elsewhere: days, times, how to meet, what they need.
WISHES: tuple[tuple[list[str], list[str], str, list[str]], ...] = (
    (["tue", "thu"], ["evening"], "room", ["creche"]),
    (["tue", "wed"], ["evening"], "either", []),
    (["tue"], [], "either", ["transport"]),
    ([], ["morning"], "online", []),
)


def add_wishes(borough: Borough, place: Place, school: School) -> None:
    """What suits those who wait where no group is planned; the last of them said nothing."""
    if starts_next_term(school) is not None or school.stage != "active":
        return
    for number, (days, times, how, needs) in enumerate(WISHES[: max(0, school.waiting - 1)], 1):
        borough.add(
            "group_wish",
            school_id=place.school_id,
            parent_id=parent_id_of(school.urn, "waiting", number),
            days=days,
            times=times,
            format=how,
            needs=needs,
            by_name="",
            changed_at=borough.ago(5),
        )


def add_offers(borough: Borough, place: Place, school: School) -> None:
    """One offer that waits for an answer, one that was answered yesterday, and what suits both."""
    group = starts_next_term(school)
    if group is None or school.stage != "active":
        return
    lead_id = staff_id(school.urn, "school_lead")
    lead = next(row for row in borough.rows["staff_member"] if row["id"] == lead_id)
    for number, state, days in ((OFFERED, "open", ["wed", "thu"]), (SAID_NO_THANK_YOU, "declined", ["mon"])):
        parent_id = parent_id_of(school.urn, "waiting", number)
        is_open = state == "open"
        borough.add(
            "place_offer",
            school_id=place.school_id,
            id=made_id("offer", parent_id),
            cohort_id=cohort_id_of(school.urn, group.slug),
            parent_id=parent_id,
            state=state,
            answer_by=borough.today + timedelta(days=4 if is_open else 2),
            by_name=lead["name"],
            offered_at=borough.ago(1 if is_open else 3),
            ended_at=None if is_open else borough.ago(1, 19),
            ended_by_name="",
        )
        borough.add(
            "group_wish",
            school_id=place.school_id,
            parent_id=parent_id,
            days=days,
            times=["evening"],
            format="room",
            needs=["creche"] if is_open else [],
            by_name="",
            changed_at=borough.ago(5),
        )
