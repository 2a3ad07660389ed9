"""Keep who noted a parent's answer and how; let an authority accept or return a signed agreement, and let what was
added by mistake, and has no history, be removed.

A parent may be kept with neither email nor telephone: their messages become letters. Staff may write down a parent's
*no* of any kind; a *yes* to joining only with a signed slip of that parent that is stored, through one function, which
checks both against the scope. A school that is only a prospect, a parent whom nobody has asked, and a group that nobody
was in can be deleted; what hangs on them has foreign keys, so the database itself knows when there is a history.

Risk: a check on `parent_contact` is dropped; older code that is still running keeps asking for an address in its form.
Rejected: a flag "deleted" on rows; every query would have to know it. A right of staff to write consents.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import SCHOOL, SCHOOLS_OF_AUTHORITY, Access, protect

revision = "0033"
down_revision = "0032"

REVIEW = """
create table agreement_review (
  school_id uuid not null, document_id uuid not null,
  decision text not null check (decision in ('accepted', 'returned')),
  reason text not null default '', by_name text not null, at timestamptz not null,
  primary key (school_id, document_id),
  foreign key (school_id, document_id) references document (school_id, id))"""

STAFF_PAPERS = (
    "kind in ('project_brief', 'agreement', 'signed_agreement', 'session_register', 'contact_sheet', 'group_plan',"
    " 'invitation_letter', 'signed_slip'"
)
CERTIFICATE_ASKED = (
    "kind = 'certificate' and state = 'queued' and object_key is null and parent_id is not null"
    " and cohort_id is not null"
)

#: A no always; a yes to joining only with that parent's own slip, which was sent in after anything they said before.
NOTE_CHOICE = """
create function app.note_choice(
  p_parent uuid, p_kind text, p_given boolean, p_slip uuid, p_version text, p_at timestamptz)
  returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if p_given and (p_kind <> 'join' or not exists (
      select 1 from public.document d where d.school_id = (select app.school_id()) and d.id = p_slip
        and d.kind = 'signed_slip' and d.parent_id = p_parent and d.state <> 'refused'
        and not exists (select 1 from public.consent c where c.school_id = d.school_id and c.parent_id = p_parent
          and c.kind = 'join' and c.changed_at > d.created_at))) then
    return false;
  end if;
  if not exists (select 1 from public.parent_contact p
      where p.school_id = (select app.school_id()) and p.parent_id = p_parent) then
    return false;
  end if;
  insert into public.consent (school_id, parent_id, kind, given, wording_version, changed_at)
    values ((select app.school_id()), p_parent, p_kind, p_given, p_version, p_at)
    on conflict (school_id, parent_id, kind) do update
      set given = excluded.given, wording_version = excluded.wording_version, changed_at = excluded.changed_at
      where consent.given <> excluded.given;
  if found then
    insert into public.consent_event (school_id, id, parent_id, kind, given, wording_version, at)
      values ((select app.school_id()), pg_catalog.gen_random_uuid(), p_parent, p_kind, p_given, p_version, p_at);
  end if;
  return true;
end $$"""

#: A school that nobody was invited to. Its way there goes with it; the authority's own trail keeps that it was there.
REMOVE_SCHOOL = """
create function app.remove_school(p_school uuid) returns boolean language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  perform 1 from public.school s where s.school_id = p_school and s.stage = 'prospect'
    and s.authority_id = (select app.authority_id());
  if not found or exists (select 1 from public.onboarding_event e
      where e.school_id = p_school and e.from_stage is not null) then
    return false;
  end if;
  delete from public.audit_event a where a.school_id = p_school;
  delete from public.onboarding_event e where e.school_id = p_school;
  delete from public.school s where s.school_id = p_school;
  return true;
exception when foreign_key_violation then
  return false;
