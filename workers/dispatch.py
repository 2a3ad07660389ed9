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

from sqlalchemy import Engine

from app.messages.allowed import Facts, waits_for, why_not
from app.messages.arming import arm_links
from app.messages.catalogue import KINDS
from app.messages.facts import gather
from app.messages.links import one_click_address
from app.messages.numbers import number_key
from app.messages.parts import Message
from app.messages.problems import Problem
from app.messages.timing import next_allowed
from app.messages.words import Words, render, text_parts
from app.states.messages import Channel, State
from infra.clock import now
from infra.logs import get_logger
from infra.notify import (
    TIMEOUT,
    DailyLimit,
    KeyRefused,
    Notify,
    NotifyTrouble,
    Refused,
    TryLater,
)
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession
from workers.lines import FIRST_WAIT, Line, Lines, Rests, note, note_carried
from workers.outbox import LEASE, RECORD, TABLES, Outcome, claim, claims_of, offer, values_of

log = get_logger()

#: As many as an engine has connections (`infra.database`): no thread waits for one.
IN_FLIGHT = 10
#: At most so many messages of one school share a look at consent and plans, right before they go, and one record.
CHUNK = 20
#: A call may wait for a connection, then for an answer; with less lease left than this none is begun.
LONGEST_CALL = timedelta(seconds=2 * TIMEOUT + 10)
#: What was not taken waits `FIRST_WAIT`, doubled each time, at most an hour.
LONGEST_WAIT = timedelta(hours=1)
#: How often a message is looked at that waits for the end of a fresh start.
LOOK_AGAIN = timedelta(minutes=30)
#: When to ask first what became of a message; where Notify says so by itself, only of what it did not speak of.
FIRST_LOOK, FIRST_LOOK_AFTER_CALLBACKS = timedelta(seconds=10), timedelta(hours=1)

