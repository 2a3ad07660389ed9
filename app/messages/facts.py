"""Reads what one school's (or authority's) messages need to know, just before they are sent.

The caller's session serves exactly that school or authority, as the dispatcher; ids of others find nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from babel.dates import format_date
from flask_babel import gettext as _
from sqlalchemy import Row, TextClause, text
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.messages.allowed import Facts, PlanFact, ReaderFact, TokenFact
from app.messages.catalogue import get_kind
from app.messages.kind import About, Kind, Link
from app.messages.links import (
    StopLink,
    confirm_code,
    link_token,
    make_stop_token,
    place_address,
    stop_address,
    token_address,
)
from app.messages.models import Channel, RecipientKind
from app.messages.steps import CANCELLED, day_of
from app.shell.dates import in_words
from app.shell.parsing import listed, readable_phone
from infra.clock import LONDON, now

#: Facilitators who have gone.
FACILITATOR_GONE = "withdrawn"

SCHOOL = text(
    "select s.short_name, s.name, s.stage, s.stage_reason, s.room, s.contact_name,"
    " coalesce(nullif(s.contact_phone, ''), nullif(s.phone, ''), a.contact_phone) phone, a.short_name authority"
    " from school s join authority a on a.authority_id = s.authority_id where s.school_id = :owner"
)
AUTHORITY = text(
    "select short_name authority, contact_phone phone from authority where authority_id = :owner"
)
PARENTS = text(
    "select p.id, p.stage, p.do_not_ask_until, coalesce(nullif(c.known_as, ''), c.first_name) name, c.email, c.phone,"
    " c.language, c.texts_stopped_at, c.emails_stopped_at, coalesce((select array_agg(k.kind) from consent k"
    " where k.school_id = p.school_id and k.parent_id = p.id and k.given), '{}') agreed"
    " from parent p join parent_contact c on c.school_id = p.school_id and c.parent_id = p.id"
    " where p.school_id = :owner and p.id = any(:ids)"
)
FACILITATORS = text(
    "select f.id, f.name, f.email, f.phone, f.stage from facilitator f"
    " where f.school_id = :owner and f.id = any(:ids)"
)
STAFF = text(
    "select m.id, m.name, m.email, m.phone, m.role, m.ended_at from staff_member m"
    " where m.school_id = :owner and m.id = any(:ids)"
)
LEADING_DSL = text(
    "select m.id, m.name, m.email, m.phone, m.role, m.ended_at from staff_member m where m.school_id = :owner"
    " and m.role = 'school_dsl' and m.ended_at is null order by m.accepted_at nulls last, m.invited_at limit 1"
)
MEMBERS = text(
    "select m.id, m.name, m.email, '' phone, m.role, m.ended_at from authority_member m"
    " where m.authority_id = :owner and m.id = any(:ids)"
)
LEADING_OFFICER = text(
    "select m.id, m.name, m.email, '' phone, m.role, m.ended_at from authority_member m"
    " where m.authority_id = :owner and m.role = 'named_officer' and m.ended_at is null"
    " order by m.accepted_at nulls last, m.invited_at limit 1"
)
SESSIONS = text(
    "select s.id, s.cohort_id, s.number, s.on_date, s.starts_at, s.ends_at, s.state, s.moved_from, s.closed_at,"
    " c.state cohort_state, app.leader_names(s.cohort_id) leaders,"
    " coalesce(nullif(s.room, ''), c.room) room, (select min(n.on_date) from cohort_session n"
    " where n.school_id = s.school_id and n.cohort_id = s.cohort_id and n.state = 'planned'"
    " and n.on_date > s.on_date) next_date"
    " from cohort_session s join cohort c on c.school_id = s.school_id and c.id = s.cohort_id"
    " where s.school_id = :owner and s.id = any(:ids)"
)
#: A group as whoever comes to it now finds it: its next day, how many are to come, and how often it has met.
COHORTS = text(
    "select c.id, c.id cohort_id, c.state cohort_state, app.leader_names(c.id) leaders,"
    " coalesce(coming.starts_at, c.starts_at) starts_at,"
    " coalesce(coming.ends_at, c.starts_at + make_interval(mins => c.minutes)) ends_at,"
    " coalesce(nullif(coming.room, ''), c.room) room, coming.on_date, plan.to_come, plan.met, plan.days from cohort c"
    " cross join lateral (select count(*) filter (where s.state = 'planned' and ends.at > app.now()) to_come,"
    " count(*) filter (where s.state = 'closed' or s.state = 'planned' and ends.at <= app.now()) met,"
    " array_agg(s.on_date order by s.on_date, s.number)"
    " filter (where s.state = 'planned' and ends.at > app.now()) days"
    " from cohort_session s cross join lateral (select (s.on_date + s.ends_at) at time zone 'Europe/London' as at) ends"
    " where s.school_id = c.school_id and s.cohort_id = c.id) plan"
    " left join lateral (select s.on_date, s.starts_at, s.ends_at, s.room from cohort_session s"
    " where s.school_id = c.school_id and s.cohort_id = c.id and s.state = 'planned'"
    " and (s.on_date + s.ends_at) at time zone 'Europe/London' > app.now()"
    " order by s.on_date, s.number limit 1) coming on true"
    " where c.school_id = :owner and c.id = any(:ids)"
)
MEMBERSHIPS = text(
    "select e.cohort_id, e.parent_id from enrolment e where e.school_id = :owner and e.cohort_id = any(:ids)"
    " and e.status in ('in_group', 'finished')"
    " union all select l.cohort_id, l.facilitator_id from cohort_facilitator l"
    " where l.school_id = :owner and l.cohort_id = any(:ids)"
)
#: Who was there at least once: only they are thanked for it.
CAME = text("select cohort_id, parent_id from app.came_to(:ids)")
TOKENS = text(
    "select o.id, t.address, t.name, t.is_open, t.expires_at from unnest(cast(:ids as uuid[])) o(id)"
    " cross join lateral identity.token_address(o.id) t"
)


#: Messages of which a newer one about the same thing was written since.
REPLACED = text(
    "select o.id from outbox o where o.school_id = :owner and o.id = any(:ids) and exists (select 1 from outbox n"
    " where n.school_id = o.school_id and n.recipient_kind = o.recipient_kind and n.recipient_id = o.recipient_id"
    " and n.topic = o.topic and n.channel = o.channel and n.id > o.id)"
)
REPLACED_OF_AUTHORITY = text(
    "select o.id from authority_outbox o where o.authority_id = :owner and o.id = any(:ids) and exists ("
    " select 1 from authority_outbox n where n.authority_id = o.authority_id and n.recipient_kind = o.recipient_kind"
    " and n.recipient_id = o.recipient_id and n.topic = o.topic and n.channel = o.channel and n.id > o.id)"
)


@dataclass(frozen=True, slots=True)
class Message:
    """A claimed outbox row. `owner_id` is its school, or its authority when `is_authority`."""

    owner_id: UUID
    authority_id: UUID
    is_authority: bool
    id: UUID
    kind: str
    channel: Channel
    recipient_kind: RecipientKind
    recipient_id: UUID
    subject_id: UUID | None
    attempt: int
    not_after: datetime | None
    topic: str = ""
    step: str = ""
    step_before: str = ""
    created_at: datetime | None = None

    @property
    def token_id(self) -> UUID:
        """Whose one-time link it carries: its own, or that of the message which it repeats."""
        return self.subject_id or self.id


class _Reader:
    """Runs one statement for one owner, and only when there is something to look up."""

    def __init__(self, session: Session, owner_id: UUID) -> None:
        self._session, self._owner_id = session, owner_id

    def one(self, statement: TextClause) -> Row[Any] | None:
        return self._session.execute(statement, {"owner": self._owner_id}).one_or_none()

    def by_id(self, statement: TextClause, ids: Iterable[UUID]) -> dict[UUID, Row[Any]]:
        return {row.id: row for row in self.rows(statement, ids)}

    def rows(self, statement: TextClause, ids: Iterable[UUID]) -> Sequence[Row[Any]]:
        wanted = list(set(ids))
        if not wanted:
            return []
        return self._session.execute(statement, {"owner": self._owner_id, "ids": wanted}).all()


def gather(
    session: Session, messages: Sequence[Message], *, base_url: str, secret_key: str
) -> dict[UUID, Facts]:
    """What is known about each message, by its id. All messages have the same owner."""
    read = _Reader(session, messages[0].owner_id)
    is_authority = messages[0].is_authority
    place = read.one(AUTHORITY if is_authority else SCHOOL)
    readers = _readers(read, messages)
    plans = {
        **read.by_id(SESSIONS, _subjects(messages, About.SESSION)),
        **read.by_id(COHORTS, _subjects(messages, About.COHORT)),
    }
    in_groups = {
        (row.cohort_id, row.parent_id)
        for row in read.rows(MEMBERSHIPS, (plan.cohort_id for plan in plans.values()))
    }
    thanked = [
        plans[message.subject_id].cohort_id
        for message in messages
        if get_kind(message.kind).thanks and message.subject_id in plans
    ]
    came = {(row.cohort_id, row.parent_id) for row in read.rows(CAME, thanked)}
    tokens = read.by_id(TOKENS, (m.token_id for m in messages if get_kind(m.kind).reads_token))
    replaced = read.by_id(
        REPLACED_OF_AUTHORITY if is_authority else REPLACED, (m.id for m in messages if m.topic)
    )
    gathered = {}
    for message in messages:
        kind = get_kind(message.kind)
        reader = readers.get((message.recipient_kind, message.recipient_id))
        plan = plans.get(message.subject_id) if message.subject_id else None
        token = tokens.get(message.token_id) if kind.reads_token else None
        gathered[message.id] = Facts(
            reader=_reader_fact(message.recipient_kind, reader) if reader else None,
            plan=_plan_fact(plan, (plan.cohort_id, message.recipient_id) in in_groups) if plan else None,
            token=TokenFact(token.address, token.is_open, token.expires_at) if token else None,
            school_stage=None if is_authority or place is None else place.stage,
            not_after=message.not_after,
            step=message.step,
            stands=_stands(reader, place),
            step_before=message.step_before,
            is_replaced=message.id in replaced,
            written_at=message.created_at,
            language=getattr(reader, "language", "en"),
            fields={
                **_place_fields(place, is_authority),
                **_reader_fields(reader, token),
                **_thanks_fields(reader, plan is not None and (plan.cohort_id, message.recipient_id) in came),
                **(_plan_fields(plan, place, message) if plan else {}),
                **_link_fields(kind, message, token, base_url=base_url, secret_key=secret_key),
            },
        )
    return gathered


def _readers(read: _Reader, messages: Sequence[Message]) -> dict[tuple[RecipientKind, UUID], Row[Any]]:
    found: dict[tuple[RecipientKind, UUID], Row[Any]] = {}
    statements = {
        RecipientKind.PARENT: PARENTS,
        RecipientKind.FACILITATOR: FACILITATORS,
        RecipientKind.STAFF: STAFF,
        RecipientKind.MEMBER: MEMBERS,
    }
    for recipient_kind, statement in statements.items():
        ids = [m.recipient_id for m in messages if m.recipient_kind is recipient_kind]
        found |= {(recipient_kind, key): row for key, row in read.by_id(statement, ids).items()}
    # Who raises a concern may not know who reads it: such a message is addressed to the school or authority itself.
    for message in messages:
        if message.recipient_id == message.owner_id and get_kind(message.kind).confidential:
            leading = read.one(LEADING_OFFICER if message.is_authority else LEADING_DSL)
            if leading is not None:
                found[(message.recipient_kind, message.recipient_id)] = leading
    return found


def _subjects(messages: Sequence[Message], about: About) -> list[UUID]:
    return [m.subject_id for m in messages if m.subject_id and get_kind(m.kind).about is about]


def _reader_fact(recipient_kind: RecipientKind, row: Row[Any]) -> ReaderFact:
    if recipient_kind is RecipientKind.PARENT:
        return ReaderFact(
            row.email,
            row.phone,
            stage=row.stage,
            agreed=frozenset(row.agreed),
            emails_stopped=row.emails_stopped_at is not None,
            texts_stopped=row.texts_stopped_at is not None,
            do_not_ask_until=row.do_not_ask_until,
        )
    if recipient_kind is RecipientKind.FACILITATOR:
        return ReaderFact(row.email, row.phone, is_active=row.stage != FACILITATOR_GONE)
    return ReaderFact(row.email, row.phone, is_active=row.ended_at is None)


def _plan_fact(row: Row[Any], is_in_group: bool) -> PlanFact:
    if not hasattr(row, "state"):
        return PlanFact(row.cohort_state, is_in_group)
    starts_at = datetime.combine(row.on_date, row.starts_at, LONDON)
    return PlanFact(row.cohort_state, is_in_group, row.state, row.on_date, starts_at, row.closed_at)


def school_fields(session: Session, school_id: UUID) -> dict[str, str]:
    """What a school's message says of the school, for a preview; what each reader has of their own, in brackets."""
    own = {"link": _("[their own link]"), "stop_link": _("[their own link]"), "until": _("[the last day]")}
    place = session.execute(SCHOOL, {"owner": school_id}).first()
    return {
        **own,
        **_place_fields(place, is_authority=False),
    }


