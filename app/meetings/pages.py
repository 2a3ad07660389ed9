"""What the page of an evening reads ahead, for whoever leads it."""

from __future__ import annotations

from app.cohorts import joining, leader_queries
from app.cohorts import queries as cohorts
from app.facilitators import pages as facilitators
from app.meetings import attendance, first_visits, notes, register
from app.meetings.concern_readers import concern_readers
from app.schools import queries as schools
from app.schools import year_queries
from tenants.pages import Page

#: An evening as those who lead prepare it.
TONIGHT = Page(
    "tonight_page_2",
    lambda: (
        leader_queries.LED_SESSION,
        *register.PARTS,
        attendance.OF_GROUP,
        first_visits.WISHED_OF_GROUP,
        notes.NOTES,
        cohorts.SESSIONS,
        joining.HOW,
        facilitators.SELF,
        schools.SCHOOL,
        year_queries.SHUT,
        year_queries.TERMS,
        *concern_readers().PARTS,
    ),
)
