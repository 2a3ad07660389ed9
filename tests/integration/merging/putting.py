"""What tests of merging do, as staff."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.merging import services
from app.recruitment import queries
from app.recruitment.noting import Noted
from app.recruitment.services import ParentDetails
from app.shell.refusals import Refused

PHONE = "+447700900777"
AMINA = ParentDetails("Amina", "Begum", phone=PHONE, language="bn", needs="Step-free")
AGAIN = ParentDetails("Amina", "Begam", email="amina@example.org", year_group="Year 8", is_shared=True)
NOTED = Noted("telephone", "Ada Staff")


def merge(staff, world, one, other, **chosen):
    plan = services.look_at(staff, world.school.school_id, one, other, hold=True)
    return services.merge(staff, world.school.school_id, plan, chosen)


def undo(staff, world, merge_id):
    result = services.undo(staff, world.school.school_id, merge_id)
    staff.expire_all()
    return result


def contact_of(staff, world, parent_id):
    staff.expire_all()
    return queries.get_contact(staff, world.school.school_id, parent_id)


def parent_of(staff, world, parent_id):
    staff.expire_all()
    return queries.get_parent(staff, world.school.school_id, parent_id)


def why_not(staff, world, one, other):
    plan = services.look_at(staff, world.school.school_id, one, other)
    with pytest.raises(Refused):
        services.merge(staff, world.school.school_id, plan, {})
    return plan.problem


def places_of(staff, ids):
    rows = staff.execute(
        text("select parent_id, status from enrolment where parent_id = any (:ids)"), {"ids": list(ids)}
    )
    return {row.parent_id: row.status for row in rows}
