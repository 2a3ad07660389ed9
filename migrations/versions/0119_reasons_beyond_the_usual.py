"""Keep why a group has more places than the usual, or began with fewer parents: who said so, when, and how many.

Ten places were a wall: a school with eleven parents who had said yes turned one away or wrote another group. And a
group of two began without a word. Both are for the school to decide; the reason stays in the group's history.

Risk: none for rows that are there: the check on `cohort.places` only widens. A group that nobody was in can still be
deleted, and its reasons go with it. Rejected: a column of the group (the second reason would write over the first), and
free words in the trail of what was done (which holds none).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import SCHOOL, Access, protect

revision = "0119"
down_revision = "0118"

REASONS = """
create table group_reason (
  school_id uuid not null references school (school_id),
  id uuid not null,
  cohort_id uuid not null,
  what text not null,
  number int not null,
  reason text not null,
  by_name text not null,
  at timestamptz not null default app.now(),
  primary key (school_id, id),
  foreign key (school_id, cohort_id) references cohort (school_id, id) on delete cascade,
  constraint group_reason_what check (what in ('more_places', 'began_small')),
  constraint group_reason_reason check (reason <> '' and char_length(reason) <= 300));
create index group_reason_by_cohort on group_reason (school_id, cohort_id);
alter table cohort drop constraint cohort_places_check;
alter table cohort add constraint cohort_places_check check (places between 1 and 14) not valid;
alter table cohort validate constraint cohort_places_check;
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(REASONS)
    for statement in protect("group_reason", [Access("wb_school", "select, insert", SCHOOL)]):
        op.execute(statement)
