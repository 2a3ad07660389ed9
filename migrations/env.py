"""Alembic's entry point: runs revisions on the connection that `migrations.run` opened, or writes them out as SQL."""

from __future__ import annotations

from alembic import context

connection = context.config.attributes.get("connection")
context.configure(
    connection=connection,
    dialect_name=None if connection else "postgresql",
    as_sql=connection is None,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
if connection:
    connection.commit()
