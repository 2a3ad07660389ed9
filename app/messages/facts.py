"""Reads what one school's (or authority's) messages need to know, just before they are sent.

The caller's session serves exactly that school or authority, as the dispatcher; ids of others find nothing. Who reads
a message and what it speaks of is read by the packages that keep it, one statement for all messages (`parts.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause
from sqlalchemy.orm import Session

from app.messages import catalogue
from app.messages.adapting import list_in_force
from app.messages.allowed import Facts, SubjectFact, TokenFact
from app.messages.catalogue import get_kind
from app.messages.kind import About, Kind, Link
from app.messages.links import (
    confirm_code,
    link_token,
    place_address,
    presenter_address,
    stop_page,
    token_address,
)
from app.messages.lookups import (
    CONFIRMED,
    REPLACED,
    REPLACED_OF_AUTHORITY,
    STOPPED_NUMBERS,
    TEXTED_NUMBERS,
    TOKENS,
)
from app.messages.numbers import number_key, number_key_at
from app.messages.parts import Message, Place, Reader, Subject, Subjects
from app.shell.dates import in_words, plain_clock
from app.states.messages import Channel, RecipientKind
from infra.clock import LONDON, now
from tenants.together import together

Readers = Mapping[tuple[RecipientKind, UUID], Reader]


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
    owner_id, is_authority = messages[0].owner_id, messages[0].is_authority
    where = catalogue.places()
    place = (where.authority if is_authority else where.school)(session, owner_id)
    readers = _read_people(session, messages)
    subjects = _read_subjects(session, messages, place)
    eyes = {m.recipient_id for m in messages if get_kind(m.kind).is_for_their_eyes and pretended is None}
    confirmed = {(row.id, Channel(row.channel)) for row in _rows(session, CONFIRMED, eyes)}
    carry = {m.token_id for m in messages if get_kind(m.kind).reads_token and pretended is None}
    tokens = {row.id: row for row in _rows(session, TOKENS, carry)}
    newer = REPLACED_OF_AUTHORITY if is_authority else REPLACED
    replaced = {row.id for row in _rows(session, newer, {m.id for m in messages if m.topic}, owner=owner_id)}
    waiting = {} if is_authority else _read_fresh_starts(session, messages, _people_among(messages, readers))
    keys = {
        m.id: number_key(secret_key, reader.fact.phone)
        for m in messages
        if m.channel is Channel.SMS and (reader := _reader_of(m, readers)) and reader.fact.phone
    }
    numbers = set(keys.values())
    own = list_in_force(session, messages[0].authority_id, {message.kind for message in messages})
    stopped = _stopped(session, messages[0].authority_id, numbers if pretended is None else set())
    texted = {row.number_hash for row in _rows(session, TEXTED_NUMBERS, numbers, owner=owner_id)}
    gathered = {}
    for message in messages:
        kind, subject = get_kind(message.kind), subjects.get(message.id)
        reader = _reader_of(message, readers)
        token: Any = tokens.get(message.token_id) if kind.reads_token else None
        if pretended is not None and kind.reads_token and reader:
            address = reader.fact.email if message.channel is Channel.EMAIL else reader.fact.phone
            token = TokenFact(address, True, now() + pretended)
        sure = frozenset(channel for channel in Channel if (message.recipient_id, channel) in confirmed)
        is_thanked = subject is not None and subject.came and message.channel in sure
        gathered[message.id] = Facts(
            reader=reader.fact if reader else None,
            plan=subject.fact if subject else None,
            token=TokenFact(token.address, token.is_open, token.expires_at) if token else None,
            school_stage=place.stage if place else None,
            not_after=message.not_after,
            step=message.step,
            stands=_stands(reader, place),
            step_before=subject.knew if subject else message.step_before,
            is_replaced=message.id in replaced,
            waits_until=_waits(kind, reader, waiting),
            confirmed=sure,
            written_at=message.created_at,
            number_stopped_at=stopped.get(keys.get(message.id, b"")),
            is_first_text=message.id in keys and keys[message.id] not in texted,
            language=reader.language if reader else "en",
            own=own.get(message.kind, {}),
            fields={
                **(place.fields if place else {}),
                **_reader_fields(reader, token),
                "thanks_to": reader.name if reader and is_thanked else "",
                **(subject.fields if subject else {}),
                **_link_fields(kind, message, reader, token, base_url=base_url, secret_key=secret_key),
            },
        )
    return gathered


def gather_readers(session: Session, messages: Sequence[Message]) -> dict[UUID, Facts]:
    """Who reads each of one school's messages, by its id, and nothing of what it speaks of: for whoever causes them."""
    with together(session) as ask:
        school = ask(catalogue.places().school, messages[0].owner_id)
        people = ask(_read_people, messages)
        parents_wait = ask(_read_fresh_starts, messages, known := _parents_among(messages))
    place, readers = school.value, people.value
    others = _people_among(messages, readers) - known
    waiting = parents_wait.value | _read_fresh_starts(session, messages, others)
    return {
        message.id: Facts(
            reader=reader.fact,
            school_stage=place.stage if place else None,
            stands=_stands(reader, place),
            waits_until=_waits(get_kind(message.kind), reader, waiting),
        )
        for message in messages
        if (reader := _reader_of(message, readers)) is not None
    }


def stand(session: Session, messages: Sequence[Message]) -> dict[UUID, SubjectFact]:
    """How what these messages of one school speak of stands now, by their ids; in the scope of its staff."""
    found: dict[UUID, SubjectFact] = {}
    for subjects, asked in _by_subjects(messages).items():
        found |= subjects.stand(session, asked)
    return found


