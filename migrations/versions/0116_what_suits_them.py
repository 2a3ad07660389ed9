"""Keep what suits a parent who waits for a group: days, times, how to meet, and what they need to come.

Staff gave places by year group and language, and learned on the first evening that nobody could come on a Tuesday. A
parent says it themselves, or staff note it as they hear it; an empty list means that any will do.

Risk: none for rows that are there. Rejected: columns of `parent_contact` (those who lead read that, and need not), a
row for each day (five rows that are always read together), and free words (nobody is offered a place by them).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import OWN_PARENT, SCHOOL, Access, protect

revision = "0116"
down_revision = "0115"

WISHES = """
create table group_wish (
  school_id uuid not null references school (school_id),
  parent_id uuid not null,
  days text[] not null default '{}',
  times text[] not null default '{}',
  format text not null default 'either',
  needs text[] not null default '{}',
  by_name text not null default '',
  changed_at timestamptz not null default app.now(),
  primary key (school_id, parent_id),
  foreign key (school_id, parent_id) references parent (school_id, id),
  constraint group_wish_days check (days <@ array['mon', 'tue', 'wed', 'thu', 'fri']),
  constraint group_wish_times check (times <@ array['morning', 'afternoon', 'evening']),
  constraint group_wish_format check (format in ('room', 'online', 'either')),
  constraint group_wish_needs check (needs <@ array['creche', 'step_free', 'transport', 'refreshments']))
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(WISHES)
    access = [
        Access("wb_school", "select, insert, update", SCHOOL),
        Access("wb_parent", "select, insert, update", OWN_PARENT),
        Access("wb_documents", "select", SCHOOL),
    ]
    for statement in protect("group_wish", access):
        op.execute(statement)
