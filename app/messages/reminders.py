"""Decides what is due by the calendar: before a session, on its day, after two that were missed; once after an
invitation or a last session.

Runs as the schedule, in one school's scope. What is decided here is judged again at the moment of sending
(`allowed.py`), so it may be asked as often as one likes: each reminder is written once.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.messages.services import enqueue
from app.states.messages import RecipientKind
from infra.clock import LONDON

_EVER = datetime(2000, 1, 1, tzinfo=LONDON)
#: An invitation without an answer is mentioned again after so many days, once in a school year.
REMIND_AFTER = timedelta(days=4)
#: A graduate is asked about leading so many days after the last session: first comes the certificate.
ASK_AFTER = timedelta(days=7)
#: Two missed meetings are mentioned only while the second is so recent; later it would sound like counting.
MISSED_LATELY = timedelta(days=14)
#: So many days before a session its reminder goes.
DAYS_BEFORE = 2

PLACES_TO_REMIND = text(
    "select s.id session_id, s.on_date, s.starts_at, e.parent_id, not exists (select 1 from cohort_session later"
    " where later.school_id = s.school_id and later.cohort_id = s.cohort_id and later.on_date > s.on_date"
    " and later.state = 'planned') is_last from cohort_session s"
    " join cohort c on c.school_id = s.school_id and c.id = s.cohort_id and c.state in ('forming', 'running')"
    " join enrolment e on e.school_id = s.school_id and e.cohort_id = s.cohort_id and e.status = 'in_group'"
    " where s.school_id = :school and s.state = 'planned' and s.on_date between :first and :last"
    " order by s.on_date, s.id, e.parent_id"
)
UNANSWERED = text(
    "select o.id, o.channel, p.id parent_id from parent p"
    " join outbox o on o.school_id = p.school_id and o.recipient_id = p.id and o.kind = 'parent_invitation'"
    " where p.school_id = :school and p.stage = 'invited' and o.state in ('sent', 'delivered')"
    " and o.created_at <= :before and o.not_after > :now order by o.created_at, o.id"
)
#: Graduates who agreed to be asked about helping to lead, and have not offered by themselves.
TO_ASK = text(
    "select p.id parent_id from parent p join consent k on k.school_id = p.school_id and k.parent_id = p.id"
    " and k.kind = 'ask_to_lead' and k.given where p.school_id = :school and p.stage = 'graduated'"
    " and p.stage_changed_at <= :before and not exists (select 1 from facilitator f"
    " where f.school_id = p.school_id and f.parent_id = p.id) order by p.id"
)
#: Who was away from two meetings in a row without a word, as ids, with the meeting that comes next.
MISSED = text("select cohort_id, parent_id, next_session_id from app.missed_two(:since, :today)")
#: What was written before, so that the database need not refuse it row by row.
WRITTEN = text(
    "select kind || ' ' || dedupe_key from outbox where school_id = :school and created_at > :since"
    " and kind in ('session_reminder', 'session_today', 'last_session', 'invitation_reminder', 'invite_to_lead',"
    " 'we_missed_you')"
)


def remind_of_sessions(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """Write the reminders that are due at `moment` in this school; how many are new."""
    today = moment.astimezone(LONDON).date()
    written = _written(session, school_id, since=moment - timedelta(days=DAYS_BEFORE + 2))
    count = 0
    due = session.execute(
        PLACES_TO_REMIND, {"school": school_id, "first": today, "last": today + timedelta(days=DAYS_BEFORE)}
    )
    for place in due.all():
        starts_at = datetime.combine(place.on_date, place.starts_at, LONDON)
        is_today = place.on_date == today
        kinds = ["session_today" if is_today else "session_reminder"]
        if place.is_last and not is_today:
            kinds.append("last_session")
        # With the date: a session that moves is announced again for its new day.
        key = f"{place.session_id}:{place.on_date}:{place.parent_id}"
        for kind in kinds:
            if starts_at <= moment or f"{kind} {key}" in written:
                continue
            count += len(
                enqueue(
                    session,
                    kind=kind,
                    school_id=school_id,
                    recipient_kind=RecipientKind.PARENT,
                    recipient_id=place.parent_id,
                    subject_id=place.session_id,
                    dedupe_key=key,
                    not_after=starts_at if is_today else _start_of(place.on_date),
                )
            )
    return count


def remind_of_invitations(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """Write the one reminder for each invitation that has waited long enough; how many are new."""
    written = _written(session, school_id, since=moment - timedelta(days=366))
    count = 0
    waiting = session.execute(
        UNANSWERED, {"school": school_id, "before": moment - REMIND_AFTER, "now": moment}
    )
    for invitation in waiting.all():
        key = f"{invitation.parent_id}:{_school_year(moment)}"
        if f"invitation_reminder {key}" in written:
            continue
        count += len(
            enqueue(
                session,
                kind="invitation_reminder",
                school_id=school_id,
                recipient_kind=RecipientKind.PARENT,
                recipient_id=invitation.parent_id,
                # It carries the link of the invitation that it repeats.
                subject_id=invitation.id,
                dedupe_key=key,
                channels=[invitation.channel],
            )
        )
    return count


def ask_to_lead(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """Ask graduates, once in their life and only if they said that we may, about helping to lead; how many."""
    written = _written(session, school_id, since=_EVER)
    count = 0
    for graduate in session.execute(TO_ASK, {"school": school_id, "before": moment - ASK_AFTER}).all():
        key = str(graduate.parent_id)
        if f"invite_to_lead {key}" in written:
            continue
        count += len(
            enqueue(
                session,
                kind="invite_to_lead",
                school_id=school_id,
                recipient_kind=RecipientKind.PARENT,
                recipient_id=graduate.parent_id,
                dedupe_key=key,
            )
        )
    return count


def miss_somebody(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """Tell those who stayed away twice without a word that we missed them, once in each group; how many.

    Never to those who said that they cannot come, and never twice: a second one would be a reproach.
    """
    today = moment.astimezone(LONDON).date()
    written = _written(session, school_id, since=_EVER)
    count = 0
    for missed in session.execute(MISSED, {"since": today - MISSED_LATELY, "today": today}).all():
        key = f"{missed.cohort_id}:{missed.parent_id}"
        if f"we_missed_you {key}" in written:
            continue
        count += len(
            enqueue(
                session,
                kind="we_missed_you",
                school_id=school_id,
                recipient_kind=RecipientKind.PARENT,
                recipient_id=missed.parent_id,
                subject_id=missed.next_session_id,
                dedupe_key=key,
            )
        )
    return count


def _written(session: Session, school_id: UUID, *, since: datetime) -> frozenset[str]:
    return frozenset(session.execute(WRITTEN, {"school": school_id, "since": since}).scalars())


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, LONDON)


def _school_year(moment: datetime) -> int:
    """The year in which the school year of `moment` began (1 September)."""
    local = moment.astimezone(LONDON)
    return local.year if local.month >= 9 else local.year - 1
