"""How parents are reached: what messages need to know of them when they are sent, and how a channel is stopped."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Date,
    DateTime,
    Select,
    String,
    Uuid,
    any_,
    bindparam,
    column,
    func,
    select,
    text,
)
from sqlalchemy.orm import Session

from app.messages.allowed import ReaderFact
from app.messages.links import StopLink
from app.messages.parts import Parents, Reader
from app.recruitment.models import ParentContact
from app.states.messages import Channel
from infra.ids import new_id
from tenants.pages import Part
from tenants.reading import note_read, was_read
from tenants.ready import Ready
from tenants.session import rows_written

_READERS = (
    text(
        "select p.school_id, p.id, p.stage, p.do_not_ask_until, coalesce(nullif(c.known_as, ''), c.first_name) name,"
        " c.email, c.phone, c.language, c.texts_stopped_at, c.emails_stopped_at, (select k.changed_at from consent k"
        " where k.school_id = p.school_id and k.parent_id = p.id and k.kind = 'text' and k.given) texts_agreed_at,"
        " coalesce((select array_agg(k.kind) from consent k"
        " where k.school_id = p.school_id and k.parent_id = p.id and k.given), '{}') agreed,"
        " (select coalesce(array_agg(d.address), '{}') from contact_doubt d where d.school_id = p.school_id"
        " and d.person_id = p.id and d.settled_at is null) doubted"
        " from parent p join parent_contact c on c.school_id = p.school_id and c.parent_id = p.id"
    )
    .columns(
        column("school_id", Uuid),
        column("id", Uuid),
        column("stage", String),
        column("do_not_ask_until", Date),
        *(column(name, String) for name in ("name", "email", "phone", "language")),
        *(column(name, DateTime) for name in ("texts_stopped_at", "emails_stopped_at", "texts_agreed_at")),
        *(column(name, ARRAY(String)) for name in ("agreed", "doubted")),
    )
    .subquery("reader")
)
_ALL_READERS = select(*(one for one in _READERS.c if one.name != "school_id"))
_PARENTS = Ready(
    _ALL_READERS.where(
        _READERS.c.school_id == bindparam("owner"),
        _READERS.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
    )
)
#: Of whoever leads, as the parent that they were.
_STOPPED = text(
    "select parent_id, emails_stopped_at, texts_stopped_at from parent_contact"
    " where school_id = :owner and parent_id = any(:ids)"
)
#: Whose fresh start is less than a day old.
_FRESH_STARTS = Ready(
    text(
        "select person_id, max(waits_until) waits_until from fresh_start where school_id = :owner"
        " and person_id = any(:ids) and waits_until > app.now() and (ended is null or ended = 'done')"
        " group by person_id"
    )
)
_WAITS = (
    text(
        "select person_id, max(waits_until) waits_until from fresh_start where school_id = :school_id"
        " and waits_until > app.now() and (ended is null or ended = 'done') group by person_id"
    )
    .columns(column("person_id", Uuid), column("waits_until", DateTime))
    .subquery("wait")
)
_NAMES = select(
    ParentContact.parent_id.label("id"),
    func.trim(ParentContact.first_name + " " + ParentContact.last_name).label("name"),
).where(
    ParentContact.school_id == bindparam("school"),
    ParentContact.parent_id == any_(bindparam("ids", type_=ARRAY(Uuid))),
)
#: Those whose texts a reply stops: not stopped yet, and not agreed to again since the reply was written.
_STILL_TEXTED = text(
    "select c.parent_id from parent_contact c left join consent k on k.school_id = c.school_id"
    " and k.parent_id = c.parent_id and k.kind = 'text' and k.given"
    " where c.school_id = :school and c.phone = any(:numbers) and c.texts_stopped_at is null"
    " and (k.changed_at is null or k.changed_at < :at) order by c.parent_id"
)
_STOP_TEXTS = text(
    "update parent_contact set texts_stopped_at = :at"
    " where school_id = :school and parent_id = :parent and texts_stopped_at is null"
)
_STOP_EMAILS = text(
    "update parent_contact set emails_stopped_at = :at"
    " where school_id = :school and parent_id = :parent and emails_stopped_at is null"
)
_WAYS = text(
    "select email, phone, emails_stopped_at, texts_stopped_at from parent_contact"
    " where school_id = :school and parent_id = :parent"
)
_HOLD_WAYS = text(
    "select email, phone, emails_stopped_at, texts_stopped_at from parent_contact"
    " where school_id = :school and parent_id = :parent for update"
)
_NOTE_WITHDRAWAL = text(
    "insert into consent_event (school_id, id, parent_id, kind, given, wording_version, at)"
    " select school_id, cast(:id as uuid), parent_id, kind, false, wording_version, cast(:at as timestamptz)"
    " from consent where school_id = :school and parent_id = :parent and kind = :kind and given"
)
_WITHDRAW_CONSENT = text(
    "update consent set given = false, changed_at = :at"
    " where school_id = :school and parent_id = :parent and kind = :kind and given"
)


def read_parents(session: Session, school_id: UUID, ids: Collection[UUID]) -> dict[UUID, Reader]:
    """These parents as readers of messages."""
    known = was_read(session, read_parents, school_id, ids)
    if not (missing := [one for one in ids if one not in known]):
        return known
    rows = _PARENTS.all(session, {"owner": school_id, "ids": missing})
    return known | {row.id: _as_reader(row) for row in rows}


def _as_reader(row: Any) -> Reader:
    return Reader(
        ReaderFact(
            row.email,
            row.phone,
            stage=row.stage,
            agreed=frozenset(row.agreed),
            emails_stopped=row.emails_stopped_at is not None,
            texts_stopped=row.texts_stopped_at is not None,
            do_not_ask_until=row.do_not_ask_until,
            texts_agreed_at=row.texts_agreed_at,
            doubted=frozenset(row.doubted),
        ),
        row.name,
        stands=row.stage,
        language=row.language,
        person_id=row.id,
    )


def list_stopped(
    session: Session, school_id: UUID, parent_ids: Collection[UUID]
) -> dict[UUID, frozenset[Channel]]:
    """Channels that these parents have stopped."""
    if not parent_ids:
        return {}
    rows = session.execute(_STOPPED, {"owner": school_id, "ids": list(parent_ids)})
    return {
        row.parent_id: frozenset(
            channel
            for channel, at in ((Channel.EMAIL, row.emails_stopped_at), (Channel.SMS, row.texts_stopped_at))
            if at is not None
        )
        for row in rows
    }


def fresh_starts(session: Session, school_id: UUID, ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Until when messages with a place or a time wait, by parent."""
    known = was_read(session, fresh_starts, school_id, ids)
    found = {key: until for key, until in known.items() if until is not None}
    if not (missing := [one for one in ids if one not in known]):
        return found
    rows = _FRESH_STARTS.all(session, {"owner": school_id, "ids": missing})
    return found | {row.person_id: row.waits_until for row in rows}


