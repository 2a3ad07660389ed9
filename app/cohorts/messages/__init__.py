"""What the people of a group are told, and when.

reminders.py   when a reminder is due
places.py, sessions.py, leading.py   the words
facts.py       what they need to know of a session or group when they are sent
holding.py     whether one still holds when its turn comes
days.py        which day they tell of, and which one their reader knew
"""

from __future__ import annotations

from app.cohorts.messages import days, facts, leading, places, sessions
from app.messages.kind import About, Topic
from app.messages.parts import Messages, Subjects

_PLANS = Subjects(facts.read, facts.stand, facts.is_over)

MESSAGES = Messages(
    (*places.KINDS, *sessions.KINDS, *leading.KINDS),
    subjects={About.SESSION: _PLANS, About.COHORT: _PLANS, About.LEFT_COHORT: _PLANS},
    steps={
        Topic.SESSION: days.step_of_session,
        Topic.DATES: days.step_of_dates,
        Topic.ROOM: days.step_of_room,
    },
)