end $$"""

NOT_ASKED = """
create function app.not_asked_parent_ids() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(array_agg(p.id), '{}') from public.parent p where p.school_id = (select app.school_id())
          and p.stage = 'identified' and p.invited_at is null and p.joined_at is null)"""
FORMING = """
create function app.forming_cohort_ids() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(array_agg(c.id), '{}') from public.cohort c
          where c.school_id = (select app.school_id()) and c.state = 'forming')"""

DELETES = {
    "parent": f"{SCHOOL} and id = any ((select app.not_asked_parent_ids())::uuid[])",
    **dict.fromkeys(
        ("parent_contact", "recruitment_profile", "parent_event"),
        f"{SCHOOL} and parent_id = any ((select app.not_asked_parent_ids())::uuid[])",
    ),
    "cohort": f"{SCHOOL} and state = 'forming'",
    "cohort_session": f"{SCHOOL} and cohort_id = any ((select app.forming_cohort_ids())::uuid[])",
}


def _helper(statement: str, name: str, role: str) -> None:
    op.execute(statement)
    op.execute(f"grant execute on function app.{name} to {role}")
    op.execute(f"alter function app.{name} owner to wb_helper")


def upgrade() -> None:
    op.execute("alter table parent_event add column by_name text not null default ''")
    op.execute("alter table parent_event add column how text not null default ''")
    op.execute("alter table parent_contact drop constraint parent_contact_reachable")
    op.execute(REVIEW)
    for statement in protect(
        "agreement_review",
        [
            Access("wb_authority", "select, insert", SCHOOLS_OF_AUTHORITY),
            Access("wb_school", "select", SCHOOL),
        ],
    ):
        op.execute(statement)
    op.execute("grant update on school_task to wb_authority")
    op.execute(
        f"create policy school_task_authority_update on school_task for update to wb_authority"
        f" using ({SCHOOLS_OF_AUTHORITY}) with check ({SCHOOLS_OF_AUTHORITY})"
    )
    op.execute(
        f"alter policy document_school_select on document using ({SCHOOL} and {STAFF_PAPERS}, 'certificate'))"
    )
    op.execute(
        f"alter policy document_school_insert on document with check"
        f" ({SCHOOL} and ({STAFF_PAPERS}) or ({CERTIFICATE_ASKED})))"
    )
    for table, columns in {
        "parent": "school_id, id, stage, invited_at, joined_at",
        "document": "school_id, id, kind, parent_id, state, created_at",
        "onboarding_event": "school_id, from_stage",
        "audit_event": "school_id",
    }.items():
        op.execute(f"grant select ({columns}) on {table} to wb_helper")
        op.execute(f"create policy {table}_helper_select on {table} for select to wb_helper using (true)")
    for table in ("onboarding_event", "audit_event", "school"):
        only = "stage = 'prospect'" if table == "school" else "true"
        op.execute(f"grant delete on {table} to wb_helper")
        op.execute(f"create policy {table}_helper_delete on {table} for delete to wb_helper using ({only})")
    for verb, clause in (("insert", "with check (true)"), ("update", "using (true) with check (true)")):
        op.execute(f"grant {verb} on consent to wb_helper")
        op.execute(f"create policy consent_helper_{verb} on consent for {verb} to wb_helper {clause}")
    op.execute("grant insert on consent_event to wb_helper")
    op.execute(
        "create policy consent_event_helper_insert on consent_event for insert to wb_helper with check (true)"
    )
    _helper(NOTE_CHOICE, "note_choice(uuid, text, boolean, uuid, text, timestamptz)", "wb_school")
    _helper(REMOVE_SCHOOL, "remove_school(uuid)", "wb_authority")
    _helper(NOT_ASKED, "not_asked_parent_ids()", "wb_school")
    _helper(FORMING, "forming_cohort_ids()", "wb_school")
    for table, rows in DELETES.items():
        op.execute(f"grant delete on {table} to wb_school")
        op.execute(f"create policy {table}_school_delete on {table} for delete to wb_school using ({rows})")
