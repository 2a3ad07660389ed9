"""Put messages into the outbox, ring for the worker, send again, and stop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask import current_app, g, has_request_context
from flask_babel import gettext as _
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.extensions import db
from app.messages import catalogue
from app.messages.catalogue import get_kind
from app.messages.kind import Link
from app.messages.links import StopLink, address_mark, link_token, token_hash
from app.messages.models import AuthorityOutbox, Outbox
from app.messages.queries import get_message
from app.messages.standing import judge
from app.messages.steps import step_of
from app.messages.timing import next_allowed
from app.shell.edge import after_commit
from app.shell.refusals import Refused
from app.states.messages import Channel, RecipientKind, State
from infra.clock import now
from infra.database import broken_constraint
from infra.ids import new_id
from infra.queue import Bell, ring
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession

__all__ = [
    "enqueue",
    "link_token",
    "ring_bell",
    "school_of_link",
    "send_again",
    "standing_of",
    "stop",
    "stop_by_link",
    "stop_emails",
    "stop_texts",
    "token_hash",
]

SENT_AGAIN = define("messages:message:sent_again", keys=("kind",))
TEXTS_STOPPED = define("messages:text:stopped")
EMAILS_STOPPED = define("messages:email:stopped")


class StopStands(StrEnum):
    """What a stop link finds: something to stop, that it is stopped, or an address that is the parent's no longer."""

    OPEN = "stop"
    STOPPED = "stopped"
    OLD = "stop_old"


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
    not_before: datetime | None = None,
) -> list[UUID]:
    """Write one outbox row per channel in the caller's transaction; the ids of the rows that are new.

    Give `school_id`, or `authority_id` for an authority's own people. The same `(kind, dedupe_key, channel)` twice
    is written once: the second call's id is missing from the answer, and nothing else happens. `channels` defaults
    to all that the kind has; consent, stops and missing addresses are judged when it is sent, so callers need not.
    Messages to the same reader about the same thing that still wait are dropped for it (`steps.py`).
    What can still be taken back waits until `not_before`; its time to be useful counts from there.
    In a web request the worker is rung after the commit. What opens a one-time link comes about where it is sent
    (`arming.py`). Raises ValueError when the kind is not for that recipient or channel.
    """
    entry = get_kind(kind)
    if RecipientKind(recipient_kind) is not entry.to:
        raise ValueError(f"{kind} is for a {entry.to}, not for a {recipient_kind}")
    owner_id = school_id or authority_id
    assert owner_id is not None  # noqa: S101 - every message belongs to a school or an authority
    about = step_of(session, entry, owner_id=owner_id, recipient_id=recipient_id, subject_id=subject_id)
    table = (Outbox if school_id else AuthorityOutbox).__table__
    owner = {"school_id": school_id} if school_id else {"authority_id": authority_id}
    moment = now()
    due = max(moment, not_before or moment)
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
            "topic": about.topic,
            "step": about.step,
            "step_before": about.before,
            "state": State.QUEUED.value,
            "attempt": 0,
            "next_at": next_allowed(entry, channel, due),
            "problem": "",
            "not_after": not_after or due + entry.useful_for,
            "created_at": moment,
        }
        # Not every audience may read the outbox, so neither RETURNING nor ON CONFLICT: the constraint decides.
        try:
            with session.begin_nested():
                session.execute(insert(table), values)
        except IntegrityError as error:
            if broken_constraint(error) != f"{table.name}_dedupe":
                raise
        else:
            written.append(row_id)
    if written and has_request_context():
        after_commit(ring_bell)
        # What becomes of them is said on the page: see `outlook.py`.
        g.setdefault("messages_written", []).extend(written)
    return written


def ring_bell() -> None:
    """Ask the messages worker to look now. Call it after the commit; `enqueue` arranges that in a web request."""
    ring(current_app.extensions["settings"].secret("redis_url"), Bell.MESSAGES)


def send_again(session: Session, *, school_id: UUID, message_id: UUID) -> list[UUID]:
    """Write a failed message once more, as a new row; the new id, or nothing when that was done before.

    Raises NotFound when there is no such message, Refused when sending it once more cannot help, or would not be done.
    """
    old = get_message(session, school_id, message_id)
    kind = get_kind(old.kind)
    if old.is_repeated:
        return []
    if not judge(session, school_id, [old])[old.id].again:
        raise Refused(_("This message cannot be sent again. See what to do beside it."))
    written = enqueue(
        session,
        kind=old.kind,
        school_id=school_id,
        recipient_kind=old.recipient_kind,
        recipient_id=old.recipient_id,
        # A one-time link is the old row's; what a session's or group's message speaks of stays the same.
        subject_id=old.subject_id or (old.id if kind.link is Link.ONE_TIME else None),
        dedupe_key=f"again:{old.id}",
        channels=[old.channel],
    )
    if written:
        record(session, SENT_AGAIN, school_id=school_id, subject_id=old.recipient_id, kind=old.kind)
    return written


def stop_texts(session: Session, *, school_id: UUID, parent_id: UUID) -> None:
    """No more texts to this parent from this school, from this moment; the consent is withdrawn with it."""
    stop(session, StopLink(school_id, parent_id, Channel.SMS))


def stop_emails(session: Session, *, school_id: UUID, parent_id: UUID) -> None:
    """No more emails to this parent from this school, from this moment; the consent is withdrawn with it."""
    stop(session, StopLink(school_id, parent_id, Channel.EMAIL))


def stop(session: Session, link: StopLink) -> None:
    """Stop one channel, in the scope of the parent whose it is. Saying it twice changes nothing."""
    if not catalogue.parents().stop(session, link, now()):
        return
    is_email = link.channel is Channel.EMAIL
    record(
        session,
        EMAILS_STOPPED if is_email else TEXTS_STOPPED,
        school_id=link.school_id,
        subject_id=link.parent_id,
    )


def stop_by_link(link: StopLink) -> bool:
    """Stop what a signed link says, for somebody who is not signed in: in a session of that parent alone.

    False, and nothing is stopped, when the link went to an address that is the parent's no longer: whoever reads old
    messages there decides nothing about the new one.
    """
    with ScopedSession(db.engine, scope=_parent_scope(link)) as session:
        if _standing(session, link, hold=True) is StopStands.OLD:
            return False
        stop(session, link)
        session.commit()
    return True


def standing_of(link: StopLink) -> StopStands:
    """What there is to stop by a signed link now."""
    with ScopedSession(db.engine, scope=_parent_scope(link)) as session:
        return _standing(session, link, hold=False)


def _standing(session: Session, link: StopLink, *, hold: bool) -> StopStands:
    address, is_stopped = catalogue.parents().way_of(session, link, hold)
    if address_mark(current_app.config["SECRET_KEY"], address) != link.sent_to:
        return StopStands.OLD
    return StopStands.STOPPED if is_stopped else StopStands.OPEN


def school_of_link(link: StopLink) -> str | None:
    """The short name of the school that a signed link is about; None when it is gone."""
    with ScopedSession(db.engine, scope=_parent_scope(link)) as session:
        return catalogue.places().school_name(session, link.school_id)


def _parent_scope(link: StopLink) -> Scope:
    return Scope(Audience.PARENT, school_id=link.school_id, person_id=link.parent_id)
