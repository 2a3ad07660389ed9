"""Let the staff of a school write whom a group could help.

A few answers by version, so that what colleagues asked by on any day can be read, and who wrote it. Staff who find
parents read it; neither the council nor the head teacher, the office, those who lead or parents have a right to it.

Risk: none, a new table. Rejected: columns of the school (read by nearly everybody), one row that is changed (nobody
could say what stood before), a row for each group (they are asked before there is one).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import SCHOOL, Access, protect

revision = "0174"
down_revision = "0173"

TABLE = """
create table whom_it_helps (
  school_id uuid not null references school (school_id),
  version integer not null,
  whom text not null,
  signs text not null,
  wait text not null,
  asking text not null,
  by_name text not null,
  written_at timestamptz not null,
  primary key (school_id, version),
  constraint whom_it_helps_version check (version > 0),
  constraint whom_it_helps_words check (
    greatest(char_length(whom), char_length(signs), char_length(wait), char_length(asking)) <= 600));
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TABLE)
    for statement in protect("whom_it_helps", [Access("wb_school", "select, insert", SCHOOL)]):
        op.execute(statement)
