"""Somebody who was written down twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from app.recruitment.services import add_parent
from tests.integration.merging.putting import AGAIN, AMINA


@pytest.fixture
def staff(session_for, world):
    return session_for(world.school.senco)


@pytest.fixture
def two(staff, world):
    """The older and the newer record of somebody who was written down twice."""
    older = add_parent(staff, world.school.school_id, AMINA).id
    newer = add_parent(staff, world.school.school_id, AGAIN).id
    staff.execute(
        text("update parent set created_at = created_at - interval '1 day' where id = :id"), {"id": older}
    )
    staff.expire_all()
    return older, newer


@pytest.fixture
def on_paper(staff, world):
    """Two who joined; the newer has a place in the running group, and was marked there."""
    school = world.school
    ids = [
        add_parent(staff, school.school_id, replace(AMINA, first_name=name, is_shared=True)).id
        for name in ("Amina", "Mina")
    ]
    for at, one in enumerate(ids):
        staff.execute(
            text(
                "update parent set stage = :stage, joined_at = app.now(),"
                " created_at = app.now() + :at * interval '1 min' where id = :id"
            ),
            {"id": one, "stage": "in_group" if at else "waiting", "at": at},
        )
    staff.execute(
        text(
            "insert into enrolment (school_id, id, cohort_id, parent_id, status, joined_at) values (:school,"
            " gen_random_uuid(), :cohort, :parent, 'in_group', app.now())"
        ),
        {"school": school.school_id, "cohort": school.ids["cohort_id"], "parent": ids[1]},
    )
    staff.expire_all()
    return ids
