"""What is read ahead for the pages of a group that are opened most."""

from __future__ import annotations

from app.cohorts import history, joining, offered, printing, queries, reasons, rooms, telling
from app.cohorts.who_came import who_came
from app.recruitment import queries as recruitment
from app.recruitment import waiting
from app.schools import stage_rights, year_queries
from tenants.pages import Page

#: The page of a group, for its school's staff.
GROUP = Page(
    "group_page_2",
    lambda: (
        queries.COHORT,
        queries.SESSIONS,
        queries.MEMBERS,
        queries.LEADERS,
        who_came().OF_GROUP,
        printing.CERTIFICATES,
        *telling.PARTS,
        stage_rights.STAGE,
        year_queries.DAYS_CLOSED_FOR_ALL,
        year_queries.CLOSED_DAYS,
        year_queries.TERMS,
        rooms.ROOMS_TAKEN,
        recruitment.WAITING,
        waiting.IN_ORDER,
        reasons.REASONS,
        *history.PARTS,
        offered.OFFERS,
        joining.HOW,
    ),
)
