"""What stands in a school's outbox already, for whoever decides what to write next."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from infra.clock import LONDON

_EVER = datetime(2000, 1, 1, tzinfo=LONDON)
#: What was written before, so that the database need not refuse it row by row.
_KEYS = text(
    "select kind, dedupe_key from outbox where school_id = :school and created_at > :since and kind = any(:kinds)"
)
_OPEN = text(
    "select id, channel, recipient_id from outbox where school_id = :school and kind = :kind"
    " and recipient_id = any(:recipients) and state in ('sent', 'delivered')"
    " and created_at <= :before and not_after > :after order by created_at, id"
)
#: One line for each message, whatever its channels.
_EARLIER = text(
    "select m.id, o.step, o.step_before, bool_or(o.state in ('sending', 'sent', 'delivered')) went"
    " from unnest(cast(:ids as uuid[]), cast(:also as text[])) a(id, also)"
    " join outbox m on m.school_id = :school and m.id = a.id"
    " join outbox o on o.school_id = m.school_id and o.recipient_kind = m.recipient_kind"
    " and o.recipient_id = m.recipient_id and o.topic in (m.topic, a.also)"
    " and o.id < m.id and o.dedupe_key <> m.dedupe_key"
    " group by m.id, o.dedupe_key, o.step, o.step_before order by max(o.id::text) desc"
)
_STEPS = text(
    "select distinct topic, step, step_before from outbox where school_id = :school and topic = any(:topics)"
)
_TOLD = text(
    "select a.id from unnest(cast(:ids as uuid[]), cast(:topic as text[]), cast(:step as text[]),"
    " cast(:also as text[]), cast(:within as text[])) a(id, topic, step, also, within)"
    " where exists (select from outbox o where o.school_id = :school"
    " and o.state in ('sending', 'sent', 'delivered')"
    " and (o.topic = a.topic and o.step = a.step or o.topic = a.also and position(a.within in o.step || ' ') > 0))"
)


def keys_of(
    session: Session, school_id: UUID, kinds: Collection[str], *, since: datetime = _EVER
) -> frozenset[tuple[str, str]]:
    """Kind and dedupe key of each message of these kinds that was written after `since`."""
    values = {"school": school_id, "kinds": list(kinds), "since": since}
    return frozenset((row.kind, row.dedupe_key) for row in session.execute(_KEYS, values))


def list_open(
    session: Session,
    school_id: UUID,
    kind: str,
    recipients: Collection[UUID],
    *,
    written_before: datetime,
    useful_after: datetime,
) -> Sequence[Row[Any]]:
    """Messages of this kind that went to these people and are useful still: `id`, `channel`, `recipient_id`."""
    values = {
        "school": school_id,
        "kind": kind,
        "recipients": list(recipients),
        "before": written_before,
        "after": useful_after,
    }
    return session.execute(_OPEN, values).all() if recipients else []


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier message to the same person about the same thing, or all of its group; whether it went at all."""

    step: str
    before: str
    went: bool


def list_earlier(
    session: Session, school_id: UUID, also: Mapping[UUID, str]
) -> Mapping[UUID, Sequence[Earlier]]:
    """What was written to the same person before each of these messages, by its id, newest first.

    About the same topic, or about the other one that `also` names beside the message.
    """
    if not also:
        return {}
    values = {"school": school_id, "ids": list(also), "also": list(also.values())}
    earlier: dict[UUID, list[Earlier]] = {}
    for row in session.execute(_EARLIER, values):
        earlier.setdefault(row.id, []).append(Earlier(row.step, row.step_before, row.went))
    return earlier


def list_steps(session: Session, school_id: UUID, topics: Sequence[str]) -> Sequence[Row[Any]]:
    """Every step with the one before it that was ever written about these topics: `topic`, `step`, `step_before`."""
    return session.execute(_STEPS, {"school": school_id, "topics": list(topics)}).all()


@dataclass(frozen=True, slots=True)
class Told:
    """What may have been told of `id`: `step` of `topic`, or something of `also` with `within` in its step."""

    id: UUID
    topic: str
    step: str
    also: str
    within: str


def which_were_told(session: Session, school_id: UUID, asked: Sequence[Told]) -> set[UUID]:
    """Those of `asked` of which a message went to somebody."""
    if not asked:
        return set()
    values = {name: [getattr(one, name) for one in asked] for name in ("topic", "step", "also", "within")}
    values["ids"] = [one.id for one in asked]
    return set(session.scalars(_TOLD, {"school": school_id, **values}))