def _place_fields(place: Row[Any] | None, is_authority: bool) -> dict[str, str]:
    if place is None:
        return {}
    if is_authority:
        return {"authority": place.authority, "phone": readable_phone(place.phone or "")}
    return {
        "authority": place.authority,
        "school": place.short_name,
        "reason": place.stage_reason,
        "phone": readable_phone(place.phone or ""),
        "staff_name": place.contact_name or place.short_name,
        "sender": f"{place.contact_name}, {place.short_name}" if place.contact_name else place.short_name,
    }


def _reader_fields(reader: Row[Any] | None, token: Row[Any] | None) -> dict[str, str]:
    role = getattr(reader, "role", None)
    return {
        "first_name": reader.name if reader else (token.name if token else ""),
        "role": Role(role).label if role else "",
    }


def _times(count: int) -> str:
    """once, 3 times; empty for never."""
    return "" if not count else "once" if count == 1 else f"{count} times"


def _stands(reader: Row[Any] | None, place: Row[Any] | None) -> str:
    """The stage of a parent or facilitator; for everybody else that of their school."""
    found = getattr(reader, "stage", None) or getattr(place, "stage", None)
    return str(found or "")


def _thanks_fields(reader: Row[Any] | None, came: bool) -> dict[str, str]:
    return {"thanks_to": reader.name if reader is not None and came else ""}


