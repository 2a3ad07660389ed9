"""Sends what the outboxes hold: once, only while it may go, and with no transaction open across the network.

claim (commit) -> facts of a few messages of one school (commit) -> call Notify -> record where `attempt` is ours.
A message whose call had no clear answer stays `sending` until its lease has run out; then its reference is looked
up before anything is sent again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Engine,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Update,
    bindparam,
    case,
    exists,
    func,
    text,
)
from sqlalchemy.orm import Session

from app.messages.allowed import Facts, waits_for, why_not
from app.messages.arming import arm_links
from app.messages.catalogue import KINDS
from app.messages.facts import gather
from app.messages.links import one_click_address
from app.messages.models import AuthorityOutbox, ChannelHold, Outbox
from app.messages.numbers import number_key
from app.messages.parts import Message
from app.messages.problems import Problem
from app.messages.timing import next_allowed
from app.messages.words import Words, render, text_parts
from app.states.messages import TAKEN, Channel, RecipientKind, State
from infra.clock import now
from infra.database import server_now
from infra.logs import get_logger
from infra.notify import (
    TIMEOUT,
    DailyLimit,
    KeyRefused,
    Notify,
    NotifyTrouble,
    RateLimited,
    Refused,
    TryLater,
    midnight_after,
)
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession
from workers.claims import Claims, authorities_of, mine

log = get_logger()

BATCH = 200
#: As many as an engine has connections (`infra.database`): no thread waits for one.
IN_FLIGHT = 10
#: At most so many messages of one school share a look at consent and plans, right before they go, and one record.
CHUNK = 20
LEASE = timedelta(seconds=120)
#: A call may wait for a connection, then for an answer; with less lease left than this none is begun.
LONGEST_CALL = timedelta(seconds=2 * TIMEOUT + 10)
#: Notify asked us to wait: so long, doubled each time, at most an hour.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=1)
#: How often a message is looked at that waits for the end of a fresh start.
LOOK_AGAIN = timedelta(minutes=30)
#: When to ask first what became of a message; where Notify says so by itself, only of what it did not speak of.
FIRST_LOOK, FIRST_LOOK_AFTER_CALLBACKS = timedelta(seconds=10), timedelta(hours=1)

EVERYWHERE = Scope(Audience.DISPATCH)
HOLD = text(
    "insert into channel_hold (channel, until) values (:channel, :until)"
    " on conflict (channel) do update set until = excluded.until"
)
_HELD = ChannelHold.__table__
TABLES: tuple[tuple[Table, str], ...] = (
    (Outbox.__table__, "school_id"),
    (AuthorityOutbox.__table__, "authority_id"),
)


def _claims(table: Table, owner: str, lease: timedelta) -> Claims:
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


@dataclass(slots=True)
class Rests:
    """Until when this process hands nothing over: of one channel, or of any (None). What is known not to be taken is
    not offered again and again."""

    until: dict[Channel | None, datetime] = field(default_factory=dict)

    def of(self, channel: Channel) -> datetime | None:
        """When one of this channel may be tried again; None for now."""
        found = max((self.until[one] for one in (None, channel) if one in self.until), default=None)
        return found if found and found > now() else None

    def after(self, trouble: TryLater, channel: Channel) -> None:
        """Rest as long as this answer asks for."""
        moment = now()
        if isinstance(trouble, DailyLimit):
            self.until[channel] = midnight_after(moment)
        elif isinstance(trouble, RateLimited | KeyRefused):
            self.until[None] = moment + FIRST_WAIT


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """The messages worker: its database login, its message channel, and what links are made of."""

    engine: Engine
    notify: Notify
    base_url: str
    secret_key: str
    lease: timedelta = LEASE
    #: Whether Notify says by itself what became of a message.
    is_told: bool = False
    rests: Rests = field(default_factory=Rests)

    @property
    def first_look(self) -> timedelta:
        """How long after it went a message is asked about."""
        return FIRST_LOOK_AFTER_CALLBACKS if self.is_told else FIRST_LOOK

    def drain(self, *, seconds: float = 60) -> int:
        """Send until nothing is due, but begin no new batch after so many seconds; how many were settled."""
        stop_at = time.monotonic() + seconds
        total = 0
        while time.monotonic() < stop_at:
            claimed, settled = self.send_batch()
            total += settled
            if not claimed:
                break
        return total

    def send_batch(self) -> tuple[int, int]:
        """Claim a batch and work through it: how many were claimed, and how many of those are settled."""
        # Taken before the claim, so this process gives up before the database hands a message to another.
        last_start = time.monotonic() + (self.lease - LONGEST_CALL).total_seconds()
        messages = self.claim()
        if not messages:
            return 0, 0
        with ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="send") as pool:
            tasks = [pool.submit(self._work_through, chunk, last_start) for chunk in _chunks(messages)]
            settled = sum(task.result() for task in tasks)
        log.info("messages_sent", count=settled, queue="messages")
        return len(messages), settled

    def claim(self) -> list[Message]:
        """Take due messages, and those whose lease ran out, for the length of one lease. Committed on return."""
        with ScopedSession(self.engine, scope=EVERYWHERE) as session:
            messages = [
                message
                for table, owner in TABLES
                for message in _claim(session, _claims(table, owner, self.lease))
            ]
            session.commit()
        return messages

    def record(self, outcomes: Sequence[Outcome]) -> int:
        """Write outcomes whose claim is still ours; how many were written."""
        if not outcomes:
            return 0
        which = outcomes[0].message.is_authority
        with ScopedSession(self.engine, scope=EVERYWHERE) as session:
            claims = _claims(*TABLES[which], self.lease)
            written = claims.settle(session, _RECORD[which], [_values(outcome) for outcome in outcomes])
            session.commit()
        return written

    def _work_through(self, chunk: Sequence[Message], last_start: float) -> int:
        """Look at what holds now for a few messages of one owner, send them, record it. Never raises.

        What could not be settled comes back when its lease runs out.
        """
        outcomes: list[Outcome] = []
        try:
            known = [message for message in chunk if _has_words(message)]
            outcomes += [
                Outcome(message, State.FAILED, Problem.REFUSED) for message in chunk if message not in known
            ]
            facts = self._gather(known) if known else {}
            for message in known:
                if time.monotonic() <= last_start and (
                    outcome := self._try_to_send(message, facts[message.id])
                ):
                    outcomes.append(outcome)
            return self.record(outcomes)
        except Exception as error:
            log.error(
                "messages_not_settled", exc_info=error, count=len(chunk) - len(outcomes), queue="messages"
            )
            return 0

    def _try_to_send(self, message: Message, facts: Facts) -> Outcome | None:
        try:
            return self.send(message, facts)
        except Exception as error:  # one broken message must not stop the others
            log.error("message_not_sent", exc_info=error, kind=message.kind, row_id=str(message.id))
            return None

    def _gather(self, messages: Sequence[Message]) -> dict[UUID, Facts]:
        first = messages[0]
        scope = Scope(Audience.DISPATCH, first.authority_id, None if first.is_authority else first.owner_id)
        with ScopedSession(self.engine, scope=scope) as session:
            arm_links(session, messages, secret_key=self.secret_key)
            facts = gather(session, messages, base_url=self.base_url, secret_key=self.secret_key)
            session.commit()
            return facts

    def send(self, message: Message, facts: Facts) -> Outcome | None:
        """Send one claimed message if it may go. None when nobody knows whether it went."""
        kind, moment = KINDS[message.kind], now()
        try:
            if message.attempt > 1 and (found := self.notify.find_by_reference(str(message.id))):
                return self._sent(message, facts, found)
            if problem := why_not(kind, message.channel, facts, moment):
                return Outcome(message, State.HELD_BACK, problem)
            if (until := waits_for(kind, facts, moment)) is not None:
                # Looked at again before: it may be stopped, or taken back.
                return Outcome(message, State.QUEUED, next_at=min(until, moment + LOOK_AGAIN))
            if (later := next_allowed(kind, message.channel, moment)) > moment:
                return Outcome(message, State.QUEUED, next_at=later)
            words = render(
                kind,
                message.channel,
                facts.fields,
                facts.language,
                is_first_text=facts.is_first_text,
                own=facts.own,
            )
            if (until := self.rests.of(message.channel)) is not None:
                return Outcome(message, State.QUEUED, next_at=until)
            sent = self._sent(message, facts, self._hand_over(message, facts, words))
            return replace(sent, parts=text_parts(words.body)) if message.channel is Channel.SMS else sent
        except TryLater as trouble:
            return Outcome(message, State.QUEUED, next_at=self._again_at(trouble, message))
        except Refused as refusal:
            problem = Problem.BAD_ADDRESS if refusal.is_address else Problem.REFUSED
            return Outcome(message, State.FAILED, problem)
        except NotifyTrouble:
            log.warning("send_unknown", kind=message.kind, row_id=str(message.id), attempt=message.attempt)
            return None

    def _again_at(self, trouble: TryLater, message: Message) -> datetime:
        """When one is tried again that was not taken."""
        if isinstance(trouble, KeyRefused):
            log.error("notify_key_refused", queue="messages")
        self.rests.after(trouble, message.channel)
        if isinstance(trouble, DailyLimit):
            log.warning("daily_limit_reached", kind=message.channel.value, queue="messages")
            self._hold_back(message.channel)
        later = now() + _wait(message.attempt)
        return max(later, self.rests.of(message.channel) or later)

    def _hold_back(self, channel: Channel) -> None:
        """Write down that no more of this channel go today: other workers claim none, and pages say why they wait."""
        with ScopedSession(self.engine, scope=EVERYWHERE) as session:
            session.execute(HOLD, {"channel": channel.value, "until": midnight_after(now())})
            session.commit()

    def _hand_over(self, message: Message, facts: Facts, words: Words) -> str:
        reference, address = str(message.id), facts.address(message.channel)
        if message.channel is Channel.EMAIL:
            return self.notify.send_email(
                address,
                subject=words.subject,
                body=words.body,
                reference=reference,
                unsubscribe_url=one_click_address(facts.fields.get("stop_link", "")),
            )
        return self.notify.send_text(address, body=words.body, reference=reference)

    def _sent(self, message: Message, facts: Facts, provider_id: str) -> Outcome:
        number = facts.address(message.channel) if message.channel is Channel.SMS else ""
        return Outcome(
            message,
            State.SENT,
            provider_id=provider_id,
            next_at=now() + self.first_look,
            number_hash=number_key(self.secret_key, number) if number else None,
        )


def _is_held(table: Table) -> ColumnElement[bool]:
    """Rows of a channel of which no more go today."""
    return exists().where(_HELD.c.channel == table.c.channel, _HELD.c.until > server_now())


def _claim(session: Session, claims: Claims) -> Iterator[Message]:
    taken = claims.take(session, limit=BATCH, columns=_CLAIMED, unless=_is_held(claims.table))
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
        )


_CLAIMED = ("id", "kind", "channel", "recipient_kind", "recipient_id", "subject_id", "attempt", "not_after",
            "topic", "step", "step_before", "created_at")  # fmt: skip


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
            "parts": func.coalesce(bindparam("new_parts", type_=SmallInteger), c.parts),
            "next_at": func.coalesce(bindparam("new_next_at", type_=DateTime(timezone=True)), c.next_at),
        }
    )


_RECORD = tuple(_record_statement(_claims(table, owner, LEASE)) for table, owner in TABLES)


def _values(outcome: Outcome) -> dict[str, object]:
    message = outcome.message
    return {
        **mine(message.owner_id, message.id, message.attempt),
        "new_state": outcome.state,
        "new_problem": outcome.problem or "",
        "new_provider_id": outcome.provider_id,
        "new_next_at": outcome.next_at,
        "new_number_hash": outcome.number_hash,
        "new_parts": outcome.parts,
    }


def _chunks(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """A few messages of one owner at a time, so many that every thread has some."""
    size = min(-(-len(messages) // IN_FLIGHT), CHUNK)
    by_owner = sorted(messages, key=lambda message: (message.is_authority, message.owner_id))
    for _, group in groupby(by_owner, key=lambda message: (message.is_authority, message.owner_id)):
        of_owner = list(group)
        for start in range(0, len(of_owner), size):
            yield of_owner[start : start + size]


def _has_words(message: Message) -> bool:
    kind = KINDS.get(message.kind)
    return kind is not None and message.channel in kind.channels


def _wait(attempt: int) -> timedelta:
    return min(FIRST_WAIT * int(2 ** min(attempt - 1, 10)), LONGEST_WAIT)
