"""What really becomes of the messages that a press has caused: who gets one now, later, or none at all.

A page says "we tell them" only in these words, made from the same facts and rules as the sending.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import g
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session, scoped_session

from app.messages.allowed import waits_for, why_not_reached
from app.messages.catalogue import get_kind
from app.messages.facts import gather_readers
from app.messages.models import Outbox
from app.messages.parts import Message
from app.messages.problems import Problem
from app.messages.queries import name_people
from app.messages.timing import next_allowed
from app.shell.dates import clock
from app.shell.kept import kept
from app.shell.parsing import listed
from app.states.messages import Channel, RecipientKind, State
from infra.clock import now
from infra.ids import new_id

#: What is due within this goes now.
SOON = timedelta(minutes=2)
#: So many people are named; of more, only how many.
MOST_NAMES = 3

_T = Outbox.__table__.c


@dataclass(slots=True)
class Outlook:
    """People by what becomes of their message; `texts_at` is when the texts go that wait for the morning."""

    now: set[UUID] = field(default_factory=set)
    later: set[UUID] = field(default_factory=set)
    #: A fresh start of theirs holds place and time back.
    waiting: set[UUID] = field(default_factory=set)
    #: Nothing reaches them.
    nobody: set[UUID] = field(default_factory=set)
    texts_at: datetime | None = None


def said(session: Session | scoped_session[Any], school_id: UUID) -> str:
    """What becomes of the messages that this request wrote, in sentences; empty when it wrote none.

    In the scope of a school's staff, before the commit.
    """
    own = session() if isinstance(session, scoped_session) else session
    rows = _written(own, school_id)
    return in_words(own, school_id, look(own, school_id, rows)) if rows else ""


def tone(session: Session | scoped_session[Any], school_id: UUID) -> str:
    """How the page says it when sending was all that was asked: "success" only where something is sent."""
    own = session() if isinstance(session, scoped_session) else session
    rows = _written(own, school_id)
    found = look(own, school_id, rows) if rows else Outlook()
    return "success" if found.now or found.later or found.waiting else "note"


def would_reach(
    session: Session, school_id: UUID, kind_name: str, *, recipient_kind: RecipientKind, recipient_id: UUID
) -> bool:
    """Whether a message of this kind, written now, would reach this parent or whoever leads, on any channel."""
    return not whom_nothing_reaches(
        session, school_id, kind_name, [recipient_id], recipient_kind=recipient_kind
    )


def whom_nothing_reaches(
    session: Session,
    school_id: UUID,
    kind_name: str,
    ids: Iterable[UUID],
    *,
    recipient_kind: RecipientKind = RecipientKind.PARENT,
) -> set[UUID]:
    """Which of these people no message of this kind, written now, would reach on any channel."""
    found = channels_of(session, school_id, kind_name, ids, recipient_kind=recipient_kind)
    return {one for one, channels in found.items() if not channels}


def channels_of(
    session: Session,
    school_id: UUID,
    kind_name: str,
    ids: Iterable[UUID],
    *,
    recipient_kind: RecipientKind = RecipientKind.PARENT,
) -> dict[UUID, set[Channel]]:
    """By which channels a message of this kind, written now, would reach each of these people."""
    kind, wanted = get_kind(kind_name), set(ids)
    found: dict[UUID, set[Channel]] = {one: set() for one in wanted}
    messages = [
        Message(
            owner_id=school_id,
            authority_id=school_id,
            is_authority=False,
            id=new_id(),
            kind=kind.name,
            channel=channel,
            recipient_kind=recipient_kind,
            recipient_id=recipient_id,
            subject_id=None,
            attempt=0,
            not_after=None,
        )
        for recipient_id in wanted
        for channel in kind.channels
    ]
    if not messages:
        return found
    readers, moment = gather_readers(session, messages), now()
    for one in messages:
        if one.id in readers and why_not_reached(kind, one.channel, readers[one.id], moment) is None:
            found[one.recipient_id].add(one.channel)
    return found


def look(session: Session, school_id: UUID, rows: Sequence[Row[Any]]) -> Outlook:
    """Where these rows of the outbox go, by person: the best of their channels counts."""
    found, moment = Outlook(), now()
    readers = gather_readers(session, [_message(school_id, row) for row in rows if _is_looked_up(row)])
    for row in rows:
        kind, facts = get_kind(row.kind), readers.get(row.id)
        channel = Channel(row.channel)
        problem = why_not_reached(kind, channel, facts, moment) if facts else None
        if problem is Problem.SAID_NO:
            continue  # nobody is asked to write or call there
        if problem or (facts is None and _is_looked_up(row)):
            found.nobody.add(row.recipient_id)
        elif facts is not None and waits_for(kind, facts, moment) is not None:
            found.waiting.add(row.recipient_id)
        elif (due := max(row.next_at, next_allowed(kind, channel, moment))) > moment + SOON:
            found.later.add(row.recipient_id)
            found.texts_at = min(due, found.texts_at or due)
        else:
            found.now.add(row.recipient_id)
    found.waiting -= found.now
    found.later -= found.now | found.waiting
    found.nobody -= found.now | found.waiting | found.later
    return found


def in_words(session: Session, school_id: UUID, found: Outlook) -> str:
    """The sentences: how many get a message now, who later and when, whom somebody has to tell."""
    parts = []
    if found.now:
        parts.append(
            ngettext(
                "A message is on its way to one person.",
                "Messages are on their way to %(num)s people.",
                len(found.now),
            )
        )
    if found.later and found.texts_at is not None:
        parts.append(
            ngettext(
                "One person gets a text at %(time)s: not earlier, so that no phone rings at night.",
                "%(num)s people get a text at %(time)s: not earlier, so that no phone rings at night.",
                len(found.later),
                time=clock(found.texts_at),
            )
        )
    if found.waiting:
        parts.append(
            _(
                "Nothing goes to %(names)s for now, because of a fresh start.",
                names=_names(session, school_id, found.waiting),
            )
        )
    if found.nobody:
        parts.append(
            _(
                "No message reaches %(names)s. Please tell them yourself.",
                names=_names(session, school_id, found.nobody),
            )
        )
    return " ".join(parts)


def _written(session: Session, school_id: UUID) -> Sequence[Row[Any]]:
    """Rows that this request wrote, that stand, and that are to be sent or have nowhere to go."""
    ids = g.get("messages_written", [])
    if not ids:
        return []
    columns = (_T.id, _T.kind, _T.channel, _T.recipient_kind, _T.recipient_id, _T.next_at)
    found: Sequence[Any] = session.execute(
        select(*columns).where(_T.school_id == school_id, _T.id.in_(ids), _waits_or_has_no_way())
    ).all()
    return found


def _waits_or_has_no_way() -> ColumnElement[bool]:
    return (_T.state == State.QUEUED) | (_T.state == State.HELD_BACK) & (_T.problem == Problem.NO_ADDRESS)


def _is_looked_up(row: Row[Any]) -> bool:
    return row.recipient_kind in (RecipientKind.PARENT, RecipientKind.FACILITATOR)


def _message(school_id: UUID, row: Row[Any]) -> Message:
    return Message(
        owner_id=school_id,
        authority_id=school_id,
        is_authority=False,
        id=row.id,
        kind=row.kind,
        channel=Channel(row.channel),
        recipient_kind=RecipientKind(row.recipient_kind),
        recipient_id=row.recipient_id,
        subject_id=None,
        attempt=0,
        not_after=None,
    )


def _names(session: Session, school_id: UUID, ids: Iterable[UUID]) -> str:
    names = sorted(name_people(session, school_id, ids).values())
    if len(names) > MOST_NAMES:
        more = len(names) - MOST_NAMES + 1
        names = [*map(kept, names[: MOST_NAMES - 1]), ngettext("one more", "%(num)s more", more)]
        return listed(names)
    return listed([kept(name) for name in names])
