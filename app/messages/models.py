"""The outboxes: what is to be sent, as ids only. Words and addresses are looked up at the moment of sending."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import DateTime, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db

#: Without the time zone, PostgreSQL would read a moment as local time of whatever zone the server is set to.
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]


class _Message:
    kind: Mapped[str]
    channel: Mapped[str]
    recipient_kind: Mapped[str]
    recipient_id: Mapped[UUID]
    subject_id: Mapped[UUID | None]
    dedupe_key: Mapped[str]
    #: What it is about, which step of that, and what its reader knew before: `steps.py`.
    topic: Mapped[str]
    step: Mapped[str]
    step_before: Mapped[str]
    state: Mapped[str]
    attempt: Mapped[int]
    lease_until: Mapped[Moment | None]
    next_at: Mapped[Moment]
    provider_id: Mapped[str | None]
    problem: Mapped[str]
    not_after: Mapped[Moment | None]
    created_at: Mapped[Moment]
    sent_at: Mapped[Moment | None]
    #: Of a text that went: whose number, as a key without a way back (`numbers.py`).
    number_hash: Mapped[bytes | None]
    #: Of a text that went: how many it was sent as, and costs.
    parts: Mapped[int | None]
    #: With which of the council's keys it was handed over; None: the service's own (`workers/lines.py`).
    notify_key_id: Mapped[UUID | None]


class Outbox(_Message, db.Model):
    """A message of one school."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("school_id", "kind", "dedupe_key", "channel", name="outbox_dedupe"),)
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)


class DeliverySaid(db.Model):
    """What Notify said by itself became of a message, until a worker has taken it in (`callbacks.py`)."""

    __tablename__ = "delivery_said"
    provider_id: Mapped[UUID] = mapped_column(primary_key=True)
    said: Mapped[str]
    at: Mapped[Moment]
    #: Whose token was borne; None: the service's own.
    said_by: Mapped[UUID | None]


class ChannelHold(db.Model):
    """Until when no more of a channel go: today's number at Notify is used up."""

    __tablename__ = "channel_hold"
    channel: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[Moment]


class NotifyKey(db.Model):
    """A key of the council's own service at Notify, as it was entered once; the one without an end is used."""

    __tablename__ = "notify_key"
    __mapper_args__ = {"eager_defaults": False}
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    service_id: Mapped[UUID]
    ending: Mapped[str]
    #: Empty once nobody asks about what it carried.
    sealed: Mapped[str]
    email_template_id: Mapped[UUID]
    sms_template_id: Mapped[UUID]
    by_name: Mapped[str]
    set_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    #: When it first carried a message.
    proven_at: Mapped[Moment | None]
    refused_since: Mapped[Moment | None]
    #: When it was refused last.
    refused_at: Mapped[Moment | None]
    #: Today's number of a kind is used up until then.
    email_until: Mapped[Moment | None]
    sms_until: Mapped[Moment | None]


class NotifyCallback(db.Model):
    """The token by which a council's own service at Notify says what became of its messages, as a hash."""

    __tablename__ = "notify_callback"
    __mapper_args__ = {"eager_defaults": False}
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    #: What the token is drawn from, with our key.
    token_id: Mapped[UUID]
    token_hash: Mapped[bytes]
    #: Of the one before, which is taken until this one was heard.
    before_hash: Mapped[bytes | None]
    by_name: Mapped[str]
    made_at: Mapped[Moment]
    heard_at: Mapped[Moment | None]


class AuthorityOutbox(_Message, db.Model):
    """A message of an authority to its own people."""

    __tablename__ = "authority_outbox"
    __table_args__ = (
        UniqueConstraint("authority_id", "kind", "dedupe_key", "channel", name="authority_outbox_dedupe"),
    )
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)


class CouncilWords(db.Model):
    """A marked piece of a message (`Kind.marked`) as a council wrote it; without words it is ours again."""

    __tablename__ = "council_words"
    __mapper_args__ = {"eager_defaults": False}
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str]
    by_name: Mapped[str]
    written_at: Mapped[Moment]