def _plan_fields(plan: Row[Any], place: Row[Any] | None, message: Message) -> dict[str, str]:
    day = _short_day if message.channel is Channel.SMS else _long_day
    next_date = getattr(plan, "next_date", None)
    # As the reader last heard it: of a day in between, whose message never went, they know nothing.
    known = day_of(message.step_before) or getattr(plan, "moved_from", None)
    on_date = known if message.step == CANCELLED else plan.on_date
    moved_from = None if message.step == CANCELLED else known
    return {
        "date": day(on_date) if on_date else "",
        "weekday": format_date(plan.on_date, "EEEE", locale="en_GB") if plan.on_date else "",
        "time": clock_time(plan.starts_at),
        "end_time": clock_time(plan.ends_at),
        "room": plan.room or (place.room if place else "") or "at school",
        "number": str(getattr(plan, "number", "")),
        "old_date": day(moved_from) if moved_from else "",
        "next_date": day(next_date) if next_date else "",
        "leaders": listed(getattr(plan, "leaders", [])),
        "dates": listed([day(on) for on in getattr(plan, "days", None) or []]),
        "left": str(getattr(plan, "to_come", 0) or ""),
        "met": _times(getattr(plan, "met", 0)),
    }


def _link_fields(
    kind: Kind, message: Message, token: Row[Any] | None, *, base_url: str, secret_key: str
) -> dict[str, str]:
    fields = {"link": "", "until": ""}
    if kind.needs_token and token is not None:
        if kind.code:
            fields["code"] = confirm_code(secret_key, message.token_id)
        else:
            fields["link"] = token_address(base_url, link_token(secret_key, message.token_id))
        fields["until"] = _until(token.expires_at, message.channel)
    elif kind.link not in (Link.NONE, Link.ONE_TIME):
        fields["link"] = place_address(base_url, kind.link.value)
    if message.recipient_kind is RecipientKind.PARENT:
        stop = StopLink(message.owner_id, message.recipient_id, message.channel)
        fields["stop_link"] = stop_address(base_url, make_stop_token(secret_key, stop))
    return fields


def _until(moment: datetime, channel: Channel) -> str:
    local = moment.astimezone(LONDON)
    if local.date() == now().astimezone(LONDON).date():
        return clock_time(local.time())
    return _short_day(local.date()) if channel is Channel.SMS else _long_day(local.date())


def _short_day(day: date) -> str:
    """Tue 3 Feb"""
    return in_words(day, short=True)


def _long_day(day: date) -> str:
    """Tuesday 3 February"""
    return in_words(day)


def clock_time(moment: time) -> str:
    """6:30pm"""
    hour = moment.hour % 12 or 12
    return f"{hour}:{moment.minute:02}{'am' if moment.hour < 12 else 'pm'}"
