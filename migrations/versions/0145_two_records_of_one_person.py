"""Put two records of one person together: one stays, the other is out of the lists, and for a day it can be undone.

Nothing that a parent wrote moves. The record that goes has never had an account, which the database asks itself while
nobody can use a link of either; its row stays for what hangs on it, and is no longer seen by staff, the schedule and
the totals, whose policies leave it out. What staff noted in the contact log follows. What both were is kept for a day,
so that it can be taken back, and then forgotten. Only these functions write here.

Risk: policies of three roles on two tables have one more condition, worked out once a statement; without a merged
record it is an empty list. Rejected: a stage of its own (each list, count and rule would have to leave it out);
deleting the record (what hangs on it, such as marks of a register, would have to move or go with it).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import EVERY_ROW, SCHOOL, Access, protect

revision = "0145"
down_revision = "0144"

TABLE = """
create table parent_merge (
  school_id uuid not null references school (school_id),
  id uuid not null,
  kept_id uuid not null,
  gone_id uuid not null,
  gone_name text not null,
  by_name text not null,
  at timestamptz not null default app.now(),
  before jsonb,
  contacts uuid[] not null default '{}',
  enrolment_id uuid,
  undone_at timestamptz,
  undone_by_name text not null default '',
  primary key (school_id, id),
  foreign key (school_id, kept_id) references parent (school_id, id) on delete cascade,
  foreign key (school_id, gone_id) references parent (school_id, id) on delete cascade,
  constraint parent_merge_two check (kept_id <> gone_id));
create unique index parent_merge_gone on parent_merge (school_id, gone_id) where undone_at is null;
create index parent_merge_kept on parent_merge (school_id, kept_id);
"""
MERGED = """
create function app.merged_parent_ids() returns uuid[]
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select coalesce(array_agg(m.gone_id), '{}'::uuid[]) from public.parent_merge m
      where m.school_id = (select app.school_id()) and m.undone_at is null;
  end"""
WAYS_IN = """
create function app.who_has_come_in(p_people uuid[]) returns uuid[]
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select coalesce(array_agg(distinct m.person_id), '{}'::uuid[]) from identity.membership m
      where m.in_school = (select app.school_id()) and m.role = 'parent' and m.person_id = any (p_people);
  end"""
MERGE = """
create function app.merge_parents(p_id uuid, p_stays uuid, p_goes uuid, p_by text, p_before jsonb, p_enrolment uuid)
  returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $function$
declare v_school uuid := app.school_id(); v_name text;
begin
  -- As whoever uses a link of theirs holds them.
  perform pg_advisory_xact_lock(hashtextextended(least(p_stays, p_goes)::text, 0));
  perform pg_advisory_xact_lock(hashtextextended(greatest(p_stays, p_goes)::text, 0));
  select btrim(c.first_name || ' ' || c.last_name) into v_name from public.parent_contact c
    where c.school_id = v_school and c.parent_id = p_goes;
  if v_name is null or p_stays = p_goes
    or not exists (select from public.parent_contact c where c.school_id = v_school and c.parent_id = p_stays)
    or app.merged_parent_ids() && array[p_stays, p_goes] then return 'gone'; end if;
  -- Also one that has ended: what was theirs stays theirs.
  if app.who_has_come_in(array[p_goes]) <> '{}' then return 'account'; end if;
  insert into public.parent_merge (school_id, id, kept_id, gone_id, gone_name, by_name, before, enrolment_id)
    values (v_school, p_id, p_stays, p_goes, v_name, p_by, p_before, p_enrolment);
  with moved as (
    update public.contact_with_parent c set parent_id = p_stays
      where c.school_id = v_school and c.parent_id = p_goes returning c.id)
  update public.parent_merge m set contacts = coalesce((select array_agg(o.id) from moved o), '{}')
    where m.school_id = v_school and m.id = p_id;
  -- Nobody who said no, or left, is got in touch with.
  update public.contact_with_parent c set state = 'closed', ended_at = app.now(), closed_because = p.stage
    from public.parent p where p.school_id = v_school and p.id = p_stays and p.stage in ('said_no', 'left')
      and c.school_id = v_school and c.parent_id = p_stays and c.state = 'open';
  return 'done';
