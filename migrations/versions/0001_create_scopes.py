"""Create the schemas and the functions that say who a transaction serves.

Risk: none, the database is empty.
Rejected: passing ids as arguments of every query; a forgotten one would show another school.
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None

AUDIENCES = (
    "wb_public, wb_authority, wb_officer, wb_school, wb_dsl, wb_facilitator, wb_parent, wb_commissioner, "
    "wb_dispatch, wb_documents, wb_rollup"
)

STATEMENTS = (
    "create schema app",
    "create schema identity",
    "create schema published",
    "alter default privileges revoke execute on functions from public",
    f"grant usage on schema public to {AUDIENCES}, wb_identity, wb_helper",
    f"grant usage on schema app to {AUDIENCES}, wb_identity, wb_helper, wb_web",
    "grant usage on schema published to wb_commissioner, wb_authority, wb_rollup",
    f"grant usage on schema identity to wb_web, wb_identity, {AUDIENCES}",
    # A function can only be given to an owner who may create in its schema.
    "grant create on schema identity to wb_identity",
    "grant create on schema app to wb_helper",
    "grant create on schema app to wb_helper",
    *(
        f"create function app.{name}_id() returns uuid language sql stable parallel safe"
        f" set search_path = pg_catalog, pg_temp"
        f" return nullif(current_setting('app.{name}', true), '')::uuid"
        for name in ("authority", "school", "person")
    ),
    f"grant execute on all functions in schema app to {AUDIENCES}, wb_identity, wb_helper",
    # Readiness asks which revision the database has.
    "grant select on alembic_version to wb_public",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
