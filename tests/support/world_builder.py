"""Writes rows of any table, and people who can sign in, as the owner."""

from __future__ import annotations

import secrets
from collections.abc import Container
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData, text

from app.accounts.passwords import hash_password
from app.identity.roles import PASSWORD_ROLES, Role
from infra.clock import now
from infra.ids import new_id
from tests.support.world import Person

#: One password that nobody knows, for everybody at work.
WAY_IN = hash_password(secrets.token_urlsafe(24))


class Builder:
    """Writes rows. `without` names tables, and columns as `table.column`, that an earlier release had not yet; also
    roles of people at work in a school."""

    def __init__(self, connection: Connection, *, without: Container[str] = ()) -> None:
        self.connection = connection
        self.tables = MetaData()
        self.tables.reflect(connection)
        self.phone = 900_100
        self.without = without

    def add(self, table: str, **values: Any) -> None:
        if table in self.without:
            return
        here = {name: value for name, value in values.items() if f"{table}.{name}" not in self.without}
        self.connection.execute(self.tables.tables[table].insert().values(here))

    def next_phone(self) -> str:
        self.phone += 1
        return f"+447700{self.phone}"

    def person(
        self,
        role: Role,
        name: str,
        *,
        authority_id: UUID,
        school_id: UUID | None = None,
        email: str | None = None,
        phone: str | None = None,
        account_of: Person | None = None,
    ) -> Person:
        person = Person(
            role=role,
            name=name,
            email=email,
            phone=phone,
            account_id=account_of.account_id if account_of else new_id(),
            membership_id=new_id(),
            person_id=new_id(),
            authority_id=authority_id,
            school_id=school_id,
        )
        self.connection.execute(
            text("select identity.found_account(:a, :m, :e, :p, :n, :r, :g, :s, :person)"),
            {
                "a": person.account_id,
                "m": person.membership_id,
                "e": account_of.email if account_of else email,
                "p": account_of.phone if account_of else phone,
                "n": name,
                "r": role.value,
                "g": authority_id,
                "s": school_id,
                "person": person.person_id,
            },
        )
        self.connection.execute(
            # In which they press when a test acts in their scope (`Person.scope`).
            text(
                "insert into identity.browser_session (token_hash, id, account_id, membership_id, expires_at, idle)"
                " values (:hash, :m, :a, :m, 'infinity', '100 years')"
            ),
            {"hash": person.membership_id.bytes, "a": person.account_id, "m": person.membership_id},
        )
        if role in PASSWORD_ROLES:
            # Somebody at work can sign in; who has no way in does not count as a reader, lead or officer.
            self.connection.execute(
                text(
                    "with since as (update identity.membership set created_at = :since where account_id = :id)"
                    " update identity.account set password_hash = :hash, created_at = :since where id = :id"
                ),
                {"id": person.account_id, "hash": WAY_IN, "since": now() - timedelta(days=60)},
            )
        return person