end $function$"""
UNDO = """
create function app.unmerge_parents(p_id uuid, p_by text) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $function$
declare v_school uuid := app.school_id(); v public.parent_merge;
begin
  select m.* into v from public.parent_merge m where m.school_id = v_school and m.id = p_id for update;
  if not found or v.kept_id = any (app.merged_parent_ids()) then return 'gone'; end if;
  if v.undone_at is not null then return 'undone'; end if;
  if v.before is null or v.at < app.now() - interval '1 day' then return 'late'; end if;
  if v.enrolment_id is not null then
    -- Whoever was at an evening with this place keeps it.
    if exists (select from public.enrolment e
        join public.cohort_session s on s.school_id = e.school_id and s.cohort_id = e.cohort_id
        join public.attendance a on a.school_id = s.school_id and a.session_id = s.id and a.parent_id = e.parent_id
        where e.school_id = v_school and e.id = v.enrolment_id) then return 'came'; end if;
    delete from public.enrolment e where e.school_id = v_school and e.id = v.enrolment_id and e.parent_id = v.kept_id;
  end if;
  -- What ended with it is to be done again.
  update public.contact_with_parent c set state = 'open', ended_at = null, closed_because = null
    where c.school_id = v_school and c.parent_id = v.kept_id and c.state = 'closed' and c.ended_at = v.at;
  update public.contact_with_parent c set parent_id = v.gone_id
    where c.school_id = v_school and c.parent_id = v.kept_id and c.id = any (v.contacts);
  update public.parent_merge m set undone_at = app.now(), undone_by_name = p_by, before = null
    where m.school_id = v_school and m.id = p_id;
  return 'done';
end $function$"""
#: Each function, with what its arguments are and who may call it.
FUNCTIONS = (
    (MERGED, "app.merged_parent_ids()", "wb_school, wb_documents, wb_rollup"),
    (WAYS_IN, "app.who_has_come_in(uuid[])", "wb_school"),
    (MERGE, "app.merge_parents(uuid, uuid, uuid, text, jsonb, uuid)", "wb_school"),
    (UNDO, "app.unmerge_parents(uuid, text)", "wb_school"),
)
NOT_MERGED = "{column} <> all ((select app.merged_parent_ids())::uuid[])"
#: The policies that leave out who was put together with another: table, role, verbs.
HIDDEN = (
    ("parent", "id", "school", ("select", "update")),
    ("parent_contact", "parent_id", "school", ("select", "update")),
    ("parent", "id", "documents", ("select",)),
    ("parent", "id", "rollup", ("select",)),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TABLE)
    for statement in protect(
        "parent_merge",
        [
            Access("wb_helper", "select, insert, update", EVERY_ROW),
            Access("wb_school", "select", SCHOOL),
        ],
    ):
        op.execute(statement)
    op.execute("grant select (school_id, id, at, before), update (before) on parent_merge to wb_documents")
    op.execute(
        f"create policy parent_merge_documents_select on parent_merge for select to wb_documents using ({SCHOOL})"
    )
    op.execute(
        f"create policy parent_merge_documents_update on parent_merge for update to wb_documents"
        f" using ({SCHOOL}) with check ({SCHOOL} and before is null)"
    )
    op.execute("grant select (id, ended_at), update (parent_id) on contact_with_parent to wb_helper")
    op.execute("grant delete on enrolment to wb_helper")
    op.execute("create policy enrolment_helper_delete on enrolment for delete to wb_helper using (true)")
    for create, signature, roles in FUNCTIONS:
        op.execute(create)
        op.execute(f"grant execute on function {signature} to {roles}")
        op.execute(f"alter function {signature} owner to wb_helper")
    for table, column, role, verbs in HIDDEN:
        rows = f"{SCHOOL} and {NOT_MERGED.format(column=column)}"
        for verb in verbs:
            check = f" with check ({rows})" if verb == "update" else ""
            op.execute(f"alter policy {table}_{role}_{verb} on {table} using ({rows}){check}")
