-- Owned by wb_identity; called by wb_authority, wb_officer, wb_school.
CREATE OR REPLACE FUNCTION identity.keep_concerns_from(p_appointment uuid, p_concerns uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_role text; v_person uuid; v_school uuid; v_authority uuid;
begin
  -- By the second person before they agree, or by who asked for a first holder: of that place, from that person alone.
  select a.role, a.person_id, a.school_id, a.authority_id into v_role, v_person, v_school, v_authority from (
      select a.id, a.role, a.person_id, a.school_id, k.authority_id, a.kind, a.basis, a.asked_by, a.done_at
        from public.appointment a join public.school k on k.school_id = a.school_id
      union all select a.id, a.role, a.person_id, null, a.authority_id, a.kind, a.basis, a.asked_by, a.done_at
        from public.authority_appointment a) a
    where a.id = p_appointment and a.kind = 'appoint' and a.done_at is null and a.authority_id = app.authority_id()
      and (app.school_id() is null or a.school_id = app.school_id())
      and (a.id = any (identity.may_agree_to_appointments(array[p_appointment]))
        or (a.basis = 'first_holder' and a.asked_by = identity.own_account()));
  if v_role = 'school_dsl' then
    insert into public.concern_kept (school_id, concern_id, person_id)
      select c.school_id, c.id, v_person from public.concern c where c.school_id = v_school and c.id = any (p_concerns)
      on conflict do nothing;
  elsif v_role = 'named_officer' then
    insert into public.authority_concern_kept (authority_id, concern_id, person_id)
      select c.authority_id, c.id, v_person from public.authority_concern c where c.authority_id = v_authority
        and c.id = any (p_concerns) on conflict do nothing;
    insert into public.concern_kept (school_id, concern_id, person_id)
      select c.school_id, c.id, v_person from public.concern c join public.school k on k.school_id = c.school_id
        where k.authority_id = v_authority and c.id = any (p_concerns) on conflict do nothing;
  end if;
end
$function$;
