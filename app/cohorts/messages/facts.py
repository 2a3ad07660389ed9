"""What messages need to know of the session or group that they speak of: for their words, and whether they hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial
from typing import Any
from uuid import UUID

from babel.dates import format_date
from sqlalchemy import ColumnElement, DateTime, Row, TextClause, bindparam, or_, select, text
from sqlalchemy.orm import Session

from app.calendar.school_year import ShutDays
from app.cohorts.formats import SHOWN_BEFORE
from app.cohorts.messages.days import (
    CANCELLED,
    Change,
    day_of,
    first_change,
    known_days,
    moment_of,
    moment_word,
    tells_a_change,
)
from app.cohorts.messages.holding import PlanFact
from app.cohorts.models import CohortSession
from app.messages.catalogue import KINDS, get_kind
from app.messages.kind import About, Topic
from app.messages.parts import Message, Place, Subject
from app.schools.year_queries import get_shut_days
from app.shell.dates import in_words, plain_clock
from app.shell.parsing import listed
from app.states.groups import WITH_LINK, GroupFormat, SessionState
from app.states.messages import Channel
from infra.clock import LONDON, now

_SESSIONS = text(
    "select s.id, s.cohort_id, s.number, s.on_date, s.starts_at, s.ends_at, s.state, s.moved_from, s.closed_at,"
    " s.format, c.state cohort_state, app.leader_names(s.cohort_id) leaders,"
    " coalesce(nullif(s.room, ''), c.room) room, (select min(n.on_date) from cohort_session n"
    " where n.school_id = s.school_id and n.cohort_id = s.cohort_id and n.state = 'planned'"
    " and n.on_date > s.on_date) next_date"
    " from cohort_session s join cohort c on c.school_id = s.school_id and c.id = s.cohort_id"
    " where s.school_id = :owner and s.id = any(:ids)"
)
#: A group as whoever comes to it now finds it: its next day, how many are to come, and how often it has met.
_COHORTS = text(
    "select c.id, c.id cohort_id, c.name group_name, c.state cohort_state, app.leader_names(c.id) leaders,"
    " coalesce(coming.starts_at, c.starts_at) starts_at,"
    " coalesce(coming.ends_at, c.starts_at + make_interval(mins => c.minutes)) ends_at,"
    " coalesce(nullif(coming.room, ''), c.room) room, coalesce(coming.format, c.format) format, coming.on_date,"
    " plan.to_come, plan.met, plan.days, plan.hours, plan.sessions"
    " from cohort c"
    " cross join lateral (select count(*) filter (where s.state = 'planned' and ends.at > app.now()) to_come,"
    " count(*) filter (where s.state = 'closed' or s.state = 'planned' and ends.at <= app.now()) met,"
    " array_agg(s.on_date order by s.on_date, s.number)"
    " filter (where s.state = 'planned' and ends.at > app.now()) days,"
    " array_agg(s.starts_at order by s.on_date, s.number)"
    " filter (where s.state = 'planned' and ends.at > app.now()) hours,"
    " array_agg(s.id order by s.on_date, s.number)"
    " filter (where s.state = 'planned' and ends.at > app.now()) sessions"
    " from cohort_session s cross join lateral (select (s.on_date + s.ends_at) at time zone 'Europe/London' as at) ends"
    " where s.school_id = c.school_id and s.cohort_id = c.id) plan"
    " left join lateral (select s.on_date, s.starts_at, s.ends_at, s.room, s.format from cohort_session s"
    " where s.school_id = c.school_id and s.cohort_id = c.id and s.state = 'planned'"
    " and (s.on_date + s.ends_at) at time zone 'Europe/London' > app.now()"
    " order by s.on_date, s.number limit 1) coming on true"
    " where c.school_id = :owner and c.id = any(:ids)"
)
#: Of sessions that are joined by one.
_LINKS = text(
    "select s.id, l.link, l.replaced_at from cohort_session s join cohort_join_link l on l.school_id = s.school_id"
    " and l.cohort_id = s.cohort_id where s.school_id = :owner and s.id = any(:ids) and s.format <> 'room'"
)
_MEMBERSHIPS = text(
    "select e.cohort_id, e.parent_id from enrolment e where e.school_id = :owner and e.cohort_id = any(:ids)"
    " and e.status in ('in_group', 'finished')"
    " union all select l.cohort_id, l.facilitator_id from cohort_facilitator l"
    " where l.school_id = :owner and l.cohort_id = any(:ids)"
)
#: Who was there at least once: only they are thanked for it.
_CAME = text("select cohort_id, parent_id from app.came_to(:ids)")
#: As far as the rules of sending ask; also of groups, whose days do not matter to them.
_STATES = text(
    "select s.id, s.cohort_id, c.state cohort_state, s.state, s.on_date, s.starts_at, s.closed_at"
    " from cohort_session s join cohort c on c.school_id = s.school_id and c.id = s.cohort_id"
    " where s.school_id = :owner and s.id = any(:ids)"
    " union all select c.id, c.id, c.state, null, null, null, null from cohort c"
    " where c.school_id = :owner and c.id = any(:ids)"
)


def read(session: Session, messages: Sequence[Message], place: Place | None) -> dict[UUID, Subject]:
    """What each of these messages speaks of, by its id; without those whose session or group is gone."""
    owner_id = messages[0].owner_id
    rows: dict[UUID, Row[Any]] = {}
    for statement, about in ((_SESSIONS, (About.SESSION,)), (_COHORTS, (About.COHORT, About.LEFT_COHORT))):
        ids = {m.subject_id for m in messages if m.subject_id and get_kind(m.kind).about in about}
        rows |= {row.id: row for row in _rows(session, statement, owner_id, ids)}
    plans = {m: rows[m.subject_id] for m in messages if m.subject_id in rows}
    in_groups = _members(session, owner_id, {plan.cohort_id for plan in plans.values()})
    shut = _shut(session, messages[0], plans.values())
    thanked = {plan.cohort_id for m, plan in plans.items() if get_kind(m.kind).thanks}
    came = {(row.cohort_id, row.parent_id) for row in _rows(session, _CAME, owner_id, thanked)}
    cohorts = {m.id: plan.cohort_id for m, plan in plans.items() if get_kind(m.kind).about is About.SESSION}
    moved = {m: plan for m, plan in plans.items() if get_kind(m.kind).topic is Topic.DATES}
    changes = {m.id: change for m, plan in moved.items() if (change := first_change(m.step, _coming(plan)))}
    of_links = {m.subject_id for m in plans if m.subject_id and get_kind(m.kind).speaks_of_link}
    links = {row.id: row for row in _rows(session, _LINKS, owner_id, of_links)}
    knew = known_days(session, owner_id, messages, cohorts, changes)
    # Once every session that it tells of has moved on, it has nothing to tell: of each there is a newer message.
    over = {m.id: m.step for m in moved if m.id not in changes and tells_a_change(m.step)}
    return {
        m.id: Subject(
            fact=replace(
                _fact(plan, (plan.cohort_id, m.recipient_id) in in_groups, shut), has_link=plan.id in links
            ),
            fields=_fields(plan, place, m, knew[m.id])
            | _change_fields(m, changes.get(m.id), knew[m.id])
            | _ways_in(plan, links.get(plan.id)),
            knew=over.get(m.id, m.step_before) if m in moved else knew[m.id],
            came=(plan.cohort_id, m.recipient_id) in came,
        )
        for m, plan in plans.items()
    }


def stand(session: Session, messages: Sequence[Message]) -> dict[UUID, PlanFact]:
    """How what these messages speak of stands, by their ids; in the scope of the school's staff."""
    owner_id = messages[0].owner_id
    rows = {
        row.id: row
        for row in _rows(session, _STATES, owner_id, {m.subject_id for m in messages if m.subject_id})
    }
    plans = {m: rows[m.subject_id] for m in messages if m.subject_id in rows}
    in_groups = _members(session, owner_id, {plan.cohort_id for plan in plans.values()})
    shut = _shut(session, messages[0], plans.values())
    return {
        m.id: _fact(plan, (plan.cohort_id, m.recipient_id) in in_groups, shut) for m, plan in plans.items()
    }


