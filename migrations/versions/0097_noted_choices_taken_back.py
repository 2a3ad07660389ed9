"""Take back the choices that a *no* noted by mistake had written, together with the step.

Staff noted *no* or *we leave* for the wrong person and took it back: the stage went back, and the parent's own choices
went on saying that they do not want to join and are not to be asked to lead. A yes from a slip that was not theirs left
a "No" that they had never said. Now each choice is again what it was before it was noted, or unanswered, and whoever
looks at their own data reads that it was noted, and taken back.

Risk: staff can bring a parent's own earlier *yes* to these two choices back, where the newest answer is one that staff
noted; they could already take the step back, and nothing that the parent said since is touched.
Rejected: leaving the choice unanswered always: somebody with a place would be asked to join again.
Events from before this count as the parent's own: what was noted then stays.
"""

from __future__ import annotations

from alembic import op

revision = "0097"
down_revision = "0096"

HOW = """
alter table consent_event add column how text not null default 'own'
  constraint consent_event_how check (how in ('own', 'noted', 'taken_back'));
"""

NOTE_CHOICE = """
create or replace function app.note_choice(
  p_parent uuid, p_kind text, p_given boolean, p_slip uuid, p_version text, p_at timestamptz)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $function$
begin
  if p_given and (p_kind <> 'join' or not exists (
      select 1 from public.document d where d.school_id = (select app.school_id()) and d.id = p_slip
        and d.kind = 'signed_slip' and d.parent_id = p_parent and d.state <> 'refused'
        and not exists (select 1 from public.consent c where c.school_id = d.school_id and c.parent_id = p_parent
          and c.kind = 'join' and c.changed_at > d.created_at)
        and not exists (select 1 from public.consent_event e where e.school_id = d.school_id
          and e.parent_id = p_parent and e.kind = 'join' and e.at > d.created_at))) then
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
    insert into public.consent_event (school_id, id, parent_id, kind, given, wording_version, at, how)
      values ((select app.school_id()), pg_catalog.gen_random_uuid(), p_parent, p_kind, p_given, p_version, p_at,
        'noted');
  end if;
  return true;
end $function$;
"""

TAKE_BACK = """
create function app.take_back_choices(p_parent uuid, p_at timestamptz) returns text[]
language plpgsql security definer set search_path = pg_catalog, pg_temp as $function$
declare v_kind text; v_last public.consent_event; v_before public.consent_event; v_back text[] := '{}';
begin
  -- What noting a no or a yes writes, and only where the newest answer is a noted one.
  foreach v_kind in array array['join', 'ask_to_lead'] loop
    select e.* into v_last from public.consent_event e where e.school_id = (select app.school_id())
      and e.parent_id = p_parent and e.kind = v_kind order by e.at desc, e.id desc limit 1;
    continue when v_last.id is null or v_last.how <> 'noted';
    select e.* into v_before from public.consent_event e where e.school_id = v_last.school_id
      and e.parent_id = p_parent and e.kind = v_kind and e.id <> v_last.id order by e.at desc, e.id desc limit 1;
    if v_before.id is null or (v_before.how = 'taken_back' and not v_before.given) then
      delete from public.consent c where c.school_id = v_last.school_id and c.parent_id = p_parent and c.kind = v_kind;
    else
      update public.consent c set given = v_before.given, wording_version = v_before.wording_version, changed_at = p_at
        where c.school_id = v_last.school_id and c.parent_id = p_parent and c.kind = v_kind;
    end if;
    insert into public.consent_event (school_id, id, parent_id, kind, given, wording_version, at, how)
      values (v_last.school_id, pg_catalog.gen_random_uuid(), p_parent, v_kind, coalesce(v_before.given, false),
        coalesce(v_before.wording_version, v_last.wording_version), p_at, 'taken_back');
    v_back := v_back || v_kind;
  end loop;
  return v_back;
end $function$;
"""

GRANTS = (
    "grant select on consent_event to wb_helper",
    "create policy consent_event_helper_select on consent_event for select to wb_helper using (true)",
    "grant delete on consent to wb_helper",
    "create policy consent_helper_delete on consent for delete to wb_helper using (true)",
)


def upgrade() -> None:
    op.execute(HOW)
    for statement in GRANTS:
        op.execute(statement)
    op.execute("set local role wb_helper")
    op.execute(NOTE_CHOICE)
    op.execute("reset role")
    op.execute(TAKE_BACK)
    op.execute("alter function app.take_back_choices(uuid, timestamptz) owner to wb_helper")
    op.execute("set local role wb_helper")
    op.execute("grant execute on function app.take_back_choices(uuid, timestamptz) to wb_school")
    op.execute("reset role")
