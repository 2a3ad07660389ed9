"""A database of its own with the demo borough in it, loaded once for these tests."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from demo.loader import load
from infra.settings import Settings
from migrations.run import upgrade
from tenants.roles import ensure_login_roles
from tests.support.stack import PASSWORDS, TestStack

NAME = "demo_borough"


@pytest.fixture(scope="session")
def borough_stack(stack: TestStack) -> Iterator[TestStack]:
    """A migrated database with nobody in it."""
    found = TestStack(stack.stack, NAME)
    with psycopg.connect(stack.superuser_url, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(NAME)))
    ensure_login_roles(found.superuser_url, PASSWORDS)
    upgrade(found.url("wb_owner"))
    yield found
    with psycopg.connect(stack.superuser_url, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(NAME)))


@pytest.fixture(scope="session")
def demo_settings(borough_stack: TestStack) -> Settings:
    return borough_stack.settings(webelong_mode="demo", base_url="http://127.0.0.1:8123")


@pytest.fixture(scope="session")
def written(borough_stack: TestStack, demo_settings: Settings) -> dict[str, int]:
    """What the first load says that it wrote."""
    return load(borough_stack.url("wb_owner"), secret_key=demo_settings.secret("secret_key"))


@pytest.fixture
def demo(borough_stack: TestStack, written: dict[str, int]) -> Iterator[psycopg.Connection]:
    """The loaded borough, seen whole; nothing that a test does stays."""
    with psycopg.connect(borough_stack.superuser_url) as connection:
        yield connection
        connection.rollback()
