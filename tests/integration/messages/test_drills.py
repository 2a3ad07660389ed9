"""Bad days: workers killed, replies lost, Redis emptied. Nothing is lost and nothing goes out twice."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import redis

from infra.queue import Bell, connect, ring
from tests.support.paths import python_path

REPOSITORY = Path(__file__).parents[3]


def _messages(place, count):
    return [message_id for _ in range(count) for message_id in place.enqueue()]


def test_killed_workers_lost_replies_and_errors_lose_and_double_nothing(place, mailbox, worker_environment):
    wanted = _messages(place, 24)
    mailbox.bad_day(drop_reply=0.15, error_before=0.1, error_after=0.1, delay_ms=20)
    drill = subprocess.run(
        [sys.executable, Path(__file__).with_name("killed_workers.py"), place.stack.superuser_url],
        env=worker_environment(PYTHONPATH=python_path(REPOSITORY)),
        stdout=subprocess.PIPE,
        check=True,
    )

    arrived = Counter(message["reference"] for message in mailbox.messages())
    assert {message_id: arrived[str(message_id)] for message_id in wanted} == dict.fromkeys(wanted, 1)
    assert int(drill.stdout) > 0, "no worker was killed at work"


def _worker(environment, name, *arguments):
    return subprocess.Popen([sys.executable, "-m", "workers", name, *arguments], env=environment)


def test_a_worker_answers_the_bell(place, mailbox, worker_environment):
    (message_id,) = place.enqueue()

    assert _worker(worker_environment(), "messages", "--burst").wait(60) == 0

    assert len(mailbox.of(message_id)) == 1


def test_an_emptied_redis_loses_no_message(place, mailbox, worker_environment):
    (message_id,) = place.enqueue()
    url = place.stack.settings().secret("redis_url")
    ring(url, Bell.MESSAGES)
    redis.Redis.from_url(url).flushall()
    assert _worker(worker_environment(), "schedule", "--burst").wait(60) == 0

    assert _worker(worker_environment(), "messages", "--burst").wait(60) == 0

    assert len(mailbox.of(message_id)) == 1


def test_redis_flushed_under_a_running_worker(place, mailbox, worker_environment):
    url = place.stack.settings().secret("redis_url")
    worker = _worker(worker_environment(), "messages")
    schedule = _worker(worker_environment(), "schedule")
    try:
        _until(lambda: redis.Redis.from_url(url).scard("rq:workers"))
        redis.Redis.from_url(url).flushall()
        (message_id,) = place.enqueue()
        _until(lambda: mailbox.of(message_id))
        worker.send_signal(signal.SIGTERM)
        schedule.send_signal(signal.SIGTERM)
        assert (worker.wait(40), schedule.wait(40)) == (0, 0)
    finally:
        worker.kill()
        schedule.kill()
        worker.wait()
        schedule.wait()


def _until(happens):
    for _ in range(600):
        if happens():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen")


def test_a_bell_rings_once_until_it_is_answered(place):
    url = place.stack.settings().secret("redis_url")

    assert [ring(url, Bell.MESSAGES), ring(url, Bell.MESSAGES)] == [True, False]
    assert connect(url).llen("rq:queue:messages") == 1


def test_a_bell_that_cannot_ring_stops_nobody():
    assert ring("redis://127.0.0.1:9/0", Bell.MESSAGES) is False


def test_jobs_hold_no_ids_and_no_words(place):
    url = place.stack.settings().secret("redis_url")
    place.enqueue()
    ring(url, Bell.MESSAGES)

    redis: Any = connect(url)
    (job_id,) = redis.lrange("rq:queue:messages", 0, -1)
    data = redis.hgetall(b"rq:job:" + job_id)
    assert str(place.parent_id).encode() not in b" ".join(data.values())
    assert data[b"description"] == b"workers.jobs.drain_messages()"
