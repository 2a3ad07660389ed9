"""Keep the days on which an authority closes all its schools.

Risk: none, the table is new.
Rejected: a row for each school (a school that is added later would not know the day).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import AUTHORITY, Access, protect

revision = "0026"
down_revision = "0025"

TABLE = """
create table authority_closed_day (
  authority_id uuid not null references authority, id uuid not null,
  on_date date not null, reason text not null,
  primary key (authority_id, id),
  constraint authority_closed_day_once unique (authority_id, on_date));
"""


def upgrade() -> None:
    op.execute(TABLE)
    access = [
        Access("wb_authority", "select, insert, delete", AUTHORITY),
        Access("wb_school", "select", AUTHORITY),
        Access("wb_documents", "select", AUTHORITY),
    ]
    for statement in protect("authority_closed_day", access):
        op.execute(statement)
