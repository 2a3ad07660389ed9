"""The contact log: who was in touch with a parent, or with a school, what came of it, and what comes next.

Two tables, because two audiences write them and neither reads the other's: staff about parents of their school, the
council's people about their schools. Nobody else may read either. What was noted is not changed, only the next step is;
a note by mistake is taken back whole.

Nobody who said no, or left, is got in touch with: the database closes what is planned with them as they reach that
stage, whoever takes them there, because a parent who leaves by their own press may read nothing of these notes.

Risk: none for rows that are there; the trigger on `parent` fires only on a step to one of two stages.
Rejected: one table with a kind (a policy for each kind in each verb, and one slip shows the council a parent); working
out at each reading whether it is closed (a no that was taken back would bring an old plan back as overdue).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import SCHOOL, SCHOOLS_OF_AUTHORITY, Access, protect

revision = "0110"
down_revision = "0109"

COLUMNS = """
  how text not null,
  outcome text not null,
  at timestamptz not null,
  noted_at timestamptz not null default app.now(),
  by_id uuid not null,
  by_name text not null,
  action text not null default '',
  due_on date,
  owner_id uuid,
  state text,
  ended_at timestamptz,
  ended_by_name text not null default '',
  steps jsonb not null default '[]',
  primary key (school_id, id),
"""
CHECKS = """
  constraint {table}_outcome check (outcome in ('spoke', 'no_answer', 'message_left', 'wrong_number', 'call_back')),
  constraint {table}_action check (char_length(action) <= 120),
  constraint {table}_planned check (num_nulls(state, due_on, owner_id) in (0, 3)
    and (state is null) = (action = '')),
  constraint {table}_ended check ((ended_at is not null) = (state is not null and state <> 'open'))
"""
PARENTS = f"""
create table contact_with_parent (
  school_id uuid not null references school (school_id),
  id uuid not null,
  parent_id uuid not null,
  closed_because text,
  {COLUMNS}
  foreign key (school_id, parent_id) references parent (school_id, id),
  foreign key (school_id, owner_id) references staff_member (school_id, id),
  constraint contact_with_parent_how check (how in ('phone', 'text', 'email', 'gate', 'visit', 'letter')),
  constraint contact_with_parent_state check (state in ('open', 'done', 'closed')),
  constraint contact_with_parent_closed_because check (closed_because in ('said_no', 'left')),
  constraint contact_with_parent_closed check ((closed_because is not null) = (state is not null and state = 'closed')),
  {CHECKS.format(table="contact_with_parent")});
create index contact_with_parent_by_parent on contact_with_parent (school_id, parent_id);
create index contact_with_parent_open on contact_with_parent (school_id, due_on) where state = 'open';
"""
SCHOOLS = f"""
create table contact_with_school (
  school_id uuid not null references school (school_id),
  id uuid not null,
  with_name text not null default '',
  {COLUMNS}
  constraint contact_with_school_how check (how in ('phone', 'text', 'email', 'visit', 'letter')),
  constraint contact_with_school_state check (state in ('open', 'done')),
  {CHECKS.format(table="contact_with_school")});
create index contact_with_school_open on contact_with_school (school_id, due_on) where state = 'open';
"""
#: What becomes of the next step; what was noted, by whom and when stays as it is.
CHANGES = "action, due_on, owner_id, state, ended_at, ended_by_name, steps"
AUDIENCES = {
    "contact_with_parent": ("wb_school", SCHOOL),
    "contact_with_school": ("wb_authority", SCHOOLS_OF_AUTHORITY),
}
CLOSE = """
create function app.contact_ends_with_no() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $function$
begin
  update public.contact_with_parent c set state = 'closed', ended_at = app.now(), closed_because = new.stage
    where c.school_id = new.school_id and c.parent_id = new.id and c.state = 'open';
  return null;
end
$function$"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(PARENTS)
    op.execute(SCHOOLS)
    for table, (role, rows) in AUDIENCES.items():
        for statement in protect(table, [Access(role, "select, insert, delete", rows)]):
            op.execute(statement)
        op.execute(f"grant update ({CHANGES}) on {table} to {role}")
        op.execute(
            f"create policy {table}_{role.removeprefix('wb_')}_update on {table} for update to {role}"
            f" using ({rows}) with check ({rows})"
        )
    op.execute(
        "grant select (school_id, parent_id, state), update (state, ended_at, closed_because)"
        " on contact_with_parent to wb_helper"
    )
    op.execute(
        "create policy contact_with_parent_helper_select on contact_with_parent for select to wb_helper using (true)"
    )
    op.execute(
        "create policy contact_with_parent_helper_update on contact_with_parent for update to wb_helper"
        " using (true) with check (true)"
    )
    op.execute(CLOSE)
    op.execute(
        "create trigger parent_is_let_be after update of stage on parent for each row"
        " when (new.stage in ('said_no', 'left') and old.stage is distinct from new.stage)"
        " execute function app.contact_ends_with_no()"
    )
    op.execute("alter function app.contact_ends_with_no() owner to wb_helper")
