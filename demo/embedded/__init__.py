"""The real PostgreSQL, Redis and S3 storage, started from Python wheels under one folder.

with EmbeddedStack(Path(".webelong")) as stack:
    stack.postgres.superuser_url, stack.redis.url, stack.s3.endpoint
"""

from demo.embedded.errors import AlreadyRunning, StartError
from demo.embedded.object_store import ObjectStore
from demo.embedded.postgres import Postgres
from demo.embedded.redis_server import Redis
from demo.embedded.stack import EmbeddedStack

__all__ = ["AlreadyRunning", "EmbeddedStack", "ObjectStore", "Postgres", "Redis", "StartError"]
