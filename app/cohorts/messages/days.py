"""Which day a message about sessions tells of, and which one its reader knew: written beside it as its step.

Of the day of a session, what went to this very person says which one they know (`known_before`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.messages.kind import Topic
from app.messages.outbox import Earlier, Told, list_earlier, which_were_told
from app.messages.parts import Message

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
_WHEN = text(
    "select id, cohort_id, on_date, starts_at, changed_at from cohort_session"
    " where school_id = :owner and id = any(:ids)"
)


def step_of_session(session: Session, school_id: UUID, session_id: UUID | None) -> tuple[str, str]:
    """The day of a session, or that it is cancelled, and the day before."""
    found = session.execute(_SESSION, {"owner": school_id, "id": session_id}).one_or_none()
    if found is None:
        return "", ""
    if found.state == CANCELLED:
        return CANCELLED, moment_word(found.on_date, found.starts_at)
    return moment_word(found.on_date, found.starts_at), _from(found)


def step_of_dates(session: Session, school_id: UUID, cohort_id: UUID | None) -> tuple[str, str]:
    """Each move of this very change, from day to day."""
    moving = session.execute(_MOVING, {"owner": school_id, "id": cohort_id})
    days = (f"{_from(row)}{TO}{moment_word(row.on_date, row.starts_at)}" for row in moving)
    return " ".join(days), ""


def told_days(session: Session, school_id: UUID, session_ids: Collection[UUID]) -> set[UUID]:
    """Those of these sessions of whose day, as it is now, somebody was told since it moved there."""
    rows = session.execute(_WHEN, {"owner": school_id, "ids": list(session_ids)})
    asked = [
        Told(
            row.id,
            f"{Topic.SESSION}:{row.id}",
            moment_word(row.on_date, row.starts_at),
            dates_of(row.cohort_id),
            row.changed_at,
        )
        for row in rows
    ]
    return which_were_told(session, school_id, asked)


def dates_of(cohort_id: UUID) -> str:
    """The topic of what tells all days of a group."""
    return f"{Topic.DATES}:{cohort_id}"


def known_days(
    session: Session, school_id: UUID, messages: Sequence[Message], cohorts: Mapping[UUID, UUID]
) -> dict[UUID, str]:
    """What each message's reader knew before it, by its id. `cohorts`: the group of each message about a session."""
    also = {one.id: dates_of(cohorts[one.id]) for one in messages if one.topic and one.id in cohorts}
    earlier = list_earlier(session, school_id, also)
    return {one.id: known_before(one.step_before, earlier.get(one.id, ())) for one in messages}


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
