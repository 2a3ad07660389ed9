-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.note_appointment(p_authority uuid, p_school uuid, p_kind text, p_step text, p_person uuid, p_role text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_event text := 'schools:' || case p_kind when 'reset' then 'reset' else 'appointment' end || ':' || p_step;
begin
  -- In the history of both: of the school and of the council.
  if p_school is not null then
    insert into public.audit_event (school_id, id, event, subject_id, actor_audience, actor_role, actor_id, details, at)
      values (p_school, gen_random_uuid(), v_event, p_person, current_setting('role'), 'system', app.person_id(),
        jsonb_build_object('role', p_role), app.now());
  end if;
  insert into public.authority_audit_event (authority_id, id, event, subject_id, actor_audience, actor_role, actor_id,
      details, at)
    values (p_authority, gen_random_uuid(), v_event, p_person, current_setting('role'), 'system', app.person_id(),
      jsonb_build_object('role', p_role), app.now());
end
$function$;
