"""Create answer sets: one row per person and occasion, without a name, seen by that parent and the roll-up alone.

Risk: none, the table is new.
Rejected: a row per item; ten times dearer to add up (measured).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import OWN_PARENT, SCHOOL, Access, protect

revision = "0006"
down_revision = "0005"

TABLES = """
create table answer_set (
  school_id uuid not null, id uuid not null, parent_id uuid not null, cohort_id uuid,
  instrument text not null, instrument_version smallint not null, scoring_version smallint not null,
  occasion text not null check (occasion in ('before', 'after')),
  mode text not null default 'own_device' check (mode in ('own_device', 'paper', 'read_aloud', 'interpreter')),
  items smallint[] not null, updated_at timestamptz not null, submitted_at timestamptz,
  primary key (school_id, id),
  foreign key (school_id, parent_id) references parent (school_id, id),
  foreign key (school_id, cohort_id) references cohort (school_id, id),
  constraint answer_set_once unique nulls not distinct (school_id, parent_id, cohort_id, instrument, occasion));
create index answer_set_by_cohort on answer_set (school_id, cohort_id, occasion);
"""


def upgrade() -> None:
    op.execute(TABLES)
    for statement in protect(
        "answer_set",
        [
            Access("wb_parent", "select, insert, update", OWN_PARENT),
            Access("wb_rollup", "select", SCHOOL),
        ],
    ):
        op.execute(statement)
