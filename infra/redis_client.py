"""Redis with short patience: it may be away at any time, and no page waits for it."""

from __future__ import annotations

from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry


def impatient_options() -> dict[str, Any]:
    """Connection options: one try, a second to connect, two for an answer. By default redis-py tries for ten."""
    return {"socket_connect_timeout": 1, "socket_timeout": 2, "retry": Retry(NoBackoff(), 0)}


def impatient(redis_url: str) -> Redis:
    """A client that gives up quickly."""
    return Redis.from_url(redis_url, **impatient_options())
