"""The doorbell: RQ jobs that say "look into your table", nothing else. PostgreSQL holds what there is to do."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from infra.logs import get_logger
from infra.redis_client import impatient

log = get_logger()

#: A bell that rings already is not rung again for this long (seconds). Whoever answers it takes the mark away first.
MUFFLE = 5
#: A drain stops by itself well before RQ would stop it (seconds).
JOB_TIMEOUT = 300


class Bell(StrEnum):
    """One queue each, with one worker process each."""

    MESSAGES = "messages"
    DOCUMENTS = "documents"
    ROLLUP = "rollup"


@cache
def connect(redis_url: str) -> Redis:
    """This process's Redis connection. Short patience: a page must not wait for a doorbell."""
    return impatient(redis_url)


def ring(redis_url: str, bell: Bell) -> bool:
    """Ask the worker behind `bell` to look. False when it rings already, or when Redis is away.

    Never raises for Redis: the schedule rings again within seconds.
    """
    try:
        connection = connect(redis_url)
        if not connection.set(_mark(bell), b"1", nx=True, ex=MUFFLE):
            return False
        Queue(bell.value, connection=connection, serializer=JSONSerializer).enqueue(
            f"workers.jobs.drain_{bell.value}",
            job_timeout=JOB_TIMEOUT,
            result_ttl=0,
            failure_ttl=3600,
            ttl=60,
        )
    except (RedisError, OSError):
        log.warning("bell_not_rung", queue=bell.value)
        return False
    return True


def answer(redis_url: str, bell: Bell) -> None:
    """Called first by the job: whatever is written from now on may ring again."""
    try:
        connect(redis_url).delete(_mark(bell))
    except (RedisError, OSError):
        log.warning("bell_not_answered", queue=bell.value)


def _mark(bell: Bell) -> str:
    return f"webelong:bell:{bell.value}"
