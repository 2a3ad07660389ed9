-- Owned by wb_helper; called by wb_school.
CREATE OR REPLACE FUNCTION app.note_choice(p_parent uuid, p_kind text, p_given boolean, p_slip uuid, p_version text, p_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
