"""Groups and sessions of somebody who leads them. Scope first; what they do not lead is not found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select, text
from sqlalchemy.orm import Session

from app.cohorts.locks import hold
from app.cohorts.models import Cohort, CohortFacilitator, CohortSession
from app.cohorts.refusals import NotLed
from app.states.groups import GroupState
from tenants.pages import Part, first, looked
from tenants.reading import read_once

_LED_BY = text("select app.led_by(:cohort_id)")


def get_led_cohort(
    session: Session, school_id: UUID, facilitator_id: UUID, cohort_id: UUID, *, lock: bool = False
) -> Cohort:
    """A group that this person leads; `lock` keeps others from changing it. Raises NotLed."""
    asked = select(Cohort).where(
        Cohort.school_id == school_id,
        Cohort.id == cohort_id,
        _leads(Cohort.school_id, Cohort.id, facilitator_id),
    )
    found = session.scalar(hold(asked) if lock else asked)
    if found is None:
        raise NotLed
    return found


def get_led_session(
    session: Session, school_id: UUID, facilitator_id: UUID, session_id: UUID, *, lock: bool = False
) -> CohortSession:
    """A session of a group that this person leads; `lock` keeps others from changing it or its group. Raises NotLed."""
    found = _find_led_session(session, school_id, facilitator_id, session_id)
    if found is not None and lock:
        # The group before its session, as everywhere: else two wait for each other.
        get_led_cohort(session, school_id, facilitator_id, found.cohort_id, lock=True)
        found = session.scalar(hold(_LED_SESSION), _ids(school_id, facilitator_id, session_id))
    if found is None:
        raise NotLed
    return found


@read_once
def _find_led_session(
    session: Session, school_id: UUID, facilitator_id: UUID, session_id: UUID
) -> CohortSession | None:
    return session.scalar(_LED_SESSION, _ids(school_id, facilitator_id, session_id))


def _ids(school_id: UUID, facilitator_id: UUID, session_id: UUID) -> dict[str, UUID]:
    return {"school_id": school_id, "facilitator_id": facilitator_id, "session_id": session_id}


@read_once
def list_led_cohorts(session: Session, school_id: UUID, facilitator_id: UUID) -> list[Cohort]:
    """Every group that this person leads or led: those that meet first, the newest before the older.

    One that ended early stands among those that are over.
    """
    found = session.scalars(
        select(Cohort)
        .where(
            Cohort.school_id == school_id,
            _leads(Cohort.school_id, Cohort.id, facilitator_id),
        )
        .order_by(Cohort.first_on.desc().nulls_last(), Cohort.id)
    )
    order = {GroupState.RUNNING: 0, GroupState.FORMING: 1}
    return sorted(found, key=lambda cohort: order.get(GroupState(cohort.state), len(order)))


def list_leader_names(session: Session, cohort_id: UUID) -> list[str]:
    """First names of those who lead a group, as its messages say them; none of a group that the asker does not lead."""
    return list(session.execute(_LED_BY, {"cohort_id": cohort_id}).scalar_one() or ())


def _leads(school_id: Any, cohort_id: Any, facilitator_id: Any) -> ColumnElement[bool]:
    return (
        select(CohortFacilitator.cohort_id)
        .where(
            CohortFacilitator.school_id == school_id,
            CohortFacilitator.cohort_id == cohort_id,
            CohortFacilitator.facilitator_id == facilitator_id,
        )
        .exists()
    )


_LED_SESSION = select(CohortSession).where(
    CohortSession.school_id == bindparam("school_id"),
    CohortSession.id == bindparam("session_id"),
    _leads(CohortSession.school_id, CohortSession.cohort_id, bindparam("facilitator_id")),
)
#: What a page of one evening reads ahead: the session, and by it everything of its group.
LED_SESSION = Part(
    _find_led_session,
    _LED_SESSION,
    takes=("school_id", "person_id", "session_id"),
    names={"facilitator_id": "person_id"},
    answer=first(looked(CohortSession)),
    gives={"cohort_id": "cohort_id"},
)
