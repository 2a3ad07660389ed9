"""A school with a group that has places, and somebody who waits for one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from app.cohorts.offering_on import look_after_offers
from infra.clock import LONDON, today
from infra.ids import new_id
from tenants.scope import Audience, Scope
from tests.support.own import own_app

TUESDAY = 1


@pytest.fixture
def own(stack):
    with own_app(stack, "offers") as found:
        yield found


@pytest.fixture
def school(own, world):
    """A school with a group of two places that meets from next week on, and somebody who gave up their place before."""
    school = world.school
    first = today() + timedelta(days=14)
    first += timedelta(days=(TUESDAY - first.weekday()) % 7)
    own.rows(
        "update cohort set places = 2, name = 'Tuesday group', starts_at = '18:00', first_on = %s where id = %s",
        first,
        school.ids["forming_cohort_id"],
    )
    for number in range(8):
        own.rows(
            "insert into cohort_session (school_id, id, cohort_id, number, on_date, starts_at, ends_at, room)"
            " values (%s, %s, %s, %s, %s, '18:00', '19:30', 'The quiet room')",
            school.school_id,
            new_id(),
            school.ids["forming_cohort_id"],
            number + 1,
            first + timedelta(weeks=number),
        )
    senco = own.client(school.senco)
    running = f"/school/groups/{school.ids['cohort_id']}"
    senco.post(f"{running}/parents/{school.parent.person_id}/remove", data={"to_stage": "waiting"})
    return school


@pytest.fixture
def group(school) -> str:
    return f"/school/groups/{school.ids['forming_cohort_id']}"


@pytest.fixture
def offer(own, school, group):
    """`offer()`: staff offer somebody a place; the answer."""

    def made(parent_id=None, answer_by: date | None = None):
        on = answer_by or today() + timedelta(days=3)
        data = {
            "parents": [str(parent_id or school.parent.person_id)],
            "how": "offer",
            "answer_by": [str(on.day), str(on.month), str(on.year)],
        }
        return own.client(school.senco).post(f"{group}/places", data=data, follow_redirects=True)

    return made


@pytest.fixture
def at_night(own, school):
    """`at_night(days)`: what the schedule does so many days from now; how many offers it ended or made."""

    def run(days: int = 0) -> int:
        moment = datetime.combine(today() + timedelta(days=days), time(9), LONDON)
        scope = Scope(Audience.DOCUMENTS, school.authority_id, school.school_id)
        with own.session("wb_documents", scope) as session:
            return look_after_offers(session, school_id=school.school_id, moment=moment)

    return run
