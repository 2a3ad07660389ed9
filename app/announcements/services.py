"""Announce something to schools, and take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.announcements import queries
from app.announcements.messages import KIND
from app.announcements.models import Announcement
from app.announcements.queries import Reader
from app.announcements.wording import refuse_unsafe
from app.audit.trail import define, record
from app.identity.roles import SCHOOL_PEOPLE, Role
from app.messages.services import enqueue
from app.shell.as_shown import is_as_shown
from app.shell.refusals import Refused
from app.states.messages import RecipientKind
from app.states.schools import ON_THE_LIST
from infra.clock import now, today

SENT = define("announcements:announcement:sent", keys=("count",))
STOPPED = define("announcements:announcement:stopped")

#: So many a day: more are not read.
MOST_A_DAY = 2
#: For so long one is shown at most: until then it is old.
LONGEST = timedelta(days=92)
#: Who gets the email, by what the form offers.
READERS: dict[str, frozenset[Role]] = {
    "leads": frozenset({Role.SCHOOL_LEAD}),
    "leads_and_senco": frozenset({Role.SCHOOL_LEAD, Role.SENCO}),
    "dsl": frozenset({Role.SCHOOL_DSL}),
    "everybody": frozenset(SCHOOL_PEOPLE),
}


_HOLD = text("select pg_advisory_xact_lock(hashtextextended('announcement ' || :key, 0))")


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wrote. `stage`: empty for all schools that take part or are on their way to."""

    heading: str
    words: str
    stage: str
    to: str
    show_until: date

    @property
    def stages(self) -> list[str]:
        return sorted({self.stage} if self.stage else ON_THE_LIST)

    @property
    def roles(self) -> list[str]:
        return sorted(READERS[self.to])


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft as it would go, whom it reaches, and what was announced before."""

    draft: Draft
    readers: Sequence[Reader]
    before: Sequence[Announcement]


def check(session: Session, authority_id: UUID, draft: Draft) -> Checked:
    """Look at a draft before it goes. Raises Refused, with why and where."""
    before = queries.list_of_council(session, authority_id)
    if why := why_not(before):
        raise Refused(why)
    heading, words = " ".join(draft.heading.split()), " ".join(draft.words.split())
    refuse_unsafe(heading, "heading")
    refuse_unsafe(words, "words")
    if not today() <= draft.show_until <= today() + LONGEST:
        raise Refused(_("Choose a day from today on, within three months."), "show_until")
    tidied = Draft(heading, words, draft.stage, draft.to, draft.show_until)
    readers = queries.list_readers(session, authority_id, tidied.stages, tidied.roles)
    if not readers:
        raise Refused(_("Nobody at these schools works in that role. Choose others."), "to")
    return Checked(tidied, readers, before)


def why_not(before: Sequence[Announcement]) -> str:
    """Why nothing can be announced just now; empty where it can."""
    if len(queries.of_today(before)) >= MOST_A_DAY:
        return _(
            "Two announcements went to schools today. More would not be read. You can write again tomorrow."
        )
    return ""


def send(session: Session, authority_id: UUID, by: str, draft: Draft) -> Checked | None:
    """Announce it: on the homes of these schools at once, and by email. None when the same words went today."""
    # One after the other, so that of two presses, or of two officers, the second finds what the first did.
    session.execute(_HOLD, {"key": str(authority_id)})
    before = queries.list_of_council(session, authority_id)
    if any(_same(draft, one) for one in queries.of_today(before)):
        return None
    checked = check(session, authority_id, draft)
    if not is_as_shown(*(one.id for one in checked.before[:1])):
        raise Refused(
            _(
                "A colleague has announced something meanwhile. Read it below. Is yours still needed? Then go on."
            )
        )
    row = Announcement(
        authority_id=authority_id,
        heading=checked.draft.heading,
        words=checked.draft.words,
        stages=checked.draft.stages,
        roles=checked.draft.roles,
        by_name=by,
        written_at=now(),
        show_until=checked.draft.show_until,
    )
    session.add(row)
    session.flush()
    for reader in checked.readers:
        enqueue(
            session,
            kind=KIND.name,
            school_id=reader.school_id,
            recipient_kind=RecipientKind.STAFF,
            recipient_id=reader.id,
            subject_id=row.id,
            dedupe_key=f"{row.id}:{reader.id}",
        )
    record(session, SENT, subject_id=authority_id, count=len(checked.readers))
    return checked


def stop(session: Session, authority_id: UUID, by: str, announcement_id: UUID) -> bool:
    """Take one back: it leaves the homes at once, and emails that wait do not go. False when that was done before.

    Raises NotFound."""
    row = queries.hold_standing(session, authority_id, announcement_id)
    if row is None:
        queries.get_one(session, authority_id, announcement_id)
        return False
    row.stopped_at, row.stopped_by_name = now(), by
    session.flush()
    record(session, STOPPED, subject_id=authority_id)
    return True


def _same(draft: Draft, one: Announcement) -> bool:
    return (
        " ".join(draft.words.split()).casefold() == one.words.casefold()
        and " ".join(draft.heading.split()).casefold() == one.heading.casefold()
        and draft.stages == sorted(one.stages)
        and draft.roles == sorted(one.roles)
        and one.stopped_at is None
    )
