"""What a page shows of a group, for a press that starts or ends the whole of it (`app/shell/as_shown.py`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session, scoped_session

from app.cohorts import queries
from app.cohorts.models import Cohort, CohortSession
from app.facilitators.models import Facilitator
from app.shell.as_shown import if_as_shown
from tenants.together import together

T = TypeVar("T")


def facts(
    cohort: Cohort,
    members: Iterable[queries.Member],
    leaders: Iterable[Facilitator],
    meetings: Iterable[CohortSession],
) -> tuple[object, ...]:
    """Its state, who has a place, who leads it, and its days."""
    return (
        cohort.state,
        " ".join(sorted(str(one.parent_id) for one in members)),
        " ".join(sorted(str(one.id) for one in leaders)),
        " ".join(f"{one.number} {one.on_date} {one.starts_at} {one.state}" for one in meetings),
    )


def read(session: Session | scoped_session[Session], school_id: UUID, cohort_id: UUID) -> tuple[object, ...]:
    """The same, as it is now. Raises NotFound."""
    with together(session) as ask:
        cohort = ask(queries.get_cohort, school_id, cohort_id)
        members = ask(queries.list_members, school_id, cohort_id)
        leaders = ask(queries.list_leaders, school_id, cohort_id)
        meetings = ask(queries.list_sessions, school_id, cohort_id)
    return facts(cohort.value, members.value, leaders.value, meetings.value)


def as_shown_to(state: str, change: Callable[[], T], stands: tuple[object, ...]) -> Callable[[], T]:
    """`change`, which brings a group to `state`, for what its page showed. A second press finds it there: the change
    itself says so."""
    return change if stands[0] == state else if_as_shown(change, *stands)
