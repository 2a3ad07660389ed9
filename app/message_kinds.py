"""Gathers each package's messages, as `homes` gathers what each has to say today.

Whoever writes or sends messages calls `load` at start: the application, the workers, the commands. A package that is
missing here fails the build (`tests/architecture/test_message_kinds.py`).
"""

from __future__ import annotations

from app.accounts import messages as accounts
from app.announcements import messages as announcements
from app.cohorts import messages as cohorts
from app.facilitators import messages as facilitators
from app.group_messages import messages as group_messages
from app.meetings import messages as meetings
from app.messages import catalogue
from app.one_to_one import messages as one_to_one
from app.presenters import messages as presenters
from app.recruitment import messages as recruitment
from app.safeguarding import messages as safeguarding
from app.schools import messages as schools
from app.themes import messages as themes

PARTS = (
    accounts.MESSAGES,
    schools.MESSAGES,
    recruitment.MESSAGES,
    facilitators.MESSAGES,
    cohorts.MESSAGES,
    presenters.MESSAGES,
    meetings.MESSAGES,
    themes.MESSAGES,
    group_messages.MESSAGES,
    one_to_one.MESSAGES,
    announcements.MESSAGES,
    safeguarding.MESSAGES,
)


def load() -> None:
    """Fill the catalogue. Twice is the same as once."""
    catalogue.fill(PARTS)