EVERYWHERE = Scope(Audience.DISPATCH)


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
    lines: Lines = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", Lines(self.notify, self.secret_key))

    def first_look(self, key_id: UUID | None) -> timedelta:
        """How long after it went a message is asked about."""
        is_told = self.is_told if key_id is None else self.lines.is_told(key_id)
        return FIRST_LOOK_AFTER_CALLBACKS if is_told else FIRST_LOOK

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
            self.lines.load(session)
            messages = [
                message
                for table, owner in TABLES
                for message in claim(
                    session, claims_of(table, owner, self.lease), unless=self.lines.held(table, owner)
                )
            ]
            session.commit()
        return messages

    def record(self, outcomes: Sequence[Outcome]) -> int:
        """Write outcomes whose claim is still ours; how many were written."""
        if not outcomes:
            return 0
        which = outcomes[0].message.is_authority
        with ScopedSession(self.engine, scope=EVERYWHERE) as session:
            claims = claims_of(*TABLES[which], self.lease)
            written = claims.settle(session, RECORD[which], [values_of(outcome) for outcome in outcomes])
            note_carried(session, {one.line.key_id: one.line for one in outcomes if one.line}.values())
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
            # One line for a chunk: what somebody changes meanwhile holds for the next.
            line = self.lines.of(chunk[0].authority_id)
            facts = self._gather(known, line) if known else {}
            for message in known:
                if time.monotonic() <= last_start and (
                    outcome := self._try_to_send(message, facts[message.id], line)
                ):
                    outcomes.append(outcome)
            return self.record(outcomes)
        except Exception as error:
            log.error(
                "messages_not_settled", exc_info=error, count=len(chunk) - len(outcomes), queue="messages"
            )
            return 0

    def _try_to_send(self, message: Message, facts: Facts, line: Line) -> Outcome | None:
        try:
            return self.send(message, facts, line)
        except Exception as error:  # one broken message must not stop the others
            log.error("message_not_sent", exc_info=error, kind=message.kind, row_id=str(message.id))
            return None

    def _gather(self, messages: Sequence[Message], line: Line) -> dict[UUID, Facts]:
        first = messages[0]
        scope = Scope(Audience.DISPATCH, first.authority_id, None if first.is_authority else first.owner_id)
        with ScopedSession(self.engine, scope=scope) as session:
            arm_links(session, messages, secret_key=self.secret_key)
            facts = gather(session, messages, base_url=self.base_url, secret_key=self.secret_key)
            # Not of those that another key may have carried: that is looked up first.
            offer(session, [one for one in messages if not _is_in_doubt(one, line)], line.key_id)
            session.commit()
            return facts

    def send(self, message: Message, facts: Facts, line: Line) -> Outcome | None:
        """Send one claimed message if it may go. None when nobody knows whether it went."""
        kind, moment = KINDS[message.kind], now()
        try:
            if (outcome := self._look_up(message, facts, line)) is not None:
                return outcome
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
            if (until := self.rests.of(line, message.channel)) is not None:
                return Outcome(message, State.QUEUED, next_at=until)
            if _is_in_doubt(message, line):
                self._note_offer(message, line)
            sent = self._sent(message, facts, line, self._hand_over(message, facts, line, words))
            return replace(sent, parts=text_parts(words.body)) if message.channel is Channel.SMS else sent
        except TryLater as trouble:
            return Outcome(message, State.QUEUED, next_at=self._again_at(trouble, message, line))
        except Refused as refusal:
            problem = Problem.BAD_ADDRESS if refusal.is_address else Problem.REFUSED
            return Outcome(message, State.FAILED, problem)
        except NotifyTrouble:
            log.warning("send_unknown", kind=message.kind, row_id=str(message.id), attempt=message.attempt)
            return None

    def _look_up(self, message: Message, facts: Facts, line: Line) -> Outcome | None:
        """What became of an earlier try to hand it over; None where none was taken, so that it may be sent."""
        if message.attempt == 1:
            return None
        asked = self.lines.asking(message.key_id) if _is_in_doubt(message, line) else line
        reference = str(message.id)
        try:
            found = asked.notify.find_by_reference(reference) if asked else None
        except TryLater as trouble:
            if asked is line:
                later = self._again_at(trouble, message, line)
                return Outcome(message, State.QUEUED, next_at=later, key_id=message.key_id)
            if not isinstance(trouble, KeyRefused) or message.key_id is None:
                later = now() + _wait(message.attempt)
                return Outcome(message, State.QUEUED, next_at=later, key_id=message.key_id)
            asked = None
        if asked is None:
            # Nobody is left to ask: sent again it could come twice, so people are told that it may not have come.
            return Outcome(message, State.FAILED, Problem.NO_ANSWER, key_id=message.key_id)
        return self._sent(message, facts, asked, found) if found else None

    def _again_at(self, trouble: TryLater, message: Message, line: Line) -> datetime:
        """When one is tried again that was not taken. What other workers and pages are to know of it is written."""
        key = str(line.key_id or "")
        if isinstance(trouble, KeyRefused):
            log.error("notify_key_refused", queue="messages", row_id=key)
        self.rests.after(trouble, line, message.channel)
        if isinstance(trouble, DailyLimit):
            log.warning("daily_limit_reached", kind=message.channel.value, queue="messages", row_id=key)
        if isinstance(trouble, DailyLimit | KeyRefused):
            with ScopedSession(self.engine, scope=EVERYWHERE) as session:
                note(session, line, trouble, message.channel)
                session.commit()
        later = now() + _wait(message.attempt)
        return max(later, self.rests.of(line, message.channel) or later)

    def _note_offer(self, message: Message, line: Line) -> None:
        """From here on this line may have carried it, and not the one of before."""
        with ScopedSession(self.engine, scope=EVERYWHERE) as session:
            offer(session, [message], line.key_id, also_none=True)
            session.commit()

    def _hand_over(self, message: Message, facts: Facts, line: Line, words: Words) -> str:
        reference, address = str(message.id), facts.address(message.channel)
        if message.channel is Channel.EMAIL:
            return line.notify.send_email(
                address,
                subject=words.subject,
                body=words.body,
                reference=reference,
                unsubscribe_url=one_click_address(facts.fields.get("stop_link", "")),
            )
        return line.notify.send_text(address, body=words.body, reference=reference)

    def _sent(self, message: Message, facts: Facts, line: Line, provider_id: str) -> Outcome:
        number = facts.address(message.channel) if message.channel is Channel.SMS else ""
        return Outcome(
            message,
            State.SENT,
            provider_id=provider_id,
            next_at=now() + self.first_look(line.key_id),
            number_hash=number_key(self.secret_key, number) if number else None,
            line=line,
            key_id=line.key_id,
        )


def _chunks(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """A few messages of one owner at a time, so many that every thread has some."""
    size = min(-(-len(messages) // IN_FLIGHT), CHUNK)
    by_owner = sorted(messages, key=lambda message: (message.is_authority, message.owner_id))
    for _, group in groupby(by_owner, key=lambda message: (message.is_authority, message.owner_id)):
        of_owner = list(group)
        for start in range(0, len(of_owner), size):
            yield of_owner[start : start + size]


def _is_in_doubt(message: Message, line: Line) -> bool:
    """Whether another line than this one may have carried it already."""
    if message.attempt == 1 or message.key_id == line.key_id:
        return False
    # One that was written before this key came may have been offered with the service's own; so may one of right after,
    # by a worker that had read the keys a moment earlier.
    if message.key_id is not None or message.created_at is None or line.set_at is None:
        return True
    return message.created_at <= line.set_at + LEASE


def _has_words(message: Message) -> bool:
    kind = KINDS.get(message.kind)
    return kind is not None and message.channel in kind.channels


def _wait(attempt: int) -> timedelta:
    return min(FIRST_WAIT * int(2 ** min(attempt - 1, 10)), LONGEST_WAIT)
