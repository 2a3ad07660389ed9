"""How each session was held, as those who led it look back on it: which parts, the times, whether all could speak.

Ticks alone, so that nothing which a parent said is ever written. Two who lead look back apart, each in a row of theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.cohorts.leader_queries import get_led_session
from app.cohorts.models import CohortSession
from app.cohorts.times import has_begun, is_over
from app.meetings.models import SessionReflection
from app.shell.dates import day
from app.shell.refusals import Refused
from app.states.groups import Part, SessionState, TimesKept, Turns
from infra.clock import now, today

LOOKED_BACK = define("meetings:session:looked_back", keys=("number",))
RULES_SAID = define("meetings:session:rules_said", keys=("number", "said"))

#: For how many days after a session those who led it are asked.
ASK_FOR_DAYS = 7
#: For how many days they can look back, or change what they ticked; then it is as it was.
OPEN_FOR_DAYS = 14


@dataclass(frozen=True, slots=True)
class Reflection:
    """What one who led says of a session: the parts that took place, the times, the turns."""

    parts: tuple[str, ...]
    times: str
    turns: str

    @property
    def is_whole(self) -> bool:
        """Whether every answer is one of those that there are."""
        return (
            set(self.parts) <= set(Part)
            and self.times in set(TimesKept)
            and self.turns in set(Turns)
            and len(set(self.parts)) == len(self.parts)
        )


@dataclass(frozen=True, slots=True)
class Held:
    """How one session was held, by all who led it and looked back: `missing` says of how many a part was not there."""

    by: frozenset[UUID]
    looked_back: int
    rules_said: bool
    missing: Mapping[Part, int]
    times: Mapping[str, int]
    turns: Mapping[str, int]


def look_back(
    session: Session, school_id: UUID, facilitator_id: UUID, session_id: UUID, said: Reflection
) -> bool:
    """Keep how this person says that the session was held; a later look back takes the place of theirs before.

    False when they said just the same before. Raises NotFound; Refused before it has begun, two weeks after, and where
    it was called off.
    """
    meeting = get_led_session(session, school_id, facilitator_id, session_id)
    _check_open(meeting)
    if not said.is_whole:
        raise Refused(_("Answer all three questions, then press again."))
    before = find_mine(session, school_id, facilitator_id, session_id)
    if before and before.looked_back_at and _as_said(before) == said:
        return False
    _keep(
        session,
        meeting,
        facilitator_id,
        parts=list(said.parts),
        times=said.times,
        turns=said.turns,
        looked_back_at=now(),
    )
    record(session, LOOKED_BACK, subject_id=session_id, number=meeting.number)
    return True


def say_rules(
    session: Session, school_id: UUID, facilitator_id: UUID, session_id: UUID, *, said: bool = True
) -> bool:
    """Note that the ground rules were said and the group agreed, or take a slip back. False when it stood so before.

    Raises NotFound, Refused.
    """
    meeting = get_led_session(session, school_id, facilitator_id, session_id)
    _check_open(meeting)
    before = find_mine(session, school_id, facilitator_id, session_id)
    if said == bool(before and before.rules_said_at):
        return False
    _keep(session, meeting, facilitator_id, rules_said_at=now() if said else None)
    record(session, RULES_SAID, subject_id=session_id, number=meeting.number, said=said)
    return True


def find_mine(
    session: Session, school_id: UUID, facilitator_id: UUID, session_id: UUID
) -> SessionReflection | None:
    """What this person noted of a session that they led."""
    return session.scalar(
        select(SessionReflection)
        .where(
            SessionReflection.school_id == school_id,
            SessionReflection.session_id == session_id,
            SessionReflection.facilitator_id == facilitator_id,
        )
        .execution_options(populate_existing=True)
    )


def held_by_session(session: Session, school_id: UUID, cohort_id: UUID) -> dict[UUID, Held]:
    """What those who led a group say of its sessions, all of them together; no session without a word of theirs."""
    rows: dict[UUID, list[SessionReflection]] = {}
    for row in session.scalars(
        select(SessionReflection).where(
            SessionReflection.school_id == school_id, SessionReflection.cohort_id == cohort_id
        )
    ):
        rows.setdefault(row.session_id, []).append(row)
    return {session_id: _held(of_one) for session_id, of_one in rows.items()}


def waits_for_mine(
    session: Session, school_id: UUID, facilitator_id: UUID, sessions: Sequence[CohortSession]
) -> list[CohortSession]:
    """Of these sessions those that ended in the last days and that this person has not looked back on."""
    lately = [
        one
        for one in sessions
        if one.state != SessionState.CANCELLED
        and is_over(one)
        and one.on_date >= today() - timedelta(days=ASK_FOR_DAYS)
    ]
    if not lately:
        return []
    done = set(
        session.scalars(
            select(SessionReflection.session_id).where(
                SessionReflection.school_id == school_id,
                SessionReflection.facilitator_id == facilitator_id,
                SessionReflection.looked_back_at.is_not(None),
            )
        )
    )
    return [one for one in lately if one.id not in done]


def _held(rows: Sequence[SessionReflection]) -> Held:
    looked = [row for row in rows if row.looked_back_at]
    return Held(
        by=frozenset(row.facilitator_id for row in looked),
        looked_back=len(looked),
        rules_said=any(row.rules_said_at for row in rows),
        missing={part: n for part in Part if (n := sum(part not in row.parts for row in looked))},
        times=Counter(row.times for row in looked),
        turns=Counter(row.turns for row in looked),
    )


def is_shown(meeting: CohortSession, held: Held | None, leaders: Collection[UUID]) -> bool:
    """Whether staff may read the ticks of a session: by the first alone they would know whose they are."""
    return bool(held and held.looked_back) and (
        (held is not None and set(leaders) <= held.by) or is_closed(meeting)
    )


def is_closed(meeting: CohortSession) -> bool:
    """Whether the time in which a session is looked back on has passed."""
    return open_until(meeting) < today()


def open_until(meeting: CohortSession) -> date:
    """The last day on which a session can be looked back on."""
    return meeting.on_date + timedelta(days=OPEN_FOR_DAYS)


def why_no_look_back(meeting: CohortSession) -> str:
    """Why this session cannot be looked back on now; empty when it can."""
    if meeting.state == SessionState.CANCELLED:
        return _("This session was called off, so there is nothing to look back on.")
    if not has_begun(meeting):
        return _("This session has not begun. Look back when it is over.")
    if is_closed(meeting):
        return _("You could look back until %(day)s. It stays as it is now.", day=day(open_until(meeting)))
    return ""


def _check_open(meeting: CohortSession) -> None:
    if why := why_no_look_back(meeting):
        raise Refused(why)


def _as_said(row: SessionReflection) -> Reflection:
    return Reflection(tuple(row.parts), row.times, row.turns)


def _keep(session: Session, meeting: CohortSession, facilitator_id: UUID, **values: object) -> None:
    row = insert(SessionReflection).values(
        school_id=meeting.school_id,
        session_id=meeting.id,
        facilitator_id=facilitator_id,
        cohort_id=meeting.cohort_id,
        **values,
    )
    session.execute(
        row.on_conflict_do_update(index_elements=["school_id", "session_id", "facilitator_id"], set_=values)
    )
