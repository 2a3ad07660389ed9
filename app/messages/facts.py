"""Reads what one school's (or authority's) messages need to know, just before they are sent.

The caller's session serves exactly that school or authority, as the dispatcher; ids of others find nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from babel.dates import format_date
from sqlalchemy import Row, TextClause
from sqlalchemy.orm import Session

from app.identity.roles import Role
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
from app.messages.lookups import (
    AUTHORITY,
    CAME,
    COHORTS,
    CONFIRMED,
    EARLIER,
    FACILITATORS,
    LEADING_DSL,
    LEADING_OFFICER,
    MEMBERS,
    MEMBERSHIPS,
    PARENTS,
    REPLACED,
    REPLACED_OF_AUTHORITY,
    SCHOOL,
    SESSIONS,
    STAFF,
    STOPPED_NUMBERS,
    TEXTED_NUMBERS,
    TOKENS,
    WAITING,
)
from app.messages.numbers import number_key
from app.messages.steps import CANCELLED, day_of, known_days
from app.shell.dates import in_words
from app.shell.parsing import listed, readable_phone
from app.states.messages import Channel, RecipientKind
from app.states.schools import SchoolStage
from infra.clock import LONDON, now

#: Facilitators who have gone.
FACILITATOR_GONE = "withdrawn"


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

    def numbers(self, statement: TextClause, keys: Iterable[bytes]) -> Sequence[Row[Any]]:
        wanted = list(set(keys))
        return (
            self._session.execute(statement, {"owner": self._owner_id, "ids": wanted}).all() if wanted else []
        )

    def by_id(self, statement: TextClause, ids: Iterable[UUID]) -> dict[UUID, Row[Any]]:
        return {row.id: row for row in self.rows(statement, ids)}

    def rows(self, statement: TextClause, ids: Iterable[UUID]) -> Sequence[Row[Any]]:
        wanted = list(set(ids))
        if not wanted:
            return []
        return self._session.execute(statement, {"owner": self._owner_id, "ids": wanted}).all()


def gather(
    session: Session,
    messages: Sequence[Message],
    *,
    base_url: str,
    secret_key: str,
    pretended: timedelta | None = None,
) -> dict[UUID, Facts]:
    """What is known about each message, by its id. All messages have the same owner.

    `pretended`: for a look beforehand, by whoever would cause them. One-time links are taken to be made, to end after
    so long; what only a worker may ask is left out.
    """
    read = _Reader(session, messages[0].owner_id)
    is_authority = messages[0].is_authority
    place = read.one(AUTHORITY if is_authority else SCHOOL)
    readers = _readers(read, messages)
    plans = {
        **read.by_id(SESSIONS, _subjects(messages, About.SESSION)),
        **read.by_id(COHORTS, _subjects(messages, About.COHORT, About.LEFT_COHORT)),
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
    confirmed = {
        (row.id, Channel(row.channel))
        for row in read.rows(
            CONFIRMED,
            (m.recipient_id for m in messages if get_kind(m.kind).is_for_their_eyes and pretended is None),
        )
    }
    wanted = (m.token_id for m in messages if get_kind(m.kind).reads_token) if pretended is None else ()
    tokens = read.by_id(TOKENS, wanted)
    replaced = read.by_id(
        REPLACED_OF_AUTHORITY if is_authority else REPLACED, (m.id for m in messages if m.topic)
    )
    knew = known_days(messages, read.rows(EARLIER, (m.id for m in messages if m.topic and not is_authority)))
    waiting = read.by_id(
        WAITING,
        (m.recipient_id for m in messages if not is_authority and get_kind(m.kind).says_where_or_when),
    )
    keys = {
        m.id: number_key(secret_key, row.phone)
        for m in messages
        if m.channel is Channel.SMS and (row := readers.get((m.recipient_kind, m.recipient_id))) and row.phone
    }
    asked = keys.values() if pretended is None else ()
    stopped = {row.number_hash: row.stopped_at for row in read.numbers(STOPPED_NUMBERS, asked)}
    texted = {row.number_hash for row in read.numbers(TEXTED_NUMBERS, keys.values())}
    gathered = {}
    for message in messages:
        kind = get_kind(message.kind)
        reader = readers.get((message.recipient_kind, message.recipient_id))
        plan = plans.get(message.subject_id) if message.subject_id else None
        token: Any = tokens.get(message.token_id) if kind.reads_token else None
        if pretended is not None and kind.reads_token and reader:
            address = reader.email if message.channel is Channel.EMAIL else reader.phone
            token = TokenFact(address, True, now() + pretended)
        gathered[message.id] = Facts(
            reader=_reader_fact(message.recipient_kind, reader) if reader else None,
            plan=_plan_fact(plan, (plan.cohort_id, message.recipient_id) in in_groups) if plan else None,
            token=TokenFact(token.address, token.is_open, token.expires_at) if token else None,
            school_stage=None if is_authority or place is None else place.stage,
            not_after=message.not_after,
            step=message.step,
            stands=_stands(reader, place),
            step_before=knew[message.id],
            is_replaced=message.id in replaced,
            waits_until=waiting[message.recipient_id].waits_until
            if message.recipient_id in waiting
            else None,
            confirmed=frozenset(
                channel for channel in Channel if (message.recipient_id, channel) in confirmed
            ),
            written_at=message.created_at,
            number_stopped_at=stopped.get(keys.get(message.id, b"")),
            is_first_text=message.id in keys and keys[message.id] not in texted,
            language=getattr(reader, "language", "en"),
            fields={
                **_place_fields(place, is_authority),
                **_reader_fields(reader, token),
                **_thanks_fields(
                    reader,
                    plan is not None
                    and (plan.cohort_id, message.recipient_id) in came
                    and (message.recipient_id, message.channel) in confirmed,
                ),
                **(_plan_fields(plan, place, message, knew[message.id]) if plan else {}),
                **_link_fields(kind, message, token, base_url=base_url, secret_key=secret_key),
            },
        )
    return gathered


def gather_readers(session: Session, messages: Sequence[Message]) -> dict[UUID, Facts]:
    """Who reads each of one school's messages, by its id, and nothing of what it speaks of: for whoever causes them.

    People at work are not looked up: they have an address.
    """
    read = _Reader(session, messages[0].owner_id)
    place = read.one(SCHOOL)
    readers = _readers(read, messages)
    waiting = read.by_id(WAITING, (m.recipient_id for m in messages if get_kind(m.kind).says_where_or_when))
    return {
        message.id: Facts(
            reader=_reader_fact(
                message.recipient_kind, readers[message.recipient_kind, message.recipient_id]
            ),
            school_stage=place.stage if place else None,
            stands=_stands(readers[message.recipient_kind, message.recipient_id], place),
            waits_until=waiting[message.recipient_id].waits_until
            if message.recipient_id in waiting
            else None,
        )
        for message in messages
        if (message.recipient_kind, message.recipient_id) in readers
    }


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


def _subjects(messages: Sequence[Message], *about: About) -> list[UUID]:
    return [m.subject_id for m in messages if m.subject_id and get_kind(m.kind).about in about]


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
            texts_agreed_at=row.texts_agreed_at,
            doubted=frozenset(row.doubted),
        )
    if recipient_kind is RecipientKind.FACILITATOR:
        return ReaderFact(
            row.email,
            row.phone,
            is_active=row.stage != FACILITATOR_GONE,
            doubted=frozenset(row.doubted),
            emails_stopped=row.emails_stopped_at is not None,
            texts_stopped=row.texts_stopped_at is not None,
        )
    # Whoever leads is looked up by their role, and has come in.
    doubted = frozenset(getattr(row, "doubted", ()))
    return ReaderFact(row.email, row.phone, is_active=row.ended_at is None, doubted=doubted)


def _plan_fact(row: Row[Any], is_in_group: bool) -> PlanFact:
    if not hasattr(row, "state"):
        return PlanFact(row.cohort_state, is_in_group)
    starts_at = datetime.combine(row.on_date, row.starts_at, LONDON)
    return PlanFact(row.cohort_state, is_in_group, row.state, row.on_date, starts_at, row.closed_at)


def _place_fields(place: Row[Any] | None, is_authority: bool) -> dict[str, str]:
    if place is None:
        return {}
    if is_authority:
        return {"authority": place.authority, "phone": readable_phone(place.phone or "")}
    return {
        "authority": place.authority,
        "school": place.short_name,
        "reason": place.stage_reason,
        "paused_school": place.short_name if place.stage == SchoolStage.PAUSED else "",
        "phone": readable_phone(place.phone or ""),
        "staff_name": place.contact_name or place.short_name,
        "sender": f"{place.contact_name}, {place.short_name}" if place.contact_name else place.short_name,
    }


def _reader_fields(reader: Row[Any] | None, token: Row[Any] | None) -> dict[str, str]:
    role, at = getattr(reader, "role", None), getattr(reader, "begins_at", None)
    begins = at.astimezone(LONDON) if at else None
    return {
        "first_name": reader.name if reader else (token.name if token else ""),
        "role": Role(role).label if role else "",
        "begins": f"{_long_day(begins.date())} at {clock_time(begins.time())}" if begins else "",
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


def _plan_fields(plan: Row[Any], place: Row[Any] | None, message: Message, knew: str) -> dict[str, str]:
    day = partial(in_words, short=message.channel is Channel.SMS)
    next_date = getattr(plan, "next_date", None)
    # As the reader last heard it: of a day in between, whose message never went, they know nothing.
    known = day_of(knew) or getattr(plan, "moved_from", None)
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
        "group": getattr(plan, "group_name", ""),
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
            fields["link"] = token_address(base_url, link_token(secret_key, message.token_id, token.salt))
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
    return in_words(local.date(), short=channel is Channel.SMS)


def _long_day(day: date) -> str:
    """Tuesday 3 February"""
    return in_words(day)


def clock_time(moment: time) -> str:
    """6:30pm"""
    hour = moment.hour % 12 or 12
    return f"{hour}:{moment.minute:02}{'am' if moment.hour < 12 else 'pm'}"
