"""The real programs that the tests run on, started once for a test run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from demo.embedded import EmbeddedStack
from infra.settings import Settings
from migrations.run import upgrade
from tenants.roles import LOGINS, ensure_login_roles

#: The database as it was when the world had just been written.
PRISTINE = "pristine"
PASSWORDS = {role: f"test-{role}" for role in LOGINS}


@dataclass(frozen=True)
class TestStack:
    """A running stack with a migrated database, and how to reach it as each login."""

    __test__ = False

    stack: EmbeddedStack
    database: str = "webelong"

    def url(self, role: str) -> str:
        return self.stack.postgres.url_for(role, PASSWORDS[role], database=self.database)

    @property
    def superuser_url(self) -> str:
        return self.stack.postgres.superuser_url.rsplit("/", 1)[0] + f"/{self.database}"

    def settings(self, **changes: object) -> Settings:
        """Settings of a process under test."""
        values: dict[str, Any] = {
            "webelong_mode": "test",
            "secret_key": "only-for-tests-" + "x" * 40,
            "base_url": "http://127.0.0.1:5000",
            "database_url": self.url("wb_web"),
            "database_signin_url": self.url("wb_signin"),
            "database_owner_url": self.url("wb_owner"),
            "database_dispatch_url": self.url("wb_dispatch"),
            "database_rollup_url": self.url("wb_rollup"),
            "database_documents_url": self.url("wb_documents"),
            "redis_url": self.stack.redis.url,
            "s3_endpoint": self.stack.s3.endpoint,
            "s3_access_key": self.stack.s3.access_key,
            "s3_secret_key": self.stack.s3.secret_key,
            "s3_bucket": self.stack.s3.bucket,
            "notify_base_url": "http://127.0.0.1:9",
            "notify_api_key": "test-00000000-0000-4000-8000-00000000000a-00000000-0000-4000-8000-00000000000b",
        }
        return Settings(**(values | changes))

    def freeze(self) -> None:
        """Keep the database as it is now, with nobody connected, for `copy`."""
        with psycopg.connect(self.maintenance_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("create database {} template {}").format(
                    sql.Identifier(PRISTINE), sql.Identifier(self.database)
                )
            )

    @property
    def maintenance_url(self) -> str:
        return self.stack.postgres.superuser_url.rsplit("/", 1)[0] + "/postgres"

    @contextmanager
    def copy(self, name: str) -> Iterator[TestStack]:
        """A database of its own with the world's rows, for tests that commit for real."""
        with psycopg.connect(self.maintenance_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("create database {} template {}").format(
                    sql.Identifier(name), sql.Identifier(PRISTINE)
                )
            )
            # Rights on a database do not come with its template.
            connection.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))
            for role in LOGINS:
                connection.execute(
                    sql.SQL("grant create, connect, temporary on database {} to {}").format(
                        sql.Identifier(name), sql.Identifier(role)
                    )
                )
        try:
            yield TestStack(self.stack, name)
        finally:
            with psycopg.connect(self.maintenance_url, autocommit=True) as connection:
                connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@contextmanager
def running_stack(folder: Path) -> Iterator[TestStack]:
    """Start everything under `folder`, make the roles and run the migrations."""
    with EmbeddedStack(folder, durable=False) as stack:
        ensure_login_roles(stack.postgres.superuser_url, PASSWORDS)
        found = TestStack(stack)
        upgrade(found.url("wb_owner"))
        yield found
