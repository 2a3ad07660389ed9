"""What one person was sent, as staff read it on their page: a message that cannot go is never said to wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, scoped_session

from app.messages import queries
from app.messages.allowed import why_not_reached
from app.messages.catalogue import KINDS
from app.messages.facts import gather_readers
from app.messages.problems import Problem
from app.messages.queries import MessageRow
from app.messages.standing import as_message
from app.states.groups import SessionState
from app.states.messages import Channel, RecipientKind, State
from infra.clock import now

#: Nothing was to go by this channel: there is no address, or the other one is enough.
NO_WAY: frozenset[str] = frozenset({Problem.NO_ADDRESS, Problem.EMAIL_INSTEAD})
STATES: dict[State, tuple[str, str]] = {
    State.QUEUED: (_l("waiting to be sent"), "waiting"),
    State.SENDING: (_l("on its way"), "waiting"),
    State.SENT: (_l("sent"), "info"),
    State.DELIVERED: (_l("arrived"), "good"),
    State.FAILED: (_l("did not arrive"), "attention"),
    State.HELD_BACK: (_l("held back"), "quiet"),
}
#: What waits because Notify takes no more of its kind today.
USED_UP = {
    Channel.SMS: _l("waits until tomorrow: no more texts can go today"),
    Channel.EMAIL: _l("waits until tomorrow: no more emails can go today"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One message by one channel; `channel` is None for one that no channel carries."""

    label: str
    channel: Channel | None
    words: str
    tone: str
    created_at: datetime


def list_for_recipient(
    session: Session | scoped_session[Any],
    school_id: UUID,
    recipient_kind: RecipientKind | str,
    recipient_id: UUID,
) -> list[Line]:
    """What one person was sent or should have been, newest first. In the scope of the school's staff.

    What was taken back with its session, and channels on which they have no address, are left out; a message that none
    carries is one line, for who tells them.
    """
    own = session() if isinstance(session, scoped_session) else session
    found = queries.list_for_recipient(own, school_id, recipient_kind, recipient_id)
    rows = [row for row in found if not _was_taken_back(row)]
    problems = _problems(own, school_id, rows)
    lines: list[Line] = []
    for _same, group in groupby(rows, key=lambda row: (row.kind, row.created_at)):
        lines += _lines(list(group), problems)
    return lines


def _was_taken_back(row: MessageRow) -> bool:
    """Whether it was to tell of a closed session that was opened again: it stands no more, and is told anew."""
    kind = KINDS.get(row.kind)
    return (
        row.problem == Problem.PLAN_CHANGED and kind is not None and kind.session_state == SessionState.CLOSED
    )


def _lines(rows: Sequence[MessageRow], problems: dict[UUID, str]) -> list[Line]:
    """The lines of one message, which has a row for each channel."""
    with_a_way = [row for row in rows if problems.get(row.id) not in NO_WAY]
    if not with_a_way:
        words = _("tell them yourself")
        return [Line(rows[0].label, None, words, "attention", rows[0].created_at)]
    shown = []
    for row in with_a_way:
        words, tone = STATES[State.HELD_BACK if row.id in problems else row.state]
        if row.state is State.QUEUED and row.id not in problems and row.held_until is not None:
            words, tone = USED_UP[row.channel], "waiting"
        shown.append(Line(row.label, row.channel, str(words), tone, row.created_at))
    return shown


def _problems(session: Session, school_id: UUID, rows: Sequence[MessageRow]) -> dict[UUID, str]:
    """Why a message was held back, and why one that stands as waiting will be, as things are now."""
    found = {row.id: row.problem for row in rows if row.state is State.HELD_BACK and row.problem}
    waiting = [row for row in rows if row.state is State.QUEUED and row.kind in KINDS]
    if not waiting:
        return found
    readers, moment = gather_readers(session, [as_message(school_id, row) for row in waiting]), now()
    for row in waiting:
        facts = readers.get(row.id)
        problem = why_not_reached(KINDS[row.kind], row.channel, facts, moment) if facts else None
        if problem is not None:
            found[row.id] = problem
    return found
