"""What is going on at an authority's schools, in counts that were added up; no names, no answers.

Parents are counted in tens, over all schools: the day on which one of them takes or gives back a place says nothing.
The database adds them up, and tells the council nothing finer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Integer, String, bindparam, column, select, text
from sqlalchemy.orm import Session

from app.outcomes.models import SchoolActivity
from app.schools import for_results
from app.schools.published import SCHOOLS
from app.states.facilitators import FacilitatorStage
from app.states.groups import GroupState
from app.states.parents import ParentStage
from app.states.schools import SchoolStage
from tenants.pages import Part
from tenants.reading import read_once
from tenants.ready import Ready
from tenants.together import together

#: What still counts of a school that has left.
_FINISHED = {("cohorts", GroupState.CLOSED)}


@dataclass(frozen=True, slots=True)
class Activity:
    """Counts over an authority's schools, from the summaries; `counted_at` is None before the first count.

    `tens_of_parents`: at a stage, rounded down to a full ten.
    """

    schools_counted: int
    tens_of_parents: dict[str, int]
    facilitators: dict[str, int]
    cohorts: dict[str, int]
    counted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Will there be two facilitators for each next group? `shortfall` is how many are missing."""

    ready: int
    on_the_way: int
    expected_from_graduates: int
    needed: int

    @property
    def shortfall(self) -> int:
        return max(0, self.needed - self.ready)

    @property
    def bars(self) -> list[tuple[str, int, float]]:
        """Label, number, and its share of the largest, 0 to 1."""
        values = [(_("needed"), self.needed), (_("ready"), self.ready), (_("on the way"), self.on_the_way)]
        largest = max(1, *(value for _label, value in values))
        return [(label, value, value / largest) for label, value in values]


@read_once
def activity_totals(session: Session, authority_id: UUID) -> Activity:
    """Counts over all schools of the authority, as last added up.

    Of a school that has left only those count who finished there: nobody else is on the way to a group.
    """
    with together(session) as ask:
        by_school = ask(for_results.stages_of, authority_id)
        counted = ask(_list_counted, authority_id)
        parents = ask(_list_tens_of_parents)
    stages = by_school.value
    rows = counted.value
    totals: dict[str, dict[str, int]] = {"facilitators": {}, "cohorts": {}}
    for row in rows:
        for name, total in totals.items():
            for key, count in getattr(row, name).items():
                if stages[row.school_id] == SchoolStage.LEFT and (name, key) not in _FINISHED:
                    continue
                total[key] = total.get(key, 0) + int(count)
    return Activity(
        schools_counted=len(rows),
        tens_of_parents=parents.value,
        facilitators=totals["facilitators"],
        cohorts=totals["cohorts"],
        counted_at=min((row.computed_at for row in rows), default=None),
    )


_COUNTED = Ready(
    select(
        SchoolActivity.school_id,
        SchoolActivity.facilitators,
        SchoolActivity.cohorts,
        SchoolActivity.computed_at,
    )
    .where(
        SchoolActivity.school_id.in_(
            select(SCHOOLS.c.school_id).where(SCHOOLS.c.authority_id == bindparam("authority_id"))
        )
    )
    .order_by(SchoolActivity.school_id)
)


@read_once
def _list_counted(session: Session, authority_id: UUID) -> Sequence[Any]:
    return _COUNTED.all(session, {"authority_id": authority_id})


_TENS = Ready(
    text("select stage, tens from app.parents_in_tens()").columns(
        column("stage", String), column("tens", Integer)
    )
)


@read_once
def _list_tens_of_parents(session: Session) -> dict[str, int]:
    return _by_stage(_TENS.all(session, {}))


def _by_stage(rows: Sequence[Any]) -> dict[str, int]:
    return {row.stage: row.tens for row in rows}


#: What the home of a council reads ahead.
PARTS = (
    Part(_list_counted, _COUNTED, takes=("authority_id",)),
    Part(_list_tens_of_parents, _TENS, answer=_by_stage),
)


def facilitator_forecast(session: Session, authority_id: UUID) -> Forecast:
    """Two facilitators for each active school's next group, against who is ready and on the way.

    About one graduate in five goes on to lead (EPEC, RCH Melbourne), so a group of ten yields two: no slack.
    """
    activity = activity_totals(session, authority_id)
    stages = activity.facilitators
    active = list(for_results.stages_of(session, authority_id).values()).count(SchoolStage.ACTIVE)
    return Forecast(
        ready=stages.get(FacilitatorStage.READY, 0) + stages.get(FacilitatorStage.LEADING, 0),
        on_the_way=sum(
            stages.get(s, 0) for s in ("applied", "shortlisted", "references", "checks", "training")
        ),
        expected_from_graduates=round(activity.tens_of_parents.get(ParentStage.IN_GROUP, 0) / 5),
        needed=2 * active,
    )
