"""The cluster's roles: audiences without login, logins without rights of their own, and two silent owners.

Run by whoever runs the database, as its superuser, before the first migration and after an upgrade that adds a
role. No part of the product ever logs in as that superuser.
"""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from psycopg import sql

from tenants.scope import WEB_AUDIENCES

#: Logins and what each is for.
LOGINS = {
    "wb_web": "the web server: sees nothing until it assumes an audience",
    "wb_signin": "signs people in: may call those functions and see no table",
    "wb_owner": "migrations",
    "wb_dispatch": "sends messages",
    "wb_rollup": "adds up and publishes",
    "wb_documents": "makes, checks and keeps documents; runs the schedule",
}
#: Own the functions that run with their owner's rights; nobody logs in as these.
SILENT = ("wb_identity", "wb_helper")


def ensure_login_roles(superuser_url: str, passwords: Mapping[str, str]) -> None:
    """Create or repair every role. `passwords` has one for each of LOGINS. Safe to run again."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        existing = {row[0] for row in connection.execute("select rolname from pg_roles")}
        for role in (*[audience.value for audience in WEB_AUDIENCES], *SILENT):
            verb = "alter" if role in existing else "create"
            connection.execute(
                sql.SQL(
                    "{} role {} nologin noinherit nosuperuser nobypassrls nocreatedb nocreaterole"
                ).format(sql.SQL(verb), sql.Identifier(role))
            )
        connection.execute("alter role wb_dsl inherit")
        for role in LOGINS:
            verb = "alter" if role in existing else "create"
            connection.execute(
                sql.SQL(
                    "{} role {} login noinherit nosuperuser nobypassrls nocreatedb nocreaterole password {}"
                ).format(sql.SQL(verb), sql.Identifier(role), sql.Literal(passwords[role]))
            )
        for audience in WEB_AUDIENCES:
            connection.execute(
                sql.SQL("grant {} to wb_web with inherit false, set true").format(
                    sql.Identifier(audience.value)
                )
            )
        # A safeguarding lead is a member of staff with one more right.
        connection.execute("grant wb_school to wb_dsl with inherit true, set false")
        for role in SILENT:
            connection.execute(
                sql.SQL("grant {} to wb_owner with inherit false, set true").format(sql.Identifier(role))
            )
        database = connection.info.dbname
        connection.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(database)))
        connection.execute(
            sql.SQL("grant create, connect, temporary on database {} to wb_owner").format(
                sql.Identifier(database)
            )
        )
        for role in ("wb_web", "wb_signin", "wb_dispatch", "wb_rollup", "wb_documents"):
            connection.execute(
                sql.SQL("grant connect on database {} to {}").format(
                    sql.Identifier(database), sql.Identifier(role)
                )
            )
            connection.execute(
                sql.SQL("alter role {} set statement_timeout = '15s'").format(sql.Identifier(role))
            )
            connection.execute(
                sql.SQL("alter role {} set idle_in_transaction_session_timeout = '30s'").format(
                    sql.Identifier(role)
                )
            )
        connection.execute("alter schema public owner to wb_owner")
        connection.execute("revoke all on schema public from public")
