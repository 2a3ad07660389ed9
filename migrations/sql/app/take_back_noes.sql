-- Owned by wb_helper; called by wb_school.
CREATE OR REPLACE FUNCTION app.take_back_noes(p_parent uuid, p_kinds text[], p_at timestamp with time zone)
 RETURNS TABLE(kind text, noted_at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
declare v_last public.consent_event; v_before public.consent_event;
begin
  -- Of these kinds, those whose newest answer is a no that staff noted: each is again what it was, or unanswered.
  -- Which, and when it had been noted.
  for v_last in select e.* from public.consent_event e where e.school_id = (select app.school_id())
      and e.parent_id = p_parent and e.kind = any (p_kinds) and e.kind = any (app.noted_noes(p_parent))
      and not exists (select from public.consent_event n where n.school_id = e.school_id and n.parent_id = e.parent_id
        and n.kind = e.kind and (n.at, n.id) > (e.at, e.id))
  loop
    v_before := null;
    select e.* into v_before from public.consent_event e where e.school_id = v_last.school_id
      and e.parent_id = p_parent and e.kind = v_last.kind and e.id <> v_last.id order by e.at desc, e.id desc limit 1;
    if v_before.id is null or (v_before.how = 'taken_back' and not v_before.given) then
      delete from public.consent c
        where c.school_id = v_last.school_id and c.parent_id = p_parent and c.kind = v_last.kind;
    else
      update public.consent c set given = v_before.given, wording_version = v_before.wording_version, changed_at = p_at
        where c.school_id = v_last.school_id and c.parent_id = p_parent and c.kind = v_last.kind;
    end if;
    insert into public.consent_event (school_id, id, parent_id, kind, given, wording_version, at, how)
      values (v_last.school_id, pg_catalog.gen_random_uuid(), p_parent, v_last.kind, coalesce(v_before.given, false),
        coalesce(v_before.wording_version, v_last.wording_version), p_at, 'taken_back');
    kind := v_last.kind;
    noted_at := v_last.at;
    return next;
  end loop;
end $function$;
