"""What a parent has answered, and what there is to answer now. Every question is about the parent who asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, bindparam, select
from sqlalchemy.orm import Session

from app.cohorts.my_queries import find_my_group, find_my_group_id
from app.cohorts.queries import list_sessions
from app.measures.instruments import DEFAULT_BATTERY, Instrument, get_instrument
from app.measures.models import AnswerSet
from app.measures.scoring import DomainChange, change, score
from app.recruitment.fresh_start import OWN, Own, read_own
from app.recruitment.queries import get_parent
from app.schools.queries import get_school
from app.shell.errors import NotFound
from app.states.groups import GroupState, SessionState
from app.states.parents import READY, WITH_GROUP
from app.states.schools import UNDER_WAY
from infra.clock import today
from tenants.pages import looked, own_part
from tenants.reading import read_once
from tenants.together import together

Occasion = Literal["before", "after"]
#: "held": groups are not shown just now. "sealed": answered before a fresh start, and shut since.
State = Literal["later", "open", "begun", "sent", "over", "held", "sealed"]

OCCASIONS: tuple[Occasion, ...] = ("before", "after")
INSTRUMENT: Instrument = DEFAULT_BATTERY[0]
#: "Before" may be answered until this session, "after" from the last one and for so long.
LAST_FOR_BEFORE, FIRST_FOR_AFTER = 3, 8
OPEN_AFTER = timedelta(weeks=6)
TAKING_PART = (*READY, *WITH_GROUP)


@dataclass(frozen=True, slots=True)
class Journey:
    """One occasion of one parent: whether it can be answered, how far it is, from when and until when."""

    occasion: Occasion
    state: State
    cohort_id: UUID | None
    answers: AnswerSet | None
    on: date | None = None

    @property
    def instrument(self) -> Instrument:
        if self.answers is None:
            return INSTRUMENT
        return get_instrument(self.answers.instrument, self.answers.instrument_version)

    @property
    def total(self) -> int:
        return len(self.instrument.items)

    @property
    def reached(self) -> int:
        """How many questions are behind the parent, answered or left out."""
        return len(self.answers.items) if self.answers else 0

    @property
    def is_open(self) -> bool:
        return self.state in ("open", "begun")

    @property
    def is_complete(self) -> bool:
        return self.reached >= self.total

    def given(self, number: int) -> int | None:
        """The answer to question `number`, from 1; None when left out or not reached."""
        return self.answers.items[number - 1] if self.answers and number <= self.reached else None


@dataclass(frozen=True, slots=True)
class AreaChange:
    """One area: its name, and the change where all its questions were answered both times."""

    name: str
    before: float | None
    after: float | None
    change: DomainChange | None


def has_answered(session: Session, school_id: UUID, parent_id: UUID) -> bool:
    """Whether a parent has answered any of our questions."""
    return any(
        journey.reached or journey.state == "sealed"
        for journey in list_journeys(session, school_id, parent_id)
    )


@read_once
def list_journeys(session: Session, school_id: UUID, parent_id: UUID) -> list[Journey]:
    """Both occasions of the parent's newest group, before first; none for somebody who has not joined."""
    with together(session) as ask:
        parent = ask(get_parent, school_id, parent_id)
        school = ask(get_school, school_id)
        their_group = ask(find_my_group, school_id, parent_id)
    try:
        stage, school_stage = parent.value.stage, school.value.stage
    except NotFound:
        return []
    if stage not in TAKING_PART:
        return []
    group = their_group.value
    # Somebody has a place, and no group is shown: it is shut just now.
    has_place = group is None and stage in WITH_GROUP
    cohort_id = group.id if group else find_my_group_id(session, school_id, parent_id) if has_place else None
    with together(session) as ask:
        theirs = ask(_read_sets, school_id, parent_id, cohort_id)
        meetings = ask(list_sessions, school_id, group.id) if group else None
    own, sets = theirs.value
    is_held = has_place and own.waits_until is not None
    dates = {
        one.number: one.on_date
        for one in (meetings.value if meetings else [])
        if one.state != SessionState.CANCELLED
    }
    is_closed = group is not None and group.state == GroupState.CLOSED
    # A group that ended early is over for both; where there is no group to come, nothing begins.
    is_off = group is not None and group.state == GroupState.CANCELLED
    journeys = []
    for occasion in OCCASIONS:
        answers = sets.get(occasion)
        if answers is not None and answers.submitted_at is not None:
            journeys.append(Journey(occasion, "sent", cohort_id, answers))
            continue
        if own.has_sealed_answers(occasion, cohort_id):
            journeys.append(Journey(occasion, "sealed", cohort_id, None))
            continue
        if is_held:
            # Whether there is still time depends on dates that are not shown.
            journeys.append(Journey(occasion, "held", cohort_id, answers))
            continue
        if is_off or (occasion == "before" and school_stage not in UNDER_WAY):
            journeys.append(Journey(occasion, "over", cohort_id, answers))
            continue
        state, on = _before(dates, is_closed) if occasion == "before" else _after(dates, is_closed)
        if state == "open" and answers is not None:
            state = "begun"
        journeys.append(Journey(occasion, state, cohort_id, answers, on))
    return journeys


