"""A database of its own for the register, made by the real migrations: these tests empty it and commit."""

from __future__ import annotations

import dataclasses

import psycopg
import pytest
from sqlalchemy import create_engine

from infra.database import sqlalchemy_url
from migrations.run import upgrade
from tenants.roles import ensure_login_roles
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession
from tests.support.stack import PASSWORDS


@pytest.fixture(scope="session")
def register_database(stack):
    with psycopg.connect(stack.superuser_url, autocommit=True) as connection:
        connection.execute("create database register_tests")
    found = dataclasses.replace(stack, database="register_tests")
    ensure_login_roles(found.superuser_url, PASSWORDS)
    upgrade(found.url("wb_owner"))
    yield found
    with psycopg.connect(stack.superuser_url, autocommit=True) as connection:
        connection.execute("drop database register_tests with (force)")


@pytest.fixture
def empty_register(register_database):
    """The address, as the owner, of a register in which nothing is, whatever the test before left."""
    url = register_database.url("wb_owner")
    with psycopg.connect(url) as connection:
        connection.execute("delete from register_school")
        connection.execute("delete from register_import")
    return url


@pytest.fixture
def owner(empty_register):
    """The owner's connection; what a test writes on it is rolled back."""
    with psycopg.connect(empty_register) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def authority_session(register_database):
    """What an authority's admin reads the register with."""
    engine = create_engine(sqlalchemy_url(register_database.url("wb_web")))
    with ScopedSession(engine, scope=Scope(Audience.AUTHORITY)) as session:
        yield session
    engine.dispose()
