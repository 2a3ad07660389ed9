"""One group's numbers, added up from rows that hold no names. Runs as the roll-up, inside one school."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.cohorts.models import Cohort, CohortSession, Enrolment
from app.measures.instruments import PROGRAMME_QUESTIONS, Instrument, get_instrument
from app.measures.models import AnswerSet
from app.measures.scoring import score
from app.meetings.models import Attendance
from app.outcomes.models import CohortSummary, Release, ReleaseCohort, SchoolActivity
from app.outcomes.statistics import CohortSums
from app.outcomes.windows import TermWindow, window_on
from app.states.groups import HERE, GroupState, PlaceState, SessionState
from infra.clock import LONDON, now, today

#: Sessions after which somebody has come to most of them.
MOST_SESSIONS = 5

AGREED = text(
    "select c.parent_id from consent c join parent p on p.school_id = c.school_id and p.id = c.parent_id"
    " where c.school_id = :school_id and c.kind = 'pooled_answers' and c.given and c.parent_id = any(:parent_ids)"
    " and p.stage <> 'left'"
)
APPLIED = text(
    "select parent_id from facilitator where school_id = :school_id and parent_id = any(:parent_ids)"
)
PARENT_STAGES = text("select stage, count(*) from parent where school_id = :school_id group by stage")
FACILITATOR_STAGES = text(
    "select stage, count(*) from facilitator where school_id = :school_id group by stage"
)
COHORT_STATES = text("select state, count(*) from cohort where school_id = :school_id group by state")


def add_up_group(
    session: Session, authority_id: UUID, school_id: UUID, cohort_id: UUID, windows: Sequence[TermWindow]
) -> str | None:
    """Write the summary of a closed group anew; the key of its window, None where nothing was written.

    Answers count only of parents who agree to pooled results at this moment and have not left, attendance of all who
    started.
    """
    cohort = session.get(Cohort, (school_id, cohort_id))
    if cohort is None or cohort.state != GroupState.CLOSED:
        return None
    dates = [
        row.on_date
        for row in session.execute(
            select(CohortSession.on_date, CohortSession.state).where(
                CohortSession.school_id == school_id, CohortSession.cohort_id == cohort_id
            )
        )
        if row.state == SessionState.CLOSED
    ]
    closed_on = max(dates, default=None) or (
        cohort.closed_at.astimezone(LONDON).date() if cohort.closed_at else today()
    )
    started = _started(session, school_id, cohort_id, min(dates, default=None))
    values = {
        "authority_id": authority_id,
        "window_key": _window_key(session, authority_id, cohort_id, closed_on, windows),
        "closed_on": closed_on,
        "computed_at": now(),
        **_numbers(session, school_id, cohort_id, started),
    }
    statement = insert(CohortSummary).values(school_id=school_id, cohort_id=cohort_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["school_id", "cohort_id"], set_=values))
    return values["window_key"]


def count_activity(session: Session, school_id: UUID) -> None:
    """Write how many parents, facilitators and groups of a school are at each stage."""
    values: dict[str, Any] = {"computed_at": now()}
    for name, statement in (
        ("parents", PARENT_STAGES),
        ("facilitators", FACILITATOR_STAGES),
        ("cohorts", COHORT_STATES),
    ):
        values[name] = {row[0]: row[1] for row in session.execute(statement, {"school_id": school_id})}
    written = insert(SchoolActivity).values(school_id=school_id, **values)
    session.execute(written.on_conflict_do_update(index_elements=["school_id"], set_=values))


def _started(
    session: Session, school_id: UUID, cohort_id: UUID, first_on: date | None
) -> dict[UUID, tuple[str, datetime]]:
    """Who had a place when the group began: status and since when. Who left before that did not start."""
    rows = session.execute(
        select(Enrolment.parent_id, Enrolment.status, Enrolment.joined_at, Enrolment.left_at).where(
            Enrolment.school_id == school_id, Enrolment.cohort_id == cohort_id
        )
    )
    return {
        row.parent_id: (row.status, row.joined_at)
        for row in rows
        if row.left_at is None or first_on is None or row.left_at.astimezone(LONDON).date() >= first_on
    }


def _numbers(
    session: Session, school_id: UUID, cohort_id: UUID, started: dict[UUID, tuple[str, datetime]]
) -> dict[str, Any]:
    parent_ids = list(started)
    present: Counter[UUID] = Counter(
        {
            row[0]: row[1]
            for row in session.execute(
                select(Attendance.parent_id, func.count())
                .join(
                    CohortSession,
                    (CohortSession.school_id == Attendance.school_id)
                    & (CohortSession.id == Attendance.session_id),
                )
                .where(
                    Attendance.school_id == school_id,
                    Attendance.cohort_id == cohort_id,
                    Attendance.mark.in_(HERE),
                    # A register that somebody began for a session that was called off counts for nothing.
                    CohortSession.state == SessionState.CLOSED,
                )
                .group_by(Attendance.parent_id)
            )
        }
    )
    ids = {"school_id": school_id, "parent_ids": parent_ids}
    agreed = set(session.scalars(AGREED, ids))
    graduates = {parent_id for parent_id, (status, _) in started.items() if status == PlaceState.FINISHED}
    applied = set(session.scalars(APPLIED, ids)) & graduates
    before, after = _scores(session, school_id, cohort_id, sorted(agreed))
    return {
        "counts": {
            "started": len(started),
            "attended_any": sum(present[parent_id] > 0 for parent_id in parent_ids),
            "attended_five": sum(present[parent_id] >= MOST_SESSIONS for parent_id in parent_ids),
            "answered_before": len(before),
            "answered_after": len(after),
            "graduates": len(graduates),
            "applied": len(applied),
        },
        "domains": _sums(PROGRAMME_QUESTIONS, before, after),
    }


Scores = dict[UUID, dict[str, float | None]]


def _scores(
    session: Session, school_id: UUID, cohort_id: UUID, parent_ids: Sequence[UUID]
) -> tuple[Scores, Scores]:
    """Sent answers of these parents before and after, scored. Answers given before there was a group count for the
    parent's first one.
    """
    found: dict[str, Scores] = {"before": {}, "after": {}}
    first_group = _first_groups(session, school_id, parent_ids)
    rows = session.execute(
        select(
            AnswerSet.parent_id,
            AnswerSet.cohort_id,
            AnswerSet.occasion,
            AnswerSet.instrument,
            AnswerSet.instrument_version,
            AnswerSet.items,
        )
        .where(
            AnswerSet.school_id == school_id,
            AnswerSet.parent_id.in_(parent_ids),
            AnswerSet.instrument == PROGRAMME_QUESTIONS.key,
            AnswerSet.submitted_at.is_not(None),
            (AnswerSet.cohort_id == cohort_id) | AnswerSet.cohort_id.is_(None),
        )
        # A set of this very group outweighs one from before there was a group.
        .order_by(AnswerSet.cohort_id.nulls_first())
    )
    for row in rows:
        if row.cohort_id is None and first_group.get(row.parent_id) != cohort_id:
            continue
        instrument = get_instrument(row.instrument, row.instrument_version)
        found[row.occasion][row.parent_id] = score(instrument, row.items)
    return found["before"], found["after"]


def _first_groups(session: Session, school_id: UUID, parent_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    rows = session.execute(
        select(Enrolment.parent_id, Enrolment.cohort_id)
        .where(Enrolment.school_id == school_id, Enrolment.parent_id.in_(parent_ids))
        .order_by(Enrolment.joined_at.desc())
    )
    return {row.parent_id: row.cohort_id for row in rows}


def _sums(instrument: Instrument, before: Scores, after: Scores) -> dict[str, dict[str, float]]:
    pairs: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for parent_id in sorted(before.keys() & after.keys()):
        for domain in instrument.domains:
            first, second = before[parent_id][domain.key], after[parent_id][domain.key]
            if first is not None and second is not None:
                pairs[domain.key].append((first, second))
    return {
        domain.key: asdict(CohortSums.of_pairs(pairs[domain.key], same_band=domain.same_band))
        for domain in instrument.domains
    }


def _window_key(
    session: Session, authority_id: UUID, cohort_id: UUID, closed_on: date, windows: Sequence[TermWindow]
) -> str | None:
    """The window of the last session; where that one has been published without this group, today's."""
    window = window_on(windows, closed_on)
    if window is None:
        return None
    published = session.scalars(
        select(Release.id).where(
            Release.authority_id == authority_id,
            Release.window_key == window.id,
            Release.published_at.is_not(None),
        )
    ).all()
    if not published:
        return window.id
    is_counted = session.scalar(
        select(ReleaseCohort.cohort_id).where(
            ReleaseCohort.authority_id == authority_id,
            ReleaseCohort.release_id.in_(published),
            ReleaseCohort.cohort_id == cohort_id,
        )
    )
    current = window_on(windows, today())
    return window.id if is_counted or current is None else current.id
