"""Decides which invitations are mentioned once more. Runs as the schedule, in one school's scope."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.messages.outbox import keys_of, list_open
from app.messages.services import enqueue
from app.recruitment import letters
from app.states.messages import RecipientKind
from infra.clock import LONDON

#: An invitation without an answer is mentioned again after so many days, once in a school year.
REMIND_AFTER = timedelta(days=4)

_UNANSWERED = text("select id from parent where school_id = :school and stage = 'invited'")


def remind_of_invitations(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """Write the one reminder for each invitation that has waited long enough; how many are new."""
    written = keys_of(session, school_id, ("invitation_reminder",), since=moment - timedelta(days=366))
    count = 0
    # A letter that was printed since asks once already: the reminder waits as long after it.
    lately = {one.parent_id for one in letters.list_newest(session, school_id, since=moment - REMIND_AFTER)}
    invited = [one for one in session.scalars(_UNANSWERED, {"school": school_id}).all() if one not in lately]
    waiting = list_open(
        session,
        school_id,
        "parent_invitation",
        invited,
        written_before=moment - REMIND_AFTER,
        useful_after=moment,
    )
    for invitation in waiting:
        key = f"{invitation.recipient_id}:{_school_year(moment)}"
        if ("invitation_reminder", key) in written:
            continue
        count += len(
            enqueue(
                session,
                kind="invitation_reminder",
                school_id=school_id,
                recipient_kind=RecipientKind.PARENT,
                recipient_id=invitation.recipient_id,
                # It carries the link of the invitation that it repeats.
                subject_id=invitation.id,
                dedupe_key=key,
                channels=[invitation.channel],
            )
        )
    return count


def _school_year(moment: datetime) -> int:
    """The year in which the school year of `moment` began (1 September)."""
    local = moment.astimezone(LONDON)
    return local.year if local.month >= 9 else local.year - 1
