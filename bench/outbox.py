"""Outbox rows a second through a forking RQ worker, against RQ jobs that do nothing: in that kind of worker, and in
RQ's own worker that does not fork, which is what somebody would pick who wants speed."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass

import psycopg
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from bench.data import Fleet
from bench.scale import Scale
from demo.embedded import EmbeddedStack


@dataclass(frozen=True)
class OutboxResult:
    """Rows, and bare jobs of either worker, per second."""

    rows_per_second: float
    forked_per_second: float
    simple_per_second: float


def measure_outbox(stack: EmbeddedStack, fleet: Fleet, scale: Scale) -> OutboxResult:
    """Send reminders to a channel that takes them at once, then run bare jobs."""
    messages = scale.messages
    with psycopg.connect(fleet.superuser_url, autocommit=True) as connection:
        connection.execute(
            "insert into outbox (school_id, id, kind, channel, recipient_kind, recipient_id, subject_id, dedupe_key,"
            " next_at, created_at)"
            " select e.school_id, uuidv7(), 'session_reminder', 'email', 'parent', e.parent_id, s.id,"
            " s.id || ':' || e.parent_id, now(), now()"
            " from enrolment e join cohort_session s on s.school_id = e.school_id and s.cohort_id = e.cohort_id"
            # The reminder of two days before: any other day it would be held back.
            " and s.on_date = current_date + 2 order by e.school_id, e.parent_id limit %s",
            (messages,),
        )
    redis = Redis.from_url(stack.redis.url)
    environment = dict(os.environ) | {
        "BENCH_DISPATCH_URL": fleet.urls["wb_dispatch"],
        "BENCH_REDIS_URL": stack.redis.url,
    }
    queue = Queue("bench", connection=redis, serializer=JSONSerializer)
    queue.enqueue("bench.jobs.drain", job_timeout=600)
    rows_seconds = _work(environment, "fork")
    with psycopg.connect(fleet.superuser_url) as connection:
        sent = connection.execute("select count(*) from outbox where state = 'sent'").fetchall()[0][0]
    if sent != messages:
        raise RuntimeError(f"{sent} of {messages} messages were sent: is the fleet too small?")
    bare = []
    for kind, jobs in (("fork", scale.jobs), ("simple", scale.simple_jobs)):
        for _ in range(jobs):
            queue.enqueue("bench.jobs.nothing", job_timeout=60)
        bare.append(jobs / _work(environment, kind))
    redis.close()
    return OutboxResult(messages / rows_seconds, *bare)


def _work(environment: dict[str, str], kind: str) -> float:
    """Seconds that a worker of this kind needs to empty the queue, its own start left out."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.jobs", kind],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        # It ends by itself when the queue is empty: one that does not is a fault, and not to be waited for.
        timeout=600,
    )
    return float(done.stdout.strip().splitlines()[-1])