def get_journey(session: Session, school_id: UUID, parent_id: UUID, occasion: str) -> Journey:
    """One occasion. Raises NotFound for somebody who has not joined."""
    for journey in list_journeys(session, school_id, parent_id):
        if journey.occasion == occasion:
            return journey
    raise NotFound


def find_answers(
    session: Session,
    school_id: UUID,
    parent_id: UUID,
    occasion: str,
    cohort_id: UUID | None,
    *,
    lock: bool = False,
) -> AnswerSet | None:
    """The parent's set of this group, else the one from before there was a group."""
    statement = (
        _of_parent(school_id, parent_id, cohort_id)
        .where(AnswerSet.occasion == occasion)
        .order_by(AnswerSet.cohort_id.nulls_last())
        .limit(1)
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalar(statement)


@read_once
def _read_sets(
    session: Session, school_id: UUID, parent_id: UUID, cohort_id: UUID | None
) -> tuple[Own, dict[str, AnswerSet]]:
    """What is shut before the parent, and occasion -> their answers, in one trip."""
    values = {"school_id": school_id, "parent_id": parent_id, "cohort_id": cohort_id}
    return _as_sets([(row, row.AnswerSet) for row in session.execute(_SETS, values)])


def _as_sets(rows: Sequence[tuple[Any, AnswerSet | None]]) -> tuple[Own, dict[str, AnswerSet]]:
    # The later overwrites: that of the group is the last.
    return read_own(rows[0][0]), {one.occasion: one for _own, one in rows if one is not None}


def _of_parent(school_id: UUID, parent_id: UUID, cohort_id: UUID | None) -> Select[AnswerSet]:
    return select(AnswerSet).where(_is_of(school_id, parent_id, cohort_id))


def _is_of(school_id: Any, parent_id: Any, cohort_id: Any) -> ColumnElement[bool]:
    return and_(
        AnswerSet.school_id == school_id,
        AnswerSet.parent_id == parent_id,
        AnswerSet.instrument == INSTRUMENT.key,
        (AnswerSet.cohort_id == cohort_id) | AnswerSet.cohort_id.is_(None),
    )


_SETS = (
    select(OWN, AnswerSet)
    .select_from(OWN)
    .outerjoin(
        AnswerSet,
        _is_of(bindparam("school_id"), bindparam("parent_id"), bindparam("cohort_id", type_=Uuid())),
    )
    .order_by(AnswerSet.cohort_id.nulls_first())
)
_as_answers = looked(AnswerSet)
#: What a parent's home reads ahead. Where there are no answers, their columns are empty.
MY_SETS = own_part(
    _read_sets,
    _SETS,
    lambda rows: _as_sets([(row, _as_answers([row[3:]])[0] if row[3] is not None else None) for row in rows]),
    also=("cohort_id",),
)


def list_changes(journeys: list[Journey]) -> list[AreaChange]:
    """Every area with its change; empty until both occasions were sent."""
    sets = [journey.answers for journey in journeys if journey.state == "sent" and journey.answers]
    if len(sets) != len(OCCASIONS):
        return []
    instrument = journeys[0].instrument
    before, after = (score(instrument, answers.items) for answers in sets)
    changes = change(instrument, before, after)
    return [
        AreaChange(domain.name, before[domain.key], after[domain.key], changes[domain.key])
        for domain in instrument.domains
    ]


def _before(dates: dict[int, date], is_closed: bool) -> tuple[State, date | None]:
    last = dates.get(LAST_FOR_BEFORE)
    if is_closed or (last is not None and last < today()):
        return "over", None
    return "open", last


def _after(dates: dict[int, date], is_closed: bool) -> tuple[State, date | None]:
    last = dates.get(FIRST_FOR_AFTER)
    if last is None:
        return ("open", None) if is_closed else ("later", None)
    if last > today() and not is_closed:
        return "later", last
    until = last + OPEN_AFTER
    return ("open", until) if until >= today() else ("over", None)
