"""An application whose database is its own, for tests that break things and commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from flask import Flask

from app.extensions import limiter
from app.factory import create_app
from app.identity.gate import close_doors
from tests.support.client import PageClient, sign_in
from tests.support.stack import TestStack

#: A form of somebody to find, as a page sends it.
ADDED = {
    "first_name": "Commit",
    "last_name": "Canaryson",
    "phone": "07700 900766",
    "email": "",
    "language": "tr",
    "year_group": "Year 8",
    "attendance_band": "",
}


@contextmanager
def application(settings) -> Iterator[Flask]:
    """An application as it is outside tests, but for the token check; nothing of it stays."""
    kept = dict(vars(limiter))
    limiter.enabled = True
    app = create_app(settings)
    app.config.update(WTF_CSRF_ENABLED=False)
    try:
        yield app
    finally:
        with app.app_context():
            close_doors()
        app.extensions["storage"].close()
        vars(limiter).clear()
        vars(limiter).update(kept)


def sign_in_to(app: Flask, person) -> PageClient:
    """A browser of `person`, signed in."""
    client = PageClient(app)
    if person is not None:
        sign_in(client, person)
    return client


@pytest.fixture(scope="module")
def own_stack(stack, world, request) -> Iterator[TestStack]:
    with stack.copy(request.module.__name__.rsplit(".", 1)[-1]) as copy:
        yield copy


@pytest.fixture(scope="module")
def own_app(own_stack) -> Iterator[Flask]:
    with application(own_stack.settings()) as app:
        yield app


@pytest.fixture
def own_superuser(own_stack) -> Iterator[psycopg.Connection]:
    with psycopg.connect(own_stack.superuser_url, autocommit=True) as connection:
        yield connection
