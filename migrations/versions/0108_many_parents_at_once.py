"""A list of parents from a spreadsheet, and the household as a note of staff.

A file is read into rows that wait beside the list until somebody has looked at them; nothing of it is a parent before.
Its rows are needed for a day after, to take the whole of it back, and are gone then: the schedule deletes the import.
What is left of it stands in the history of each parent who was added.

A household says that two parents live together or share a phone. It is for staff alone and shares nothing: no message,
no page of a parent and no rule of sending asks it.

Whoever adds a long list holds all addresses at once (`app.sharing`): a lock for each of ten thousand is more than a
database has room for. A statement that only says so without the lock could at most have two who get one address at
the same moment not find each other.

Risk: while a list of more than 500 addresses is added, seconds, nobody else corrects one; nothing else waits.
Rejected: keeping the file in the store (its rows are enough, and a file of names is one more thing to lose); a table
for each row's problem (nobody asks for one of them alone).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, replace
from tenants.ddl import SCHOOL, Access, protect

revision = "0108"
down_revision = "0107"

NOTE_SHARER = function(
    "note_sharer",
    "p_channel text, p_address text, p_own uuid[]",
    "void",
    """
declare v_one record; v_member identity.membership; v_way record; v_id uuid;
begin
  -- Before somebody gets an address: whoever else comes in by it shares it from now on. One at a time for an address,
  -- so that of two who get it at once the second finds the first; who adds many holds all addresses at once.
  if coalesce(p_address, '') = '' then return; end if;
  if coalesce(current_setting('app.sharing', true), '') <> 'held' then
    perform pg_advisory_xact_lock_shared(hashtextextended('sharing', 0));
    perform pg_advisory_xact_lock(hashtextextended('sharing:' || p_address, 0));
  end if;
  for v_one in select a.id, a.email, a.phone, a.name from identity.account a where a.disabled_at is null
      and ((p_channel = 'email' and a.email = p_address) or (p_channel = 'sms' and a.phone = p_address))
      and a.id <> all (coalesce(p_own, '{}'))
      and exists (select from identity.membership m where m.account_id = a.id and m.ended_at is null
        and m.role in ('parent', 'facilitator'))
    order by a.id
  loop
    if not identity.shares_address(v_one.id) then
      update identity.account a set shared_from = coalesce(a.shared_from, app.now()) where a.id = v_one.id;
    end if;
    continue when identity.has_own_key(v_one.id);
    update identity.account a set shared_told_at = app.now() where a.id = v_one.id
      and (a.shared_told_at is null or a.shared_told_at <= app.now() - interval '1 day');
    continue when not found;
    select m.* into v_member from identity.membership m where m.account_id = v_one.id and m.ended_at is null
      and m.role in ('parent', 'facilitator') order by m.created_at desc, m.id limit 1;
    for v_way in select w.channel, w.address from (values ('email', v_one.email), ('sms', v_one.phone))
        w(channel, address) where coalesce(w.address, '') <> ''
    loop
      -- Of an account: it is open while it is true (`token_address`). No link opens by it.
      v_id := gen_random_uuid();
      insert into identity.token (token_hash, purpose, account_id, in_authority, in_school, channel, address, name,
          outbox_id, expires_at)
        values (sha256(uuid_send(v_id)), 'notice', v_one.id, v_member.in_authority, v_member.in_school, v_way.channel,
          v_way.address, identity.first_name_of(v_member.role, v_member.in_school, v_member.person_id, v_one.name),
          v_id, app.now() + interval '7 days');
      insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state,
          attempt, next_at, not_after, problem, created_at)
        values (v_member.in_school, v_id, 'address_shared', v_way.channel, 'token', v_id, v_id::text, 'queued', 0,
          app.now(), app.now() + interval '7 days', '', app.now());
    end loop;
  end loop;
end
""",
    (),
)
TABLES = """
create table parent_import (
  school_id uuid not null references school (school_id),
  id uuid not null,
  state text not null default 'columns',
  file_name text not null,
  tab text not null default '',
  headings text[] not null,
  columns text[] not null,
  row_count integer not null,
  by_person uuid not null,
  by_name text not null,
  created_at timestamptz not null default app.now(),
  version integer not null default 0,
  added_at timestamptz,
  added_count integer,
  undone_at timestamptz,
  undone_count integer,
  undone_by_name text not null default '',
  primary key (school_id, id),
  constraint parent_import_state check (state in ('columns', 'checked', 'added', 'undone')),
  constraint parent_import_added check ((added_at is not null) = (state in ('added', 'undone'))),
  constraint parent_import_columns check (cardinality(headings) = cardinality(columns)));
create table parent_import_row (
  school_id uuid not null,
  import_id uuid not null,
  number integer not null,
  cells text[] not null,
  verdict text,
  details jsonb,
  problems jsonb not null default '[]',
  like_parent uuid,
  like_row integer,
  like_by text not null default '',
  choice text,
  parent_id uuid,
  primary key (school_id, import_id, number),
  foreign key (school_id, import_id) references parent_import (school_id, id) on delete cascade,
  constraint parent_import_row_verdict check (verdict in ('new', 'same', 'possible', 'wrong')),
  constraint parent_import_row_choice check (choice in ('keep_one', 'keep_both', 'household')),
  constraint parent_import_row_like_by check (like_by in ('', 'phone', 'email', 'name')));
create table household_member (
  school_id uuid not null,
  household_id uuid not null,
  parent_id uuid not null,
  primary key (school_id, parent_id),
  foreign key (school_id, parent_id) references parent (school_id, id) on delete cascade);
create index household_member_by_household on household_member (school_id, household_id);
"""
STAFF = Access("wb_school", "select, insert, delete", SCHOOL)
#: What becomes of a list and of a row; what was sent, by whom and when stays as it is.
CHANGES = {
    "parent_import": "state, columns, version, added_at, added_count, undone_at, undone_count, undone_by_name",
    "parent_import_row": "verdict, details, problems, like_parent, like_row, like_by, choice, parent_id",
}
#: The schedule deletes what is a day old; it reads no more of it than that.
CLEAN = (
    "grant select (school_id, id, created_at, added_at), delete on parent_import to wb_documents",
    f"create policy parent_import_documents_select on parent_import for select to wb_documents using ({SCHOOL})",
    f"create policy parent_import_documents_delete on parent_import for delete to wb_documents using ({SCHOOL})",
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TABLES)
    for table in ("parent_import", "parent_import_row"):
        for statement in protect(table, [STAFF]):
            op.execute(statement)
    for table, columns in CHANGES.items():
        op.execute(f"grant update ({columns}) on {table} to wb_school")
        op.execute(
            f"create policy {table}_school_update on {table} for update to wb_school"
            f" using ({SCHOOL}) with check ({SCHOOL})"
        )
    for statement in protect("household_member", [Access("wb_school", "select, insert, delete", SCHOOL)]):
        op.execute(statement)
    for statement in CLEAN:
        op.execute(statement)
    replace((NOTE_SHARER,))
