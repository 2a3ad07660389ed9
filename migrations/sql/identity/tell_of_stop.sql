-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.tell_of_stop(p_school uuid, p_start uuid, p_event text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_start public.fresh_start; v_authority uuid; v_person uuid;
begin
  -- Who asked, who agreed, the safeguarding lead and whoever looks into it, each human once; nobody else at the school.
  select f.* into v_start from public.fresh_start f where f.school_id = p_school and f.id = p_start;
  select k.authority_id into v_authority from public.school k where k.school_id = p_school;
  insert into public.audit_event (school_id, id, event, subject_id, actor_audience, actor_role, details, at)
    values (p_school, gen_random_uuid(), 'recruitment:fresh_start:' || p_event, v_start.person_id, 'wb_signin',
      'system', '{}', app.now());
  for v_person in
    select distinct on (m.account_id) m.person_id from identity.membership m
      where m.in_school = p_school and m.ended_at is null and m.role not in ('parent', 'facilitator')
        and (m.person_id in (v_start.asked_by, v_start.agreed_by)
          or m.person_id = any (identity.stop_lookers(p_school, v_start.asked_by, v_start.agreed_by))
          or m.person_id = any (identity.acting('school_dsl', v_authority, p_school)))
      order by m.account_id, m.created_at
  loop
    perform identity.write_message(v_authority, p_school, 'fresh_start_stopped', 'email', v_person,
      'stopped:' || p_start || ':' || v_person, 7);
  end loop;
end

$function$;
