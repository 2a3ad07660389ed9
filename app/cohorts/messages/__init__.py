"""What the people of a group are told, and when.

reminders.py   when a reminder is due
places.py, sessions.py, leading.py   the words
facts.py       what they need to know of a session or group when they are sent
offers.py      the same of a place that is kept for somebody
holding.py     whether one still holds when its turn comes
joining.py     where one session meets, and which link is told of
days.py        which day they tell of, and which one their reader knew
"""

from __future__ import annotations

from app.cohorts.messages import days, facts, joining, leading, offers, places, sessions
from app.identity.roles import Role
from app.messages.kind import About, Link, Topic
from app.messages.parts import Messages, Subjects

_PLANS = Subjects(facts.read, facts.stand, facts.is_over)

MESSAGES = Messages(
    (*places.KINDS, *sessions.KINDS, *leading.KINDS),
    subjects={
        About.SESSION: _PLANS,
        About.COHORT: _PLANS,
        About.LEFT_COHORT: _PLANS,
        About.OFFER: Subjects(offers.read, offers.stand, offers.is_over),
    },
    pages={Link.OFFER: {Role.PARENT: "cohorts.my_offer"}},
    steps={
        Topic.SESSION: days.step_of_session,
        Topic.DATES: days.step_of_dates,
        Topic.ROOM: days.step_of_room,
        Topic.WHERE: joining.step_of_where,
        Topic.JOIN: joining.step_of_link,
    },
)
