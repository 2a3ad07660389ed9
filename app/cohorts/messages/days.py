"""Which day a message about sessions tells of, and which one its reader knew: written beside it as its step.

Of the day of a session, what went to this very person says which one they know (`known_before`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.cohorts.models import CohortSession
from app.messages.kind import Topic
from app.messages.outbox import Earlier, Told, list_earlier, list_steps, which_were_told
from app.messages.parts import Message

#: The step of a session that will not be.
CANCELLED = "cancelled"
#: Between two days in the step of a message about several sessions.
TO = ">"

_SESSION = text(
    "select on_date, starts_at, state, moved_from, moved_from_starts_at from cohort_session"
    " where school_id = :owner and id = :id"
)
#: Those to come, and whether each moved in this very change.
_COMING = text(
    "select on_date, starts_at, moved_from, moved_from_starts_at,"
    " moved_from is not null and changed_at = app.now() as moves from cohort_session where school_id = :owner"
    " and cohort_id = :id and state = 'planned'"
    " and (on_date + starts_at) at time zone 'Europe/London' > app.now() order by number"
)
_ROOM = text("select room from cohort where school_id = :owner and id = :id")
_WHEN = text(
    "select id, cohort_id, on_date, starts_at from cohort_session where school_id = :owner and id = any(:ids)"
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
    """Each day to come, from which day it moved in this very change; from itself where it stays.

    Where all that moved is back where it was, that is how it stood before too: there is nothing to tell.
    """
    rows = session.execute(_COMING, {"owner": school_id, "id": cohort_id}).all()
    days = [(_from(row) if row.moves else "", moment_word(row.on_date, row.starts_at)) for row in rows]
    step = " ".join(f"{was or to}{TO}{to}" for was, to in days)
    is_back = any(was for was, _to in days) and all(was in ("", to) for was, to in days)
    return step, step if is_back else ""


def step_of_room(session: Session, school_id: UUID, cohort_id: UUID | None) -> tuple[str, str]:
    """The room of a group from now on."""
    return session.scalar(_ROOM, {"owner": school_id, "id": cohort_id}) or "", ""


def told_days(session: Session, school_id: UUID, session_ids: Collection[UUID]) -> set[UUID]:
    """Those of these sessions of whose day, as it is now, somebody was told.

    By the day itself: what happens to a session besides, as calling it off or another room, makes nobody forget it.
    """
    asked = []
    for row in session.execute(_WHEN, {"owner": school_id, "ids": list(session_ids)}):
        moment = moment_word(row.on_date, row.starts_at)
        asked.append(Told(row.id, session_topic(row.id), moment, dates_of(row.cohort_id), f"{TO}{moment} "))
    return which_were_told(session, school_id, asked)


def days_ever(
    session: Session, school_id: UUID, cohort_id: UUID, meetings: Sequence[CohortSession]
) -> dict[UUID, set[date]]:
    """Every day that messages named for each of these sessions of a group, whether they went or not."""
    topics = {session_topic(one.id): one.id for one in meetings}
    moments = {one.id: {moment_word(one.on_date, one.starts_at)} for one in meetings}
    moves: list[tuple[str, str]] = []
    for row in list_steps(session, school_id, [*topics, dates_of(cohort_id)]):
        if row.topic in topics:
            moments[topics[row.topic]] |= {row.step, row.step_before}
        else:
            moves += _changes(row.step)
    # What tells of several names no session: whose day each was is known by where it led.
    for _again in moves:
        for was, to in moves:
            for known in moments.values():
                if to in known:
                    known.add(was)
    return {key: {on for word in known if (on := day_of(word))} for key, known in moments.items()}


def session_topic(session_id: UUID) -> str:
    """The topic of what tells when one session is."""
    return f"{Topic.SESSION}:{session_id}"


def dates_of(cohort_id: UUID) -> str:
    """The topic of what tells all days of a group."""
    return f"{Topic.DATES}:{cohort_id}"


def known_days(
    session: Session,
    school_id: UUID,
    messages: Sequence[Message],
    cohorts: Mapping[UUID, UUID],
    changes: Mapping[UUID, Change],
) -> dict[UUID, str]:
    """What each message's reader knew before it, by its id: of all dates, which day the one that it names was on.

    `cohorts`: the group of each message about a session; `changes`: what each about all dates names.
    """
    also = {one.id: dates_of(cohorts[one.id]) for one in messages if one.topic and one.id in cohorts}
    also |= {key: session_topic(change.session_id) for key, change in changes.items()}
    earlier = list_earlier(session, school_id, also)
    was = {one.id: one.step_before for one in messages} | {key: one.was for key, one in changes.items()}
    return {one.id: known_before(was[one.id], earlier.get(one.id, ())) for one in messages}


@dataclass(frozen=True, slots=True)
class Change:
    """One session on its new day, and on which it was."""

    session_id: UUID
    was: str
    to: str


def first_change(step: str, coming: Mapping[str, UUID]) -> Change | None:
    """The first that moved of those in the step of a message about all dates; None where all have moved on since.

    `coming`: which session is when, as it stands now.
    """
    return next((Change(coming[to], was, to) for was, to in _changes(step) if to in coming), None)


def tells_a_change(step: str) -> bool:
    """Whether a message about all dates was written for one that moved; one that is sent again was not."""
    return bool(_changes(step))


def _changes(step: str) -> list[tuple[str, str]]:
    return [(was, to) for was, to in _moves(step) if was != to]


def _moves(step: str) -> list[tuple[str, str]]:
    """From when to when, of each session in the step of a message about all dates."""
    return [(was, to) for was, by, to in (move.partition(TO) for move in step.split(" ")) if by]


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
        return next((was for was, to in _moves(one.step) if _is_same(to, day)), None)
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


def moment_of(word: str) -> datetime | None:
    """The moment in a step, or None."""
    try:
        return datetime.fromisoformat(word)
    except ValueError:
        return None


def day_of(word: str) -> date | None:
    """The day in a step, or None."""
    moment = moment_of(word)
    return moment.date() if moment else None
