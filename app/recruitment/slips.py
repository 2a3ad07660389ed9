"""The signed slips by which one parent joined, for who looks at their page: also those before the newest one."""

from __future__ import annotations

from collections.abc import Sequence

from app.audit.history import TOGETHER
from app.documents.models import StoredDocument
from app.recruitment.models import ParentEvent
from app.states.parents import ParentStage


def that_counted(slips: Sequence[StoredDocument], events: Sequence[ParentEvent]) -> list[StoredDocument]:
    """Those of `slips` with which a yes was noted that nobody took back, newest first.

    The slip of a yes that was taken back may be another person's. `events` are the parent's, newest first.
    """
    steps = [one for one in events if one.from_stage != one.to_stage]
    after: list[ParentEvent | None] = [None, *steps][: len(steps)]
    joined = [
        step.at
        for step, following in zip(steps, after, strict=True)
        if step.how == "slip"
        and step.to_stage == ParentStage.JOINED
        and not (following and following.how == "mistake")
    ]
    return [one for one in slips if any(abs(one.created_at - at) <= TOGETHER for at in joined)]
