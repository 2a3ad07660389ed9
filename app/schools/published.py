"""What other packages may join of schools and of the people who work for them: to read, never to change."""

from __future__ import annotations

from sqlalchemy import Subquery, select

from app.schools.models import Authority, School, StaffMember

#: A row for each school that the scope may see.
SCHOOLS: Subquery = select(School.school_id, School.authority_id, School.name).subquery("school_named")

#: A row for each of a school's people at work.
STAFF: Subquery = select(StaffMember.school_id, StaffMember.id, StaffMember.name).subquery("staff_named")

#: Whom a school's pages say to call, of the school and of its authority.
NUMBERS: Subquery = (
    select(
        School.school_id,
        School.authority_id,
        School.dsl_phone,
        Authority.officer_phone,
        Authority.out_of_hours_phone,
    )
    .join(Authority, Authority.authority_id == School.authority_id)
    .subquery("school_numbers")
)
