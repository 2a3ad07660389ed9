"""What the first page of an office holds: rooms, letters to hand out, what they noted today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from app.announcements import queries as announcements
from app.announcements.models import Announcement
from app.cohorts import ahead
from app.contact_log import at_office as log
from app.identity.websession import Identity
from app.letters import at_office as letters
from app.recruitment import for_office
from app.recruitment.for_office import OfficeLine
from app.signing_up import queries as signing_up
from infra.clock import today
from tenants.together import together

#: Rooms are made ready this far ahead.
SPAN = timedelta(days=27)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of the pile, and to whom."""

    to: OfficeLine
    given: letters.ToGive


@dataclass(frozen=True, slots=True)
class Morning:
    """`noted`: their own notes of today, each with the name of whom it is about."""

    sessions: Sequence[ahead.Ahead]
    letters: Sequence[Letter]
    noted: Sequence[tuple[log.Note, str]]
    announcements: Sequence[Announcement]
    #: Whether there is a sign-up page to print the address of.
    has_poster: bool


def look(session: Session, who: Identity) -> Morning:
    """All of it."""
    school_id, day = who.own_school_id, today()
    with together(session) as ask:
        coming = ask(ahead.list_ahead, school_id, day, day + SPAN)
        pile = ask(letters.list_to_give)
        own = ask(log.list_own, school_id, who.person_id)
        people = ask(for_office.list_lines, school_id)
        news = ask(announcements.list_for_school, who.authority_id, school_id)
        page = ask(signing_up.find_page, school_id)
    by_id = {one.id: one for one in people.value}
    return Morning(
        coming.value,
        [Letter(by_id[one.parent_id], one) for one in pile.value if one.parent_id in by_id],
        [(one, by_id[one.parent_id].name) for one in own.value if one.parent_id in by_id],
        news.value,
        signing_up.is_open(page.value),
    )