def _stopped(session: Session, authority_id: UUID, numbers: set[bytes]) -> dict[bytes, datetime]:
    """When each number was stopped last, here or everywhere."""
    here = {number_key_at(authority_id, number): number for number in numbers}
    found: dict[bytes, datetime] = {}
    for row in _rows(session, STOPPED_NUMBERS, numbers | set(here)):
        number = here.get(row.number_hash, row.number_hash)
        found[number] = max(row.stopped_at, found.get(number, row.stopped_at))
    return found


def _rows(
    session: Session, statement: TextClause, ids: Collection[UUID] | Collection[bytes], **values: UUID
) -> Sequence[Row[Any]]:
    """What one statement finds for these ids; nothing is asked where there are none."""
    return session.execute(statement, {"ids": list(ids), **values}).all() if ids else []


def _read_people(session: Session, messages: Sequence[Message]) -> Readers:
    owner_id = messages[0].owner_id
    found: dict[tuple[RecipientKind, UUID], Reader] = {}
    for recipient_kind, people in catalogue.PEOPLE.items():
        ids = {m.recipient_id for m in messages if m.recipient_kind is recipient_kind}
        if ids:
            read = people.read(session, owner_id, ids)
            found |= {(recipient_kind, key): reader for key, reader in read.items()}
    # Who raises a concern may not know who reads it: such a message is addressed to the school or authority itself.
    to_lead = {
        m.recipient_kind for m in messages if m.recipient_id == owner_id and get_kind(m.kind).confidential
    }
    lead = catalogue.PEOPLE[RecipientKind.MEMBER if messages[0].is_authority else RecipientKind.STAFF].lead
    if to_lead and lead is not None and (leading := lead(session, owner_id)) is not None:
        found |= {(recipient_kind, owner_id): leading for recipient_kind in to_lead}
    return found


def _by_subjects(messages: Sequence[Message]) -> dict[Subjects, list[Message]]:
    found: dict[Subjects, list[Message]] = {}
    for message in messages:
        about = get_kind(message.kind).about
        if message.subject_id is not None and about is not About.NOTHING:
            found.setdefault(catalogue.SUBJECTS[about], []).append(message)
    return found


def _read_subjects(session: Session, messages: Sequence[Message], place: Place | None) -> dict[UUID, Subject]:
    found: dict[UUID, Subject] = {}
    for subjects, asked in _by_subjects(messages).items():
        found |= subjects.read(session, asked, place)
    return found


def _read_fresh_starts(
    session: Session, messages: Sequence[Message], people: Collection[UUID]
) -> dict[UUID, datetime]:
    """Until when messages with a place or a time wait, of these people."""
    return {**catalogue.parents().fresh_starts(session, messages[0].owner_id, people)} if people else {}


def _parents_among(messages: Sequence[Message]) -> set[UUID]:
    """Parents whose messages may have to wait: known before anybody is read."""
    return {
        m.recipient_id
        for m in messages
        if m.recipient_kind is RecipientKind.PARENT and get_kind(m.kind).says_where_or_when
    }


def _people_among(messages: Sequence[Message], readers: Readers) -> set[UUID]:
    """The same of everybody, also of facilitators who are parents too."""
    return {
        reader.person_id
        for m in messages
        if get_kind(m.kind).says_where_or_when and (reader := _reader_of(m, readers)) and reader.person_id
    }


def _waits(kind: Kind, reader: Reader | None, waiting: Mapping[UUID, datetime]) -> datetime | None:
    if reader is None or reader.person_id is None or not kind.says_where_or_when:
        return None
    return waiting.get(reader.person_id)


def _reader_of(message: Message, readers: Readers) -> Reader | None:
    return readers.get((message.recipient_kind, message.recipient_id))


def _stands(reader: Reader | None, place: Place | None) -> str:
    """The stage of a parent or facilitator; for everybody else that of their school."""
    return (reader.stands if reader else "") or (place.stage if place else "") or ""


def _reader_fields(reader: Reader | None, token: Row[Any] | None) -> dict[str, str]:
    name = reader.name if reader else (token.name if token else "")
    return {"first_name": name, "role": "", "begins": "", **(reader.fields if reader else {})}


def _link_fields(
    kind: Kind,
    message: Message,
    reader: Reader | None,
    token: Row[Any] | None,
    *,
    base_url: str,
    secret_key: str,
) -> dict[str, str]:
    fields = {"link": "", "until": "", "lasts": ""}
    if kind.needs_token and token is not None:
        if kind.code:
            fields["code"] = confirm_code(secret_key, message.token_id)
        else:
            fields["link"] = token_address(base_url, link_token(secret_key, message.token_id, token.salt))
        fields["until"] = _until(token.expires_at, message.channel)
        fields["lasts"] = f"{int(kind.useful_for.total_seconds() // 60)} minutes"
    elif kind.link is Link.PRESENTING:
        fields["link"] = presenter_address(base_url, secret_key, message.recipient_id)
    elif kind.link not in (Link.NONE, Link.ONE_TIME):
        fields["link"] = place_address(base_url, kind.link.value, message.recipient_kind)
    if message.recipient_kind is RecipientKind.PARENT:
        fact = reader.fact if reader else None
        own = None if fact is None else fact.email if message.channel is Channel.EMAIL else fact.phone
        whose = message.owner_id, message.recipient_id, message.channel
        fields["stop_link"] = stop_page(base_url, secret_key, *whose, token.address if token else own)
    return fields


def _until(moment: datetime, channel: Channel) -> str:
    local = moment.astimezone(LONDON)
    if local.date() == now().astimezone(LONDON).date():
        return plain_clock(local.time())
    return in_words(local.date(), short=channel is Channel.SMS)
