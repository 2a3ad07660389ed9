"""Somebody was away from two meetings in a row without a word: those who lead may send a warm message, or leave it.

Nothing goes by itself: a nag would be the school's, a word is a person's. Once in a group's life, and never to who said
that they cannot come; what is chosen is judged again at the moment of sending (`messages.allowed`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.cohorts.leader_queries import get_led_cohort
from app.meetings.models import MissedChoice
from app.meetings.queries import Member, list_members
from app.messages.services import enqueue
from app.shell.refusals import Refused
from app.states.messages import RecipientKind
from infra.clock import today
from tenants.together import together

CHOSEN = define("meetings:missed:chosen", keys=("is_sent",))
KIND = "we_missed_you"
#: Two missed meetings are mentioned only while the second is so recent; later it would sound like counting.
MISSED_LATELY = timedelta(days=14)
#: Who was away from two meetings in a row without a word, with the meeting that comes next; of groups that the asker
#: leads.
_MISSED = text("select cohort_id, parent_id, next_session_id from app.missed_two_led(:since, :today)")


@dataclass(frozen=True, slots=True)
class Missed:
    """Somebody who was away twice, and the meeting to which they are welcome."""

    member: Member
    next_session_id: UUID


def list_missed(session: Session, school_id: UUID, cohort_id: UUID) -> list[Missed]:
    """Of whom nobody who leads has decided yet, by name. In the scope of somebody who leads the group."""
    with together(session) as ask:
        members = ask(list_members, school_id, cohort_id)
        away = ask(_away, cohort_id)
        chosen = ask(_decided, school_id, cohort_id)
    return [
        Missed(one, away.value[one.parent_id])
        for one in members.value
        if one.parent_id in away.value and one.parent_id not in chosen.value
    ]


def choose(
    session: Session, school_id: UUID, facilitator_id: UUID, cohort_id: UUID, parent_id: UUID, *, send: bool
) -> bool:
    """Send the message, or leave it; False when one of those who lead has decided before. Raises NotLed; Refused where
    there is nothing to decide any more."""
    get_led_cohort(session, school_id, facilitator_id, cohort_id, lock=True)
    if parent_id in _decided(session, school_id, cohort_id):
        return False
    found = next(
        (one for one in list_missed(session, school_id, cohort_id) if one.member.parent_id == parent_id), None
    )
    if found is None:
        raise Refused(
            _(
                "Nothing was sent. Since you opened that page they said that they cannot come, were marked as there, or"
                " left the group."
            )
        )
    session.add(
        MissedChoice(
            school_id=school_id,
            cohort_id=cohort_id,
            parent_id=parent_id,
            is_sent=send,
            chosen_by_id=facilitator_id,
        )
    )
    session.flush()
    record(session, CHOSEN, subject_id=parent_id, is_sent=send)
    if send:
        enqueue(
            session,
            kind=KIND,
            school_id=school_id,
            recipient_kind=RecipientKind.PARENT,
            recipient_id=parent_id,
            subject_id=found.next_session_id,
            dedupe_key=f"{cohort_id}:{parent_id}",
        )
    return True


def _away(session: Session, cohort_id: UUID) -> dict[UUID, UUID]:
    asked = {"since": today() - MISSED_LATELY, "today": today()}
    rows = session.execute(_MISSED, asked)
    return {row.parent_id: row.next_session_id for row in rows if row.cohort_id == cohort_id}


def _decided(session: Session, school_id: UUID, cohort_id: UUID) -> set[UUID]:
    return set(
        session.scalars(
            select(MissedChoice.parent_id).where(
                MissedChoice.school_id == school_id, MissedChoice.cohort_id == cohort_id
            )
        )
    )
