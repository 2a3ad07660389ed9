"""What a package hands in: its messages, who reads them, what they speak of.

A reader of facts runs one statement for a whole batch, never one for each message, and names its school or authority:
ids of others find nothing. The session serves that school or authority, as the dispatcher, or as its staff for a look
beforehand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

from app.identity.roles import Role
from app.messages.allowed import ReaderFact, SubjectFact
from app.messages.kind import About, Kind, Link, Topic
from app.messages.links import StopLink
from app.states.messages import Channel, RecipientKind


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
    #: With which of the council's keys it was offered before; None: with the service's own, or not yet.
    key_id: UUID | None = None

    @property
    def token_id(self) -> UUID:
        """Whose one-time link it carries: its own, or that of the message which it repeats."""
        return self.subject_id or self.id


@dataclass(frozen=True, slots=True)
class Place:
    """The school or council that messages come from, as it stands now."""

    fields: Mapping[str, str]
    stage: str | None = None
    #: Where groups meet unless they say otherwise.
    room: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads a message, as they stand now."""

    fact: ReaderFact
    name: str
    #: Where they stand themselves; empty for those who stand where their school does.
    stands: str = ""
    language: str = "en"
    #: As whom they may have a fresh start.
    person_id: UUID | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subject:
    """What one message speaks of, as it is now and as its reader knows it."""

    fact: SubjectFact
    fields: Mapping[str, str]
    #: What its reader knew before, as a step.
    knew: str = ""
    #: Whether its reader was there: only they are thanked.
    came: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """One kind of people who read messages."""

    #: By id.
    read: Callable[[Session, UUID, Collection[UUID]], Mapping[UUID, Reader]]
    #: `id` and full `name` of those with `ids` at `school`, for lists that staff see.
    names: Select[*tuple[Any, ...]] | None = None
    #: Who reads what is addressed to the school or council itself.
    lead: Callable[[Session, UUID], Reader | None] | None = None


@dataclass(frozen=True, slots=True)
class Parents(People):
    """Parents, who may stop a channel, and have a fresh start."""

    #: Until when that waits which names a place or a time, by person.
    fresh_starts: Callable[[Session, UUID, Collection[UUID]], Mapping[UUID, datetime]] = field(kw_only=True)
    #: Stops a channel at a moment; whether it was open until then.
    stop: Callable[[Session, StopLink, datetime], bool] = field(kw_only=True)
    #: Where the channel of a stop link leads now, empty for nowhere, and whether it is stopped; held until the session
    #: ends where that is asked.
    way_of: Callable[[Session, StopLink, bool], tuple[str, bool]] = field(kw_only=True)
    #: Those at one of these numbers who get texts still, as far as a reply of a moment may stop them.
    texted_at: Callable[[Session, UUID, Collection[str], datetime], list[UUID]] = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Places:
    """The two kinds of places that messages come from."""

    school: Callable[[Session, UUID], Place | None]
    authority: Callable[[Session, UUID], Place | None]
    school_name: Callable[[Session, UUID], str | None]


@dataclass(frozen=True, slots=True)
class Subjects:
    """One kind of thing that messages speak of."""

    #: By id of the message.
    read: Callable[[Session, Sequence[Message], Place | None], Mapping[UUID, Subject]]
    #: The same, as far as the rules of sending ask, for lists that staff see.
    stand: Callable[[Session, Sequence[Message]], Mapping[UUID, SubjectFact]]
    #: Which rows of the outbox speak of what is past, given its columns.
    is_over: Callable[[Any], ColumnElement[bool]]


#: Which step of its subject a message speaks of that is written now, and which one was before.
ReadStep = Callable[[Session, UUID, UUID | None], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Messages:
    """What one package hands to the catalogue."""

    kinds: tuple[Kind, ...]
    people: Mapping[RecipientKind, People] = field(default_factory=dict)
    subjects: Mapping[About, Subjects] = field(default_factory=dict)
    #: Of topics that have a step of their own; of others it is the kind's.
    steps: Mapping[Topic, ReadStep] = field(default_factory=dict)
    places: Places | None = None
    #: Where {link} leads: the endpoint for each role that opens it; a role that is not named goes home.
    pages: Mapping[Link, Mapping[Role, str]] = field(default_factory=dict)
