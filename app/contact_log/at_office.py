"""What a school's office notes in the log of parents, and takes back. It reads its own notes, and nobody else's.

The database writes them (`app.note_at_office`): in the name of who presses, and no more than it was asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from app.audit.trail import record
from app.contact_log.models import ContactWithParent
from app.contact_log.services import NOTED, TAKEN_BACK, OverAlready
from app.shell.errors import NotFound
from app.shell.refusals import Refused
from app.states.contacts import How, Outcome
from infra.clock import LONDON, now
from infra.ids import new_id
from tenants.session import rows_written

_NOTE = text("select app.note_at_office(:id, :parent, :how, :outcome, :action)")


@dataclass(frozen=True, slots=True)
class Note:
    """One of their own of today."""

    id: UUID
    parent_id: UUID
    how: str
    outcome: str
    at: datetime


def note_call(session: Session, parent_id: UUID, outcome: str) -> None:
    """Write down that this parent rang; where they ask for a call, it is a step of whoever makes calls, due today.

    Raises NotFound, and OverAlready where it was pressed twice.
    """
    action = _("Call them back: they rang the school office.") if outcome == Outcome.CALL_BACK else ""
    match _note(session, parent_id, How.PHONE, outcome, action):
        case "gone":
            raise NotFound
        case "twice":
            raise OverAlready(_("This has already been noted. Nothing was noted twice."))


def note_letters(session: Session, parent_ids: Sequence[UUID], outcome: str) -> int:
    """Write down that the letters to these left the house; of how many that is new."""
    return sum(
        _note(session, one, How.LETTER, outcome, "") == "noted"
        for one in sorted(set(parent_ids))  # in one order, so that two who press wait for each other
    )


def _note(session: Session, parent_id: UUID, how: How, outcome: str, action: str) -> str:
    values = {"id": new_id(), "parent": parent_id, "how": how.value, "outcome": outcome, "action": action}
    found = str(session.execute(_NOTE, values).scalar_one())
    if found == "noted":
        record(session, NOTED, subject_id=parent_id, how=how.value, outcome=outcome, is_planned=bool(action))
    return found


def list_own(session: Session, school_id: UUID, person_id: UUID) -> list[Note]:
    """What this person noted today, newest first."""
    day = now().astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    table = ContactWithParent
    rows = session.execute(
        select(table.id, table.subject_id, table.how, table.outcome, table.at)
        .where(table.school_id == school_id, table.by_id == person_id, table.noted_at >= day)
        .order_by(table.at.desc(), table.id.desc())
    )
    return [Note(*row) for row in rows]


def take_back(session: Session, school_id: UUID, person_id: UUID, note_id: UUID) -> None:
    """Take out what this person noted by mistake today. Raises NotFound, and Refused once somebody acted on it."""
    mine = {one.id: one for one in list_own(session, school_id, person_id)}
    if note_id not in mine:
        raise NotFound
    table = ContactWithParent
    done = session.execute(delete(table).where(table.school_id == school_id, table.id == note_id))
    if not rows_written(done):
        raise Refused(_("A colleague has acted on it since. So it stays."))
    record(session, TAKEN_BACK, subject_id=mine[note_id].parent_id)
