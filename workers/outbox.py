"""The outboxes as the dispatcher takes messages from them and writes down what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Update,
    Uuid,
    bindparam,
    case,
    func,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from app.messages.models import AuthorityOutbox, Outbox
from app.messages.parts import Message
from app.messages.problems import Problem
from app.states.messages import TAKEN, Channel, RecipientKind, State
from infra.database import server_now
from workers.claims import Claims, authorities_of, mine
from workers.lines import Line

BATCH = 200
LEASE = timedelta(seconds=120)
TABLES: tuple[tuple[Table, str], ...] = (
    (Outbox.__table__, "school_id"),
    (AuthorityOutbox.__table__, "authority_id"),
)


def claims_of(table: Table, owner: str, lease: timedelta) -> Claims:
    """How messages of one of `TABLES` are taken, for how long."""
    return Claims(table, owner, TAKEN, lease)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claimed message."""

    message: Message
    state: State
    problem: Problem | None = None
    provider_id: str | None = None
    next_at: datetime | None = None
    #: Of a text that went.
    number_hash: bytes | None = None
    parts: int | None = None
    #: What it went by; of one that waits, by which key nobody knows whether it went.
    line: Line | None = None
    key_id: UUID | None = None


def offer(
    session: Session, messages: Sequence[Message], key_id: UUID | None, *, also_none: bool = False
) -> None:
    """Write down with which key these are about to be handed over, while their claims are ours."""
    if not messages or (key_id is None and not also_none):
        return
    rows, owner = TABLES[messages[0].is_authority]
    claims = [(one.owner_id, one.id, one.attempt) for one in messages]
    session.execute(
        update(rows)
        .where(tuple_(rows.c[owner], rows.c.id, rows.c.attempt).in_(claims), rows.c.state == State.SENDING)
        .values(notify_key_id=key_id)
    )


def claim(session: Session, claims: Claims, *, unless: ColumnElement[bool] | None) -> Iterator[Message]:
    """Take what is due, but for what `unless` holds of; with what is needed to send it."""
    taken = claims.take(session, limit=BATCH, columns=_CLAIMED, unless=unless)
    owners = [row.owner_id for row in taken]
    is_authority = claims.owner == "authority_id"
    authorities = dict(zip(owners, owners, strict=True)) if is_authority else authorities_of(session, owners)
    for row in taken:
        yield Message(
            owner_id=row.owner_id,
            authority_id=authorities[row.owner_id],
            is_authority=is_authority,
            id=row.id,
            kind=row.kind,
            channel=Channel(row.channel),
            recipient_kind=RecipientKind(row.recipient_kind),
            recipient_id=row.recipient_id,
            subject_id=row.subject_id,
            attempt=row.attempt,
            not_after=row.not_after,
            topic=row.topic,
            step=row.step,
            step_before=row.step_before,
            created_at=row.created_at,
            key_id=row.notify_key_id,
        )


_CLAIMED = ("id", "kind", "channel", "recipient_kind", "recipient_id", "subject_id", "attempt", "not_after",
            "topic", "step", "step_before", "created_at", "notify_key_id")  # fmt: skip


def _record_statement(claims: Claims) -> Update:
    """One statement for every outcome, so that a chunk's are sent together."""
    c = claims.table.c
    return claims.settling(
        {
            "state": bindparam("new_state"),
            "problem": bindparam("new_problem"),
            "provider_id": func.coalesce(bindparam("new_provider_id", type_=Text), c.provider_id),
            "sent_at": case(
                (bindparam("new_provider_id", type_=Text).is_not(None), server_now()), else_=c.sent_at
            ),
            "number_hash": func.coalesce(bindparam("new_number_hash", type_=LargeBinary), c.number_hash),
            "notify_key_id": bindparam("new_key", type_=Uuid),
            "parts": func.coalesce(bindparam("new_parts", type_=SmallInteger), c.parts),
            "next_at": func.coalesce(bindparam("new_next_at", type_=DateTime(timezone=True)), c.next_at),
        }
    )


RECORD = tuple(_record_statement(claims_of(table, owner, LEASE)) for table, owner in TABLES)


def values_of(outcome: Outcome) -> dict[str, object]:
    """What `RECORD` writes of it."""
    message = outcome.message
    return {
        **mine(message.owner_id, message.id, message.attempt),
        "new_state": outcome.state,
        "new_problem": outcome.problem or "",
        "new_provider_id": outcome.provider_id,
        "new_next_at": outcome.next_at,
        "new_number_hash": outcome.number_hash,
        "new_parts": outcome.parts,
        "new_key": outcome.key_id,
    }
