"""Jobs of the outbox bench, and its workers.

`python -m bench.jobs fork` (or `simple`) empties the queue and prints the seconds.
"""

from __future__ import annotations

import os
import sys
import time

from redis import Redis
from rq import Queue, SimpleWorker, Worker
from rq.serializers import JSONSerializer

from infra.database import make_engine
from infra.queue import Bell
from workers.dispatch import Dispatcher
from workers.worker import preload


class TakesAll:
    """A message channel that accepts everything at once."""

    def send_email(
        self, _to: str, *, subject: str, body: str, reference: str, unsubscribe_url: str | None = None
    ) -> str:
        return reference

    def send_text(self, _to: str, *, body: str, reference: str) -> str:
        return reference

    def find_by_reference(self, _reference: str) -> None:
        return None


def drain() -> int:
    """Send everything that is due."""
    engine = make_engine(os.environ["BENCH_DISPATCH_URL"])
    dispatcher = Dispatcher(
        engine=engine,
        notify=TakesAll(),  # type: ignore[arg-type]
        base_url="http://127.0.0.1",
        secret_key="bench-" + "x" * 40,
    )
    try:
        return dispatcher.drain(seconds=300)
    finally:
        engine.dispose()


def nothing() -> None:
    """Do nothing."""


def main() -> None:
    """Work until the queue is empty."""
    preload(Bell.MESSAGES)
    connection = Redis.from_url(os.environ["BENCH_REDIS_URL"])
    queue = Queue("bench", connection=connection, serializer=JSONSerializer)
    kind = {"fork": Worker, "simple": SimpleWorker}[sys.argv[1]]
    worker = kind([queue], connection=connection, serializer=JSONSerializer)
    started = time.perf_counter()
    worker.work(burst=True, logging_level="ERROR")
    print(time.perf_counter() - started)


if __name__ == "__main__":
    main()
