"""A long list of parents is read by a worker, a piece at a time, and is added in half the time.

Ten thousand rows were read within the request that sent them: whoever sent them looked at nothing for as long, and a
page that was left lost them. The list waits now, is claimed with a lease, and its row says how far it is read. The
documents' worker may read rows of a list and write what they are, in the school whose list it is; across schools it
reads nothing of a list but where it is and what its columns are.

Adding it: of a list that looks at its addresses with the commit (0115), one whose addresses no account has is left to
that look, which asks the same two questions. And the index over the trigrams of parents keeps up to 256 kB of what is
to be sorted in, in the place of none: half a million trigrams one by one were half of the time. A search reads 32 pages
more at most.

Risk: code of before reads a long list within its request, as it did, and shows one that is being read as one that was
added, until it is read. Rejected: the file in the store (a file of names is one more thing to lose), rows in the job
(jobs hold nothing), a pending list of 4 MB (no faster, and each search reads it).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, replace
from tenants.ddl import SCHOOL

revision = "0160"
down_revision = "0159"

COLUMNS = """
alter table parent_import add column read_count integer not null default 0;
alter table parent_import add column attempt integer not null default 0;
alter table parent_import add column lease_until timestamptz;
alter table parent_import add column next_at timestamptz not null default app.now();
alter table parent_import drop constraint parent_import_state;
alter table parent_import add constraint parent_import_state
  check (state in ('columns', 'waiting', 'reading', 'stopped', 'checked', 'added', 'undone')) not valid;
alter table parent_import validate constraint parent_import_state;
"""
#: Where a list is and what its columns are: nothing of anybody.
WHERE = "state, columns, row_count, read_count, attempt, lease_until, next_at, version"
GRANTS = (
    "grant update (read_count, attempt, lease_until, next_at) on parent_import to wb_school",
    f"grant select ({WHERE}) on parent_import to wb_documents",
    "grant update (state, read_count, attempt, lease_until, next_at, version) on parent_import to wb_documents",
    "alter policy parent_import_documents_select on parent_import using (true)",
    "create policy parent_import_documents_update on parent_import for update to wb_documents"
    " using (true) with check (true)",
    "grant select on parent_import_row to wb_documents",
    "grant update (details, problems, verdict, like_parent, like_row, like_by, choice) on parent_import_row"
    " to wb_documents",
    "create policy parent_import_row_documents_select on parent_import_row for select to wb_documents"
    f" using ({SCHOOL})",
    "create policy parent_import_row_documents_update on parent_import_row for update to wb_documents"
    f" using ({SCHOOL}) with check ({SCHOOL})",
)
CONTACT_IS_SHARED = function(
    "contact_is_shared",
    "",
    "trigger",
    """
declare v_own uuid[]; v_all boolean := tg_op = 'INSERT';
begin
  -- Of many at once, whose addresses no account has: the look with the commit asks the same (`contact_is_shared_late`).
  if tg_table_name = 'parent_contact' and tg_op = 'INSERT'
      and coalesce(current_setting('app.sharing', true), '') = 'later'
      and not exists (select from identity.account a where a.email = new.email)
      and not exists (select from identity.account a where a.phone = new.phone) then
    return new;
  end if;
  -- Whose row it is shares it with nobody; who leads is the parent that they were before.
  if tg_table_name = 'parent_contact' then
    if identity.only_claimed(new.school_id, new.parent_id) then return new; end if;
    select array_agg(m.account_id) into v_own from identity.membership m left join public.facilitator f
      on f.school_id = m.in_school and f.id = m.person_id
      where m.in_school = new.school_id and new.parent_id in (m.person_id, f.parent_id);
  else
    select array_agg(m.account_id) into v_own from identity.membership m where m.in_school = new.school_id
      and m.person_id in (new.id, new.parent_id);
    v_all := v_all or new.parent_id is distinct from old.parent_id;
  end if;
  if v_all or new.email is distinct from old.email then
    perform identity.note_sharer('email', new.email, v_own);
  end if;
  if v_all or new.phone is distinct from old.phone then
    perform identity.note_sharer('sms', new.phone, v_own);
  end if;
  return new;
end
""",
    (),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(COLUMNS)
    for statement in GRANTS:
        op.execute(statement)
    replace((CONTACT_IS_SHARED,))
    op.execute("alter index parent_contact_trigrams set (fastupdate = on, gin_pending_list_limit = 256)")
