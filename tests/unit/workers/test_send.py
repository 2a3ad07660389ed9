"""One claimed message: what is asked first, and what is written down. No database, no network."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.messages.allowed import Facts, ReaderFact
from app.messages.parts import Message
from app.messages.problems import Problem
from app.states.messages import Channel, RecipientKind, State
from infra.clock import now
from infra.notify import Refused, TryLater, Unknown
from workers.dispatch import CHUNK, Dispatcher, _chunks, _wait

FIELDS = {
    "paused_school": "",
    "sender": "Oakfield",
    "school": "Oakfield",
    "first_name": "Ayla",
    "phone": "",
    "link": "http://x/go/home",
}
READER = ReaderFact("a@example.org", "", stage="joined", agreed=frozenset({"join", "email"}))


class FakeNotify:
    """Answers as told; remembers what it was asked."""

    def __init__(self, *, found: str | Exception | None = None, sent: str | Exception = "n1") -> None:
        self.found, self.sent = found, sent
        self.asked: list[str] = []

    def find_by_reference(self, reference: str) -> str | None:
        self.asked.append("find")
        if isinstance(self.found, Exception):
            raise self.found
        return self.found

    def send_email(
        self, to: str, *, subject: str, body: str, reference: str, unsubscribe_url: str | None = None
    ) -> str:
        self.asked.append("send")
        if isinstance(self.sent, Exception):
            raise self.sent
        return self.sent


def _message(attempt: int = 1, number: int = 1, owner: int = 1) -> Message:
    return Message(
        owner_id=UUID(int=owner),
        authority_id=UUID(int=9),
        is_authority=False,
        id=UUID(int=number),
        kind="joined",
        channel=Channel.EMAIL,
        recipient_kind=RecipientKind.PARENT,
        recipient_id=UUID(int=2),
        subject_id=None,
        attempt=attempt,
        not_after=now() + timedelta(days=1),
    )


def _send(notify: FakeNotify, attempt: int = 1, **changes: Any) -> Any:
    dispatcher = Dispatcher(engine=None, notify=notify, base_url="", secret_key="k")  # type: ignore[arg-type]
    facts = Facts(
        changes.pop("reader", READER),
        school_stage="active",
        not_after=changes.pop("not_after", now() + timedelta(days=1)),
        fields={**FIELDS, "stop_link": "http://x/stop/y"},
    )
    return dispatcher.send(_message(attempt), facts, dispatcher.lines.own_line)


def test_a_first_attempt_is_sent_without_asking():
    notify = FakeNotify()

    outcome = _send(notify)

    assert (outcome.state, outcome.provider_id, notify.asked) == (State.SENT, "n1", ["send"])


def test_a_second_attempt_looks_first():
    notify = FakeNotify(found=None)

    assert _send(notify, attempt=2).state is State.SENT
    assert notify.asked == ["find", "send"]


def test_what_was_found_is_adopted_and_not_sent():
    notify = FakeNotify(found="n0")

    outcome = _send(notify, attempt=2)

    assert (outcome.state, outcome.provider_id, notify.asked) == (State.SENT, "n0", ["find"])


def test_does_not_send_when_the_earlier_try_cannot_be_looked_up():
    notify = FakeNotify(found=Unknown())

    assert _send(notify, attempt=2) is None
    assert notify.asked == ["find"]


def test_what_may_have_been_sent_is_looked_up_before_it_is_held_back():
    too_late = now() - timedelta(minutes=1)

    assert _send(FakeNotify(found="n0"), attempt=2, not_after=too_late).state is State.SENT
    assert _send(FakeNotify(), attempt=2, not_after=too_late).problem is Problem.TOO_LATE


def test_nobody_is_asked_about_what_may_not_go():
    notify = FakeNotify()

    outcome = _send(notify, reader=ReaderFact("a@example.org", stage="joined"))

    assert (outcome.state, outcome.problem, notify.asked) == (State.HELD_BACK, Problem.NO_CONSENT, [])


def test_an_unknown_answer_settles_nothing():
    assert _send(FakeNotify(sent=Unknown())) is None


def test_a_wait_puts_it_back_with_a_pause():
    outcome = _send(FakeNotify(sent=TryLater()))

    assert outcome.state is State.QUEUED
    assert outcome.next_at > now()


@pytest.mark.parametrize(("is_address", "problem"), [(True, Problem.BAD_ADDRESS), (False, Problem.REFUSED)])
def test_a_refusal_is_final(is_address, problem):
    outcome = _send(FakeNotify(sent=Refused(is_address=is_address)))

    assert (outcome.state, outcome.problem) == (State.FAILED, problem)


def test_pauses_double_up_to_an_hour():
    waits = [_wait(attempt).total_seconds() for attempt in (1, 2, 3, 9, 50)]

    assert waits == [15, 30, 60, 3600, 3600]


def test_a_chunk_never_mixes_schools():
    messages = [_message(number=n, owner=n % 3 + 1) for n in range(1, 46)]

    chunks = list(_chunks(messages))

    assert all(len({message.owner_id for message in chunk}) == 1 for chunk in chunks)
    assert all(len(chunk) <= CHUNK for chunk in chunks)
    assert {message.id for chunk in chunks for message in chunk} == {message.id for message in messages}
