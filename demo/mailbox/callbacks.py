"""Callbacks as GOV.UK Notify makes them: a POST with a bearer token, tried again five times, five minutes apart."""

import heapq
import itertools
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from demo.mailbox.faults import FaultBox

RETRIES = 5
RETRY_SECONDS = 300.0
#: The networks take a moment to say what became of a message.
AFTER_SECONDS = 0.5
#: How much later one comes that others overtake.
OVERTAKEN_SECONDS = 5.0
TIMEOUT = 60


@dataclass(frozen=True)
class Where:
    """Where callbacks go, and what proves that they are ours."""

    delivery_url: str
    text_url: str
    token: str
    retry_seconds: float = RETRY_SECONDS

    @classmethod
    def at(cls, service: str, token: str, *, retry_seconds: float = RETRY_SECONDS) -> "Where":
        """The two addresses of a running service."""
        base = service.rstrip("/")
        return cls(f"{base}/notify/delivery", f"{base}/notify/text", token, retry_seconds)


@dataclass(order=True)
class _Call:
    due: float
    number: int
    url: str = field(compare=False)
    body: Mapping[str, Any] = field(compare=False)
    tries: int = field(compare=False, default=0)


class Callbacks:
    """Makes calls in a thread of its own. What waits is gone with the process, as Notify's is after its last try."""

    def __init__(self, where: Where | None, faults: FaultBox) -> None:
        self._where, self._faults = where, faults
        self._calls: list[_Call] = []
        self._numbers = itertools.count()
        self._change = threading.Condition()
        self._is_over = False
        self._thread: threading.Thread | None = None

    def tell_delivery(self, body: Mapping[str, Any]) -> None:
        """What became of a message."""
        if self._where is not None:
            self._tell(self._where.delivery_url, body)

    def tell_text(self, body: Mapping[str, Any]) -> None:
        """A text that somebody wrote."""
        if self._where is not None:
            self._tell(self._where.text_url, body)

    def close(self) -> None:
        """Make no call any more."""
        with self._change:
            self._is_over = True
            self._change.notify()
        if self._thread is not None:
            self._thread.join(TIMEOUT)

    def _tell(self, url: str, body: Mapping[str, Any]) -> None:
        bad_day = self._faults.current
        if self._faults.happens(bad_day.callback_drop):
            return
        due = time.monotonic() + AFTER_SECONDS
        if self._faults.happens(bad_day.callback_reorder):
            due += OVERTAKEN_SECONDS
        for _ in range(2 if self._faults.happens(bad_day.callback_repeat) else 1):
            self._put(_Call(due, next(self._numbers), url, body))

    def _put(self, call: _Call) -> None:
        with self._change:
            heapq.heappush(self._calls, call)
            if self._thread is None:
                # With the first call: the server forks before it serves, and a thread would stay behind.
                self._thread = threading.Thread(target=self._run, name="callbacks", daemon=True)
                self._thread.start()
            self._change.notify()

    def _run(self) -> None:
        while (call := self._next()) is not None:
            if not self._make(call) and call.tries < RETRIES and self._where is not None:
                later = time.monotonic() + self._where.retry_seconds
                self._put(_Call(later, next(self._numbers), call.url, call.body, call.tries + 1))

    def _next(self) -> _Call | None:
        with self._change:
            while not self._is_over:
                if self._calls and self._calls[0].due <= time.monotonic():
                    return heapq.heappop(self._calls)
                self._change.wait(self._calls[0].due - time.monotonic() if self._calls else None)
        return None

    def _make(self, call: _Call) -> bool:
        """Whether there is nothing more to try: only no answer, or one of 500 and above, is tried again."""
        token = self._where.token if self._where else ""
        try:
            answer = requests.post(
                call.url, json=call.body, headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT
            )
        except requests.RequestException:
            return False
        return answer.status_code < 500
