"""What other packages may join of schools and of the people who work for them: to read, never to change."""

from __future__ import annotations

from sqlalchemy import Subquery, select

from app.schools.models import Authority, AuthorityMember, School, StaffMember

#: A row for each school that the scope may see.
SCHOOLS: Subquery = select(School.school_id, School.authority_id, School.name).subquery("school_named")

#: The same, with where each stands.
SCHOOL_STAGES: Subquery = select(School.school_id, School.authority_id, School.stage).subquery("school_stage")

#: A row for each of a school's people at work.
STAFF: Subquery = select(StaffMember.school_id, StaffMember.id, StaffMember.name).subquery("staff_named")

#: Of a school's people, those who have come and not left; two roles of one are two rows.
STAFF_HERE: Subquery = (
    select(StaffMember.school_id, StaffMember.id, StaffMember.name, StaffMember.role)
    .where(StaffMember.accepted_at.is_not(None), StaffMember.ended_at.is_(None))
    .subquery("staff_here")
)

#: The council's team, those who have come and not left.
COUNCIL_HERE: Subquery = (
    select(AuthorityMember.authority_id, AuthorityMember.id, AuthorityMember.name, AuthorityMember.role)
    .where(
        AuthorityMember.role == "authority_admin",
        AuthorityMember.accepted_at.is_not(None),
        AuthorityMember.ended_at.is_(None),
    )
    .subquery("council_here")
)

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
