"""Keep how a session was held, as each of those who led it looks back on it; let a mark be taken off again.

Whether the groups of a borough are held as they are meant to be was told by nobody. Each who leads says it in a minute,
by ticks alone: there is no place for what anybody said. And a mark that was tapped by mistake could only be changed
into another one, never taken away.

Risk: none for rows that are there. Rejected: columns of the session (two who lead would write over each other), and
free words (they would tell of parents).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import LED_COHORT, SCHOOL, Access, protect

revision = "0124"
down_revision = "0123"

REFLECTIONS = """
create table session_reflection (
  school_id uuid not null references school (school_id),
  session_id uuid not null,
  facilitator_id uuid not null,
  cohort_id uuid not null,
  rules_said_at timestamptz,
  parts text[] not null default '{}',
  times text not null default '',
  turns text not null default '',
  looked_back_at timestamptz,
  primary key (school_id, session_id, facilitator_id),
  foreign key (school_id, session_id) references cohort_session (school_id, id),
  foreign key (school_id, facilitator_id) references facilitator (school_id, id),
  foreign key (school_id, cohort_id) references cohort (school_id, id),
  constraint session_reflection_parts check (parts <@ array['welcome', 'theme', 'home', 'summing_up']),
  constraint session_reflection_times check (times in ('', 'kept', 'nearly', 'not_kept')),
  constraint session_reflection_turns check (turns in ('', 'everybody', 'not_everybody')),
  constraint session_reflection_whole check (
    (looked_back_at is null and times = '' and turns = '' and parts = '{}')
    or (looked_back_at is not null and times <> '' and turns <> '')));
create index session_reflection_by_cohort on session_reflection (school_id, cohort_id);
create trigger session_reflection_keys before update of session_id, facilitator_id, cohort_id on session_reflection
  for each row execute function app.keys_never_move('session_id', 'facilitator_id', 'cohort_id');
"""
OWN = f"{LED_COHORT} and facilitator_id = (select app.person_id())"


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(REFLECTIONS)
    access = [
        Access("wb_facilitator", "select", LED_COHORT),
        Access("wb_facilitator", "insert, update", OWN),
        Access("wb_school", "select", SCHOOL),
    ]
    for statement in protect("session_reflection", access):
        op.execute(statement)
    op.execute("grant delete on attendance to wb_facilitator")
    op.execute(
        f"create policy attendance_facilitator_delete on attendance for delete to wb_facilitator using ({LED_COHORT})"
    )
