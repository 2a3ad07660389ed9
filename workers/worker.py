"""An RQ worker for one queue, whose parent has the job modules loaded before it forks.

One queue per worker: with two, RQ takes a job without a trace, and a kill at that moment loses it.
"""

from __future__ import annotations

import gc
import signal
import time
from importlib import import_module
from importlib.util import find_spec
from types import FrameType

from babel.dates import format_date
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from infra.clock import today
from infra.logs import get_logger
from infra.queue import Bell, ring

log = get_logger()

#: Seconds that a worker waits at most before it looks whether Redis is back.
LONGEST_WAIT = 3.0


class BellWorker(Worker):
    """Remembers that it was told to stop, so that any other end is an accident and it starts again."""

    max_connection_wait_time = LONGEST_WAIT
    told_to_stop = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        BellWorker.told_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


def run_worker(bell: Bell, redis_url: str, *, burst: bool = False) -> int:
    """Answer `bell` until SIGTERM or SIGINT; 0. With `burst`: ring once, work until the queue is empty, end."""
    preload(bell)
    if burst:
        ring(redis_url, bell)
    signal.signal(signal.SIGTERM, _stop_before_work)
    signal.signal(signal.SIGINT, _stop_before_work)
    while not BellWorker.told_to_stop:
        connection = Redis.from_url(redis_url, socket_connect_timeout=5, socket_keepalive=True)
        try:
            queue = Queue(bell.value, connection=connection, serializer=JSONSerializer)
            worker = BellWorker([queue], connection=connection, serializer=JSONSerializer)
            worker.log_job_description = False
            worker.work(burst=burst, logging_level="WARNING")
        except (RedisError, OSError) as error:
            log.warning("queue_lost", queue=bell.value, exc_info=error)
        if burst:
            break
        if not BellWorker.told_to_stop:
            time.sleep(1)
    return 0


def preload(bell: Bell) -> None:
    """Load what jobs of `bell` need, once, before any child is forked: a child costs a third less."""
    import_module("workers.jobs")
    if find_spec(f"workers.{bell.value}"):
        import_module(f"workers.{bell.value}")
    import_module("psycopg")
    format_date(today(), locale="en_GB")
    gc.collect()
    gc.freeze()


def _stop_before_work(_number: int, _frame: FrameType | None) -> None:
    # Until RQ has its own handlers in place.
    BellWorker.told_to_stop = True
    raise SystemExit(0)
