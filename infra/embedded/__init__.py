"""The real PostgreSQL, Redis and S3 storage, started from Python wheels under one folder.

with EmbeddedStack(Path(".webelong")) as stack:
    stack.postgres.superuser_url, stack.redis.url, stack.s3.endpoint
"""

from infra.embedded.errors import AlreadyRunning, StartError
from infra.embedded.object_store import ObjectStore
from infra.embedded.postgres import Postgres
from infra.embedded.redis_server import Redis
from infra.embedded.stack import EmbeddedStack

__all__ = ["AlreadyRunning", "EmbeddedStack", "ObjectStore", "Postgres", "Redis", "StartError"]
