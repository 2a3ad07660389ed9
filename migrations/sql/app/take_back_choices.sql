-- Owned by wb_helper; called by wb_school.
CREATE OR REPLACE FUNCTION app.take_back_choices(p_parent uuid, p_at timestamp with time zone)
 RETURNS text[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