@dataclass(frozen=True, slots=True)
class GroupsNow:
    """Groups as they stand: the state of each, and who is in one or leads it, as pairs of ids."""

    states: dict[UUID, str]
    members: set[tuple[UUID, UUID]]


def groups_now(session: Session, owner_id: UUID, cohorts: Collection[UUID]) -> GroupsNow:
    """These groups, for messages of other packages that speak of one."""
    rows = _rows(session, _STATES, owner_id, cohorts)
    return GroupsNow({row.id: row.cohort_state for row in rows}, _members(session, owner_id, cohorts))


def _wall_clock() -> datetime:
    return now().astimezone(LONDON).replace(tzinfo=None)


def is_over(outbox: Any) -> ColumnElement[bool]:
    """Rows of the outbox that speak of a session to come, when that has begun or is not as they say."""
    # Found when it is asked: the statement around it may be made once.
    here = bindparam("here", callable_=_wall_clock, unique=True, type_=DateTime())
    over = []
    for state in (SessionState.PLANNED, SessionState.CANCELLED):
        kinds = tuple(kind.name for kind in KINDS.values() if kind.session_state == state)
        still_so = select(CohortSession.id).where(
            CohortSession.school_id == outbox.school_id,
            CohortSession.id == outbox.subject_id,
            CohortSession.state == state,
            CohortSession.on_date + CohortSession.starts_at > here,
        )
        over.append(outbox.kind.in_(kinds) & ~still_so.exists())
    return or_(*over)


def _rows(
    session: Session, statement: TextClause, owner_id: UUID, ids: Collection[UUID]
) -> Sequence[Row[Any]]:
    return session.execute(statement, {"owner": owner_id, "ids": list(ids)}).all() if ids else []


