"""What a message is about, and the step that it speaks of: written beside it, so that a newer one takes its place.

A kind declares both (`Kind.topic`, `Kind.steps`); callers of `enqueue` need not know. The database drops what waits
about the same thing (revision 0021); `allowed.py` drops at the moment of sending what speaks of a step that has passed.
Of the day of a session, what went to this very person says which one they know (`known_before`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.messages.kind import Kind, Topic

#: The step of a session that will not be.
CANCELLED = "cancelled"
#: Between two days in the step of a message about several sessions.
TO = ">"

_SESSION = text(
    "select on_date, starts_at, state, moved_from, moved_from_starts_at from cohort_session"
    " where school_id = :owner and id = :id"
)
#: Those that moved in this very change.
_MOVING = text(
    "select on_date, starts_at, moved_from, moved_from_starts_at from cohort_session where school_id = :owner"
    " and cohort_id = :id and state = 'planned' and moved_from is not null and changed_at = app.now() order by number"
)
#: Of these sessions, those of whose day somebody was told: by a message about it, or about all days of the group.
_TOLD = text(
    "select s.id from cohort_session s where s.school_id = :owner and s.id = any(:ids) and exists (select from outbox o"
    " where o.school_id = s.school_id and o.state in ('sending', 'sent', 'delivered')"
    " and (o.topic = 'session:' || s.id and o.step = to_char(s.on_date + s.starts_at, 'YYYY-MM-DD\"T\"HH24:MI:SS')"
    " or o.topic = 'dates:' || s.cohort_id and o.created_at >= s.changed_at))"
)


@dataclass(frozen=True, slots=True)
class Step:
    """`topic`: one thing for one reader. `step`: where it stands with this message; `before`: where it stood so far."""

    topic: str = ""
    step: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier message to the same person about the same session, or all of its group; whether it went at all."""

    step: str
    before: str
    went: bool


def step_of(
    session: Session, kind: Kind, *, owner_id: UUID, recipient_id: UUID, subject_id: UUID | None
) -> Step:
    """What a message of `kind` that is written now is about. Read in the scope of whoever writes it."""
    first = kind.steps[0] if kind.steps else ""
    if kind.topic is Topic.NONE:
        return Step(step=first)
    if kind.topic is Topic.DATES:
        moving = session.execute(_MOVING, {"owner": owner_id, "id": subject_id})
        days = (f"{_from(row)}{TO}{moment_word(row.on_date, row.starts_at)}" for row in moving)
        return Step(f"{kind.topic}:{subject_id}", " ".join(days))
    if kind.topic is not Topic.SESSION:
        return Step(f"{kind.topic}:{subject_id if kind.topic is Topic.LEADING else recipient_id}", first)
    topic = f"{kind.topic}:{subject_id}"
    found = session.execute(_SESSION, {"owner": owner_id, "id": subject_id}).one_or_none()
    if found is None:
        return Step(topic)
    if found.state == CANCELLED:
        return Step(topic, CANCELLED, moment_word(found.on_date, found.starts_at))
    return Step(topic, moment_word(found.on_date, found.starts_at), _from(found))


def told_days(session: Session, school_id: UUID, session_ids: Collection[UUID]) -> set[UUID]:
    """Those of these sessions of whose day, as it is now, somebody was told since it moved there."""
    return set(session.scalars(_TOLD, {"owner": school_id, "ids": list(session_ids)}))


def known_before(before: str, earlier: Sequence[Earlier]) -> str:
    """Which day one person knows of, who is to be told of another one.

    `before` is what was so when the message was written, `earlier` what was written to them until then, newest first.
    What never went is passed over: from the day that it would have told of to the one before.
    """
    for one in earlier:
        several = TO in one.step
        if several and one.went:  # it told all days of the group
            break
        led_from = _led_from(one, before)
        if led_from is None:
            if several:
                continue
            break
        if one.went:
            break
        before = led_from
    return before


class _Written(Protocol):
    """A message with what was so when it was written."""

    @property
    def id(self) -> UUID: ...
    @property
    def step_before(self) -> str: ...


def known_days(messages: Iterable[_Written], rows: Iterable[Row[Any]]) -> dict[UUID, str]:
    """What each message's reader knew before it, by its id. `rows`: what was written earlier, `lookups.EARLIER`."""
    earlier: dict[UUID, list[Earlier]] = {}
    for row in rows:
        earlier.setdefault(row.id, []).append(Earlier(row.step, row.step_before, row.went))
    return {one.id: known_before(one.step_before, earlier.get(one.id, ())) for one in messages}


def _led_from(one: Earlier, day: str) -> str | None:
    """The day that was before, where this message was about the move to `day`."""
    if TO in one.step:
        moves = (move.split(TO) for move in one.step.split(" "))
        return next((was for was, to in moves if _is_same(to, day)), None)
    told = one.before if one.step == CANCELLED else one.step
    return one.before if one.before and _is_same(told, day) else None


def _is_same(one: str, other: str) -> bool:
    """Of two moments; of a moment and a day without an hour, whether the days are the same."""
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


def _from(row: object) -> str:
    """The day that a session moved from, with its hour where that is known; empty for one that never moved."""
    on: date | None = getattr(row, "moved_from", None)
    at: time | None = getattr(row, "moved_from_starts_at", None)
    if on is None:
        return ""
    return on.isoformat() if at is None else moment_word(on, at)


def moment_word(on: date, at: time) -> str:
    """A day and an hour as a step: 2026-11-30T18:00:00."""
    return datetime.combine(on, at).isoformat()


def day_of(word: str) -> date | None:
    """The day in a step, or None."""
    try:
        return datetime.fromisoformat(word).date()
    except ValueError:
        return None
