"""An application on a database of its own, for tests that commit, race, or need the owner's hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask
from psycopg.rows import dict_row
from sqlalchemy import create_engine, event, text

from app.extensions import db, limiter
from app.factory import create_app
from app.identity.gate import ENGINE, close_doors
from app.messages.links import link_token, token_hash
from infra.database import sqlalchemy_url
from infra.ids import new_id
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession
from tests.support.client import PageClient, sign_in
from tests.support.stack import TestStack
from tests.support.world import Person

ARM = text("select identity.arm_token(:id, :hash)")


@dataclass
class Own:
    """The application, its database, and the owner's hand."""

    app: Flask
    stack: TestStack
    owner: psycopg.Connection[Mapping[str, Any]]

    def client(self, person: Person | None = None) -> PageClient:
        """A browser, signed in as `person`."""
        client = PageClient(self.app)
        if person is not None:
            sign_in(client, person)
        return client

    def rows(self, statement: str, *values: object) -> list[Mapping[str, Any]]:
        """Rows of a statement, as the owner of the tables; none for one that gives none."""
        cursor = self.owner.execute(statement, values)
        return cursor.fetchall() if cursor.description else []

    def value(self, statement: str, *values: object) -> Any:
        (row,) = self.rows(statement, *values)
        (value,) = row.values()
        return value

    def close_account(self, person: Person) -> None:
        """Nobody signs in with it any more."""
        self.rows("update identity.account set disabled_at = now() where id = %s", person.account_id)

    def open_account(self, person: Person) -> None:
        self.rows("update identity.account set disabled_at = null where id = %s", person.account_id)

    @contextmanager
    def session(self, login: str, scope: Scope) -> Iterator[ScopedSession]:
        """A session as `login` in `scope`, committed at the end."""
        engine = create_engine(sqlalchemy_url(self.stack.url(login)))
        try:
            with ScopedSession(engine, scope=scope) as session:
                yield session
                session.commit()
        finally:
            engine.dispose()

    def sent(self, outbox_id: UUID) -> str:
        """The secret of the link in message `outbox_id`, open from here on: the dispatcher has sent it."""
        token = self.rows(
            "select salt, in_authority, in_school from identity.token where outbox_id = %s", outbox_id
        )[0]
        secret = link_token(self.app.config["SECRET_KEY"], outbox_id, token["salt"])
        scope = Scope(Audience.DISPATCH, token["in_authority"], token["in_school"])
        with self.session("wb_dispatch", scope) as session:
            session.execute(ARM, {"id": outbox_id, "hash": token_hash(secret)})
        return secret

    def membership(self, person_id: UUID) -> Mapping[str, Any] | None:
        rows = self.rows(
            "select * from identity.membership where person_id = %s and ended_at is null", person_id
        )
        return rows[0] if rows else None


class _Reused:
    """An application that serves one copy of the database after another: to make one takes longer than most tests."""

    def __init__(self, stack: TestStack) -> None:
        self.database = stack.database
        self.app = create_app(stack.settings())
        self.app.config.update(
            TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False, PROPAGATE_DEFECTS=True
        )
        with self.app.app_context():
            for engine in (db.engine, self.app.extensions[ENGINE]):
                event.listen(engine, "do_connect", self._go_there)

    def _go_there(self, _dialect: object, _record: object, _words: object, named: dict[str, Any]) -> None:
        named["dbname"] = self.database

    @contextmanager
    def on(self, stack: TestStack) -> Iterator[Flask]:
        """The application as it was made, on this database."""
        app, self.database = self.app, stack.database
        parts: tuple[dict[Any, Any], ...] = (app.config, app.extensions, app.view_functions)
        before = [dict(part) for part in parts]
        app.extensions["settings"] = stack.settings()
        try:
            yield app
        finally:
            with app.app_context():
                close_doors()
            for part, was in zip(parts, before, strict=True):
                part.clear()
                part.update(was)


#: Those that nobody works with now. Whoever needs two at once makes a second.
_idle: list[_Reused] = []


@contextmanager
def app_on(stack: TestStack) -> Iterator[Flask]:
    """The application on a database of a test's own."""
    # One limiter serves every application of the process: it is given back as it was.
    kept = dict(vars(limiter))
    reused = _idle.pop() if _idle else _Reused(stack)
    limiter.enabled = False
    with reused.on(stack) as app:
        yield app
    _idle.append(reused)
    vars(limiter).clear()
    vars(limiter).update(kept)


@contextmanager
def own_app(stack: TestStack, name: str) -> Iterator[Own]:
    """An `Own` for as long as it is needed; its database is gone afterwards."""
    with (
        stack.copy(f"{name}_{new_id().hex[-8:]}") as copy,
        app_on(copy) as app,
        psycopg.connect(copy.url("wb_owner"), autocommit=True, row_factory=dict_row) as owner,
    ):
        yield Own(app, copy, owner)


def close_idle() -> None:
    """At the end of a run."""
    while _idle:
        _idle.pop().app.extensions["storage"].close()
