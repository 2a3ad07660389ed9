"""Put messages into the outbox, ring for the worker, send again, and stop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import current_app, has_request_context
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.messages.catalogue import get_kind
from app.messages.links import link_token, token_hash
from app.messages.models import AuthorityOutbox, Channel, Outbox, RecipientKind, State
from app.messages.timing import next_allowed
from app.shell.edge import after_commit
from infra.clock import now
from infra.ids import new_id
from infra.queue import Bell, ring

__all__ = ["enqueue", "link_token", "ring_bell", "token_hash"]


def enqueue(
    session: Session,
    *,
    kind: str,
    recipient_kind: RecipientKind | str,
    recipient_id: UUID,
    dedupe_key: str,
    school_id: UUID | None = None,
    authority_id: UUID | None = None,
    subject_id: UUID | None = None,
    channels: Sequence[Channel | str] | None = None,
    not_after: datetime | None = None,
) -> list[UUID]:
    """Write one outbox row per channel in the caller's transaction; the ids of the rows that are new.

    Give `school_id`, or `authority_id` for an authority's own people. The same `(kind, dedupe_key, channel)` twice
    is written once: the second call's id is missing from the answer, and nothing else happens. `channels` defaults
    to all that the kind has; consent, stops and missing addresses are judged when it is sent, so callers need not.
    In a web request the worker is rung after the commit. For a one-time link: `token_hash(link_token(key, id))`
    goes to `identity.issue_token`, for each id.
    """
    entry = get_kind(kind)
    table = (Outbox if school_id else AuthorityOutbox).__table__
    owner = {"school_id": school_id} if school_id else {"authority_id": authority_id}
    moment = now()
    written = []
    for channel in map(Channel, channels if channels is not None else entry.channels):
        if channel not in entry.channels:
            raise ValueError(f"{kind} has no words for {channel}")
        row_id = new_id()
        values = {
            **owner,
            "id": row_id,
            "kind": kind,
            "channel": channel.value,
            "recipient_kind": RecipientKind(recipient_kind).value,
            "recipient_id": recipient_id,
            "subject_id": subject_id,
            "dedupe_key": dedupe_key,
            "state": State.QUEUED.value,
            "attempt": 0,
            "next_at": next_allowed(entry, channel, moment),
            "problem": "",
            "not_after": not_after or moment + entry.useful_for,
            "created_at": moment,
        }
        # Not every audience may read the outbox, so neither RETURNING nor ON CONFLICT: the constraint decides.
        try:
            with session.begin_nested():
                session.execute(insert(table), values)
        except IntegrityError as error:
            if _constraint(error) != f"{table.name}_dedupe":
                raise
        else:
            written.append(row_id)
    if written and has_request_context():
        after_commit(ring_bell)
    return written


def _constraint(error: IntegrityError) -> str | None:
    return getattr(getattr(error.orig, "diag", None), "constraint_name", None)


def ring_bell() -> None:
    """Ask the messages worker to look now. Call it after the commit; `enqueue` arranges that in a web request."""
    ring(current_app.extensions["settings"].secret("redis_url"), Bell.MESSAGES)
