"""What a calendar reads by somebody's secret address (`app/identity/feeds.py`): their sessions, in titles that say
nothing."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import Session

from app.cohorts.calendar_file import Entry, place_words, title_of
from app.cohorts.models import Cohort, CohortFacilitator, CohortSession, Enrolment
from app.cohorts.month import list_of_council
from app.identity.feeds import Reader
from app.identity.roles import SCHOOL_STAFF, Role
from app.schools.queries import get_school
from app.schools.year_queries import get_shut_days
from app.states.groups import BELONGS
from infra.clock import today

#: How far back a calendar is told of; what is older it keeps or lets go as it likes.
KEPT = timedelta(days=180)


def list_entries(session: Session, reader: Reader) -> list[Entry]:
    """Their sessions since half a year ago, in the order of their days; in that person's scope.

    Where others look into the calendar too, nothing says which group it is, nor where; to a council at no time.
    """
    if reader.school_id is None:
        return [
            Entry(one, f"{school}, {title_of(one)}" if reader.shows_place else title_of(one), "")
            for one, school in list_of_council(session, reader.authority_id, today() - KEPT)
        ]
    school = get_school(session, reader.school_id)
    shut = get_shut_days(session, reader.authority_id, reader.school_id)
    rows = session.execute(_sessions_of(reader)).all()
    return [
        Entry(
            one,
            title_of(one, group if reader.shows_place else ""),
            place_words(one.room or room or school.room, school.short_name) if reader.shows_place else "",
            one.on_date in shut,
        )
        for one, group, room in rows
    ]


def _sessions_of(reader: Reader) -> Select[CohortSession, str, str]:
    return (
        select(CohortSession, Cohort.name, Cohort.room)
        .join(Cohort, (Cohort.school_id == CohortSession.school_id) & (Cohort.id == CohortSession.cohort_id))
        .where(
            CohortSession.school_id == reader.school_id,
            CohortSession.on_date >= today() - KEPT,
            _is_theirs(reader),
        )
        .order_by(CohortSession.on_date, CohortSession.starts_at, CohortSession.id)
    )


def _is_theirs(reader: Reader) -> ColumnElement[bool]:
    if reader.role in SCHOOL_STAFF:
        return true()
    if reader.role == Role.FACILITATOR:
        rows = select(CohortFacilitator.cohort_id).where(
            CohortFacilitator.school_id == reader.school_id,
            CohortFacilitator.facilitator_id == reader.person_id,
        )
    else:
        rows = select(Enrolment.cohort_id).where(
            Enrolment.school_id == reader.school_id,
            Enrolment.parent_id == reader.person_id,
            Enrolment.status.in_(BELONGS),
        )
    return CohortSession.cohort_id.in_(rows)
