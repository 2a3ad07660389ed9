"""What other packages may join of groups and their sessions: to read, never to change."""

from __future__ import annotations

from sqlalchemy import Subquery, select

from app.cohorts.models import Cohort, CohortSession

#: A row for each session that the scope may see, with the group that it is of.
SESSIONS: Subquery = (
    select(
        CohortSession.school_id,
        CohortSession.cohort_id,
        CohortSession.id,
        CohortSession.number,
        CohortSession.on_date,
        CohortSession.starts_at,
        CohortSession.ends_at,
        CohortSession.room,
        CohortSession.state,
        CohortSession.revision,
        Cohort.name.label("group_name"),
        Cohort.state.label("group_state"),
    )
    .join(Cohort, (Cohort.school_id == CohortSession.school_id) & (Cohort.id == CohortSession.cohort_id))
    .subquery("group_session")
)
