"""What the homes read ahead."""

from __future__ import annotations

from app.cohorts import led, rooms, telling, under_way
from app.contact_log import queries as contacts
from app.contact_log.subjects import PARENTS, SCHOOLS_OF_COUNCIL
from app.facilitators import doubts as doubted_leaders
from app.facilitators import news, readiness
from app.meetings import attendance
from app.messages import door_budget, kept
from app.outcomes import activity
from app.outcomes import queries as results
from app.recruitment import doubts, fresh_start, waiting
from app.recruitment import queries as recruitment
from app.safeguarding import readers as concerns
from app.schools import agreements, appointments, for_results, register, stage_rights, year_queries
from app.schools import doubts as doubted_staff
from app.schools import queries as schools
from tenants.pages import Page

#: A council's home.
COUNCIL = Page(
    "council_home",
    lambda: (
        *schools.PARTS_OF_COUNCIL,
        *concerns.PARTS_OF_COUNCIL,
        doubted_staff.AT_COUNCIL,
        appointments.ASKED_OF_ALL,
        year_queries.TERM_ROWS,
        *contacts.parts_of(SCHOOLS_OF_COUNCIL, "authority_id"),
        *agreements.PARTS_OF_ALL,
        register.CLOSED,
        led.LAST_DAYS,
        *for_results.PARTS,
        *results.PARTS,
        activity.COUNTED,
    ),
)
#: A school's home, for its staff.
SCHOOL = Page(
    "school_home",
    lambda: (
        schools.SCHOOL,
        stage_rights.STAGE,
        schools.STAFF_OF_SCHOOL,
        schools.LEADING,
        doubted_staff.AT_SCHOOL,
        year_queries.DAYS_CLOSED_FOR_ALL,
        year_queries.CLOSED_DAYS,
        year_queries.TERMS,
        year_queries.SHUT,
        *concerns.PARTS,
        recruitment.COUNTS,
        recruitment.TO_HEAR,
        fresh_start.FOR_ME,
        fresh_start.STOPPED_ONES,
        doubts.OPEN,
        waiting.IN_ORDER,
        *under_way.PARTS_OF_SCHOOL,
        *telling.PARTS_OF_SCHOOL,
        rooms.ROOMS_TAKEN,
        attendance.OF_GROUPS,
        doubted_leaders.OPEN,
        *news.PARTS_OF_SCHOOL,
        kept.WAITING,
        door_budget.TODAY,
        appointments.ASKED,
        *agreements.PARTS,
        *contacts.parts_of(PARENTS, "school_id"),
        *readiness.PARTS_OF_SCHOOL,
    ),
)
