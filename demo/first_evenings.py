"""Who welcomes newcomers to a group, what some of them would like, and that somebody asked them how it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from demo.borough import Borough, Place

#: Of a group that has not begun: what the first of its members would like.
WISHES = (["door"], ["early", "met"], ["listen"])


def add_first_evenings(
    borough: Borough,
    place: Place,
    cohort_id: UUID,
    leader_id: UUID,
    members: Sequence[UUID],
    first_on: date | None,
) -> None:
    """All were asked after their first evening, but for two of a group that has just begun."""
    of_group = {"school_id": place.school_id, "cohort_id": cohort_id}
    borough.add("group_welcome", **of_group, welcomer_id=leader_id, named_at=borough.ago(3, 10))
    has_begun = first_on is not None and first_on < borough.today
    if not has_begun:
        for parent_id, wishes in zip(members, WISHES, strict=False):
            borough.add(
                "first_visit_wish", **of_group, parent_id=parent_id, wishes=wishes, at=borough.ago(2, 19)
            )
        return
    assert first_on is not None  # noqa: S101 - it has begun
    is_new = first_on > borough.today - timedelta(days=8)
    for parent_id in members[:-2] if is_new else members:
        borough.add(
            "first_visit_call",
            **of_group,
            parent_id=parent_id,
            outcome="done",
            noted_by_id=leader_id,
            at=min(borough.at(first_on + timedelta(days=1), 11), borough.now),
        )