def readers_among(chosen: Select[*tuple[Any, ...]]) -> tuple[Part, Part]:
    """What a page reads ahead of the parents whom `chosen` names, in the school that it is about."""
    ids = chosen.subquery()
    key = ids.c[0]
    return (
        Part(
            None,
            _ALL_READERS.where(
                _READERS.c.school_id == bindparam("school_id"), _READERS.c.id.in_(select(key))
            ),
            keep=lambda session, rows, values: note_read(
                session, read_parents, values["school_id"], {row.id: _as_reader(row) for row in rows}
            ),
        ),
        Part(
            None,
            select(key.label("id"), _WAITS.c.waits_until).outerjoin(_WAITS, _WAITS.c.person_id == key),
            keep=lambda session, rows, values: note_read(
                session, fresh_starts, values["school_id"], {row.id: row.waits_until for row in rows}
            ),
        ),
    )


def stop(session: Session, link: StopLink, at: datetime) -> bool:
    """Stop one channel, in the scope of the parent whose it is, and withdraw the consent; False when it was before."""
    values = {"school": link.school_id, "parent": link.parent_id, "at": at}
    is_email = link.channel is Channel.EMAIL
    if not rows_written(session.execute(_STOP_EMAILS if is_email else _STOP_TEXTS, values)):
        return False
    values |= {"kind": "email" if is_email else "text", "id": new_id()}
    session.execute(_NOTE_WITHDRAWAL, values)
    session.execute(_WITHDRAW_CONSENT, values)
    return True


def way_of(session: Session, link: StopLink, hold: bool) -> tuple[str, bool]:
    """The address of the link's channel as it is now, empty for none, and whether it is stopped.

    `hold`: it stays so until this session ends.
    """
    values = {"school": link.school_id, "parent": link.parent_id}
    row = session.execute(_HOLD_WAYS if hold else _WAYS, values).one_or_none()
    if row is None:
        return "", False
    if link.channel is Channel.EMAIL:
        return row.email or "", row.emails_stopped_at is not None
    return row.phone or "", row.texts_stopped_at is not None


def texted_at(session: Session, school_id: UUID, numbers: Collection[str], at: datetime) -> list[UUID]:
    """Parents of this school who get texts at one of these numbers, as far as a STOP of that moment goes."""
    values = {"school": school_id, "numbers": list(numbers), "at": at}
    return list(session.scalars(_STILL_TEXTED, values))


PARENTS = Parents(
    read_parents, _NAMES, fresh_starts=fresh_starts, stop=stop, way_of=way_of, texted_at=texted_at
)
