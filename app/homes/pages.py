"""What the homes read ahead."""

from __future__ import annotations

from app.announcements import queries as announcements
from app.cohorts import led, my_offers, my_queries, offered, rooms, telling, under_way
from app.cohorts import queries as cohorts
from app.contact_log import queries as contacts
from app.contact_log.subjects import PARENTS, SCHOOLS_OF_COUNCIL
from app.documents import queries as documents
from app.facilitators import doubts as doubted_leaders
from app.facilitators import news, readiness, unsent
from app.facilitators import queries as facilitators
from app.group_messages import queries as group_messages
from app.letters import queries as letters
from app.measures import queries as measures
from app.meetings import attendance
from app.meetings import queries as meetings
from app.messages import door_budget, kept
from app.one_to_one import queries as one_to_one
from app.outcomes import activity
from app.outcomes import queries as results
from app.recruitment import doubts, fresh_start, rates, waiting, wishes
from app.recruitment import pages as parents
from app.recruitment import queries as recruitment
from app.safeguarding import readers as concerns
from app.schools import (
    agreements,
    appointments,
    for_results,
    pipeline,
    register,
    stage_rights,
    support,
    year_queries,
)
from app.schools import doubts as doubted_staff
from app.schools import queries as schools
from app.signing_up import queries as signing_up
from app.themes import queries as themes
from tenants.pages import Page

#: A council's home.
COUNCIL = Page(
    "council_home_2",
    lambda: (
        schools.COUNCIL,
        schools.OFFICERS,
        *pipeline.PARTS,
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
        *activity.PARTS,
    ),
)
#: A parent's home.
PARENT = Page(
    "parent_home_2",
    lambda: (
        my_queries.MY_GROUP,
        *parents.PARTS_OF_PARENT,
        wishes.MINE,
        fresh_start.OWN_ONE,
        schools.SCHOOL,
        support.LINES,
        year_queries.TERMS,
        year_queries.SHUT,
        cohorts.SESSIONS,
        my_queries.MY_LEADERS,
        my_offers.NEWEST,
        *meetings.PARTS_OF_PARENT,
        documents.MY_CERTIFICATE,
        measures.MY_SETS,
        *themes.PARTS_OF_PARENT,
        group_messages.MINE,
        one_to_one.MINE,
        facilitators.OF_PARENT,
        unsent.MINE,
    ),
)
#: A school's home, for its staff.
SCHOOL = Page(
    "school_home_6",
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
        rates.RATES,
        *signing_up.PARTS,
        letters.TO_GIVE,
        offered.OPEN_AND_NEWS,
        themes.OF_SCHOOL,
        *one_to_one.PARTS_OF_SCHOOL,
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
        announcements.SHOWN,
    ),
)