def _members(session: Session, owner_id: UUID, cohorts: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    return {(row.cohort_id, row.parent_id) for row in _rows(session, _MEMBERSHIPS, owner_id, cohorts)}


def _shut(session: Session, one: Message, plans: Collection[Row[Any]]) -> ShutDays:
    """Days on which the school is shut; asked only where some of these are sessions to come."""
    speaks_of_days = any(getattr(plan, "state", None) == SessionState.PLANNED for plan in plans)
    return get_shut_days(session, one.authority_id, one.owner_id) if speaks_of_days else ShutDays(frozenset())


def _fact(row: Row[Any], is_in_group: bool, shut: ShutDays) -> PlanFact:
    if getattr(row, "state", None) is None:
        return PlanFact(row.cohort_state, is_in_group)
    starts_at = datetime.combine(row.on_date, row.starts_at, LONDON)
    is_shut = row.on_date in shut
    return PlanFact(row.cohort_state, is_in_group, row.state, row.on_date, starts_at, row.closed_at, is_shut)


def _fields(plan: Row[Any], place: Place | None, message: Message, knew: str) -> dict[str, str]:
    day = _days_for(message)
    next_date = getattr(plan, "next_date", None)
    # As the reader last heard it: of a day in between, whose message never went, they know nothing.
    known = day_of(knew) or getattr(plan, "moved_from", None)
    on_date = known if message.step == CANCELLED else plan.on_date
    moved_from = None if message.step == CANCELLED else known
    old_time = _old_hour(knew, on_date) if moved_from else ""
    return {
        "date": day(on_date) if on_date else "",
        "weekday": format_date(plan.on_date, "EEEE", locale="en_GB") if plan.on_date else "",
        "time": plain_clock(plan.starts_at),
        "end_time": plain_clock(plan.ends_at),
        "room": plan.room or (place.room if place else "") or "at school",
        "number": str(getattr(plan, "number", "")),
        # Where only the hour is another, a sentence of its own says so.
        "old_date": day(moved_from) if moved_from and not old_time else "",
        "old_time": old_time,
        "next_date": day(next_date) if next_date else "",
        "group": getattr(plan, "group_name", ""),
        "leaders": listed(getattr(plan, "leaders", [])),
        **_days_to_come(getattr(plan, "days", None) or [], getattr(plan, "hours", None) or [], day),
        "left": str(getattr(plan, "to_come", 0) or ""),
        "met": _times(getattr(plan, "met", 0)),
    }


def _ways_in(plan: Row[Any], link: Row[Any] | None) -> dict[str, str]:
    """What differs between a room and a meeting online."""
    format_ = getattr(plan, "format", GroupFormat.ROOM)
    return {
        "join": link.link if link else "",
        "replaced": _replaced(plan, link),
        "join_before": "two hours" if format_ in WITH_LINK else "",
        "drinks": "" if format_ == GroupFormat.ONLINE else "hot drinks",
    }


def _replaced(plan: Row[Any], link: Row[Any] | None) -> str:
    """When another link took the place of one that the reader may have got for this very session."""
    if link is None or link.replaced_at is None:
        return ""
    shown_at = datetime.combine(plan.on_date, plan.starts_at, LONDON) - SHOWN_BEFORE
    return plain_clock(link.replaced_at.astimezone(LONDON).time()) if link.replaced_at >= shown_at else ""


def _change_fields(message: Message, change: Change | None, knew: str) -> dict[str, str]:
    """One session of several that moved: from the day that the reader knew; empty where they knew the new one."""
    was, to = day_of(knew), moment_of(change.to) if change else None
    if change is None or was is None or to is None or knew == change.to:
        return {"new_date": "", "new_time": ""}
    day, old_time = _days_for(message), _old_hour(knew, to.date())
    return {
        "old_date": "" if old_time else day(was),
        "old_time": old_time,
        "new_date": day(to.date()),
        "new_time": plain_clock(to.time()),
    }


def _old_hour(knew: str, on: date | None) -> str:
    """The hour that the reader knew, where the day stays as they knew it: of the day alone there is nothing to tell."""
    was = moment_of(knew)
    return plain_clock(was.time()) if was and "T" in knew and was.date() == on else ""


def _coming(plan: Row[Any]) -> dict[str, UUID]:
    """Which session of a group is when, of those to come."""
    when = map(moment_word, plan.days or (), plan.hours or ())
    return dict(zip(when, plan.sessions or (), strict=True))


def _days_for(message: Message) -> Callable[[date], str]:
    return partial(in_words, short=message.channel is Channel.SMS)


def _days_to_come(days: Sequence[date], hours: Sequence[time], day: Callable[[date], str]) -> dict[str, str]:
    """All days, with their times where not all begin at the same; and from which day on it is another time for good."""
    if len(set(hours)) < 2:
        return {"dates": listed([day(on) for on in days]), "later_date": "", "later_time": ""}
    found = {"dates": listed([f"{day(on)} at {plain_clock(at)}" for on, at in zip(days, hours, strict=True)])}
    turn = next(number for number, at in enumerate(hours) if at != hours[0])
    for_good = len(set(hours[turn:])) == 1
    return found | {
        "later_date": day(days[turn]) if for_good else "",
        "later_time": plain_clock(hours[turn]) if for_good else "",
    }


def _times(count: int) -> str:
    """once, 3 times; empty for never."""
    return "" if not count else "once" if count == 1 else f"{count} times"
