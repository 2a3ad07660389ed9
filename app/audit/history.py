"""Who did what to somebody or something, read from the trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session, scoped_session

#: What was done, with the name of whoever did it where this audience may read it.
_DONE = text(
    "select a.subject_id, a.event, a.details, a.at, a.actor_id, coalesce(m.name, f.name, '') who from audit_event a"
    " left join staff_member m on m.school_id = a.school_id and m.id = a.actor_id"
    " left join facilitator f on f.school_id = a.school_id and f.id = a.actor_id"
    " where a.school_id = :school_id and a.subject_id = any (:subjects) and a.event = any (:events)"
    " order by a.at desc, a.id desc limit :most"
)
#: An event and what it is about are written together, a moment apart.
TOGETHER = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Done:
    """One entry of the trail: `who` is empty where it was not a person of the school, or nobody knows."""

    subject_id: UUID
    event: str
    details: dict[str, Any]
    at: datetime
    actor_id: UUID | None
    who: str

    def is_of(self, moment: datetime, **details: Any) -> bool:
        """Whether this is the entry of something that happened at `moment` with these details."""
        return abs(self.at - moment) <= TOGETHER and all(
            self.details.get(key) == value for key, value in details.items()
        )


def list_done(
    session: Session | scoped_session[Any],
    school_id: UUID,
    subjects: Sequence[UUID],
    events: Sequence[str],
    *,
    most: int = 200,
) -> list[Done]:
    """Who did these things to these subjects, newest first."""
    values = {"school_id": school_id, "subjects": list(subjects), "events": list(events), "most": most}
    return [Done(*row) for row in session.execute(_DONE, values)]
