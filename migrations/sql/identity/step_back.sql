-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.step_back(p_school uuid, p_person uuid, p_role text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_one record; v_group uuid; v_left uuid; v_channel text;
begin
  -- Somebody came in anew: what two people said of the one before does not stand for whoever holds the new way in.
  for v_one in
    select f.id, f.stage from public.facilitator f where f.school_id = p_school
      and case p_role when 'facilitator' then f.id else f.parent_id end = p_person
      and f.stage in ('ready', 'leading', 'resting') for update
  loop
    update public.facilitator f set stage = 'training', stage_changed_at = app.now()
      where f.school_id = p_school and f.id = v_one.id;
    insert into public.facilitator_event (school_id, id, facilitator_id, from_stage, to_stage, reason, by_name, at)
      values (p_school, gen_random_uuid(), v_one.id, v_one.stage, 'training', 'A fresh start', 'We Belong', app.now());
    update identity.token t set cancelled_at = app.now() where t.person_id = v_one.id and t.role = 'facilitator'
      and t.used_at is null and t.cancelled_at is null;
    for v_group in
      delete from public.cohort_facilitator l using public.cohort c where l.school_id = p_school
        and l.facilitator_id = v_one.id and c.school_id = l.school_id and c.id = l.cohort_id
        and c.state in ('forming', 'running') returning l.cohort_id
    loop
      insert into public.audit_event (school_id, id, event, subject_id, actor_audience, actor_role, details, at)
        values (p_school, gen_random_uuid(), 'cohorts:facilitator:unassigned', v_group, 'wb_signin', 'system',
          jsonb_build_object('facilitator_id', v_one.id), app.now());
      -- Who leads it with them is there without them from now on.
      for v_left, v_channel in
        select l.facilitator_id, w.channel from public.cohort_facilitator l cross join (values ('email'), ('sms'))
          w(channel) where l.school_id = p_school and l.cohort_id = v_group and l.facilitator_id <> v_one.id
      loop
        insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, subject_id, dedupe_key,
            state, attempt, next_at, not_after, problem, created_at)
          values (p_school, gen_random_uuid(), 'leaders_changed', v_channel, 'facilitator', v_left, v_group,
            v_group || ':' || v_one.id || ':' || app.now() || ':' || v_left, 'queued', 0, app.now(),
            app.now() + interval '3 days', '', app.now());
      end loop;
    end loop;
    -- How many stand where is to be counted again.
    insert into public.activity_due (school_id, due_at) values (p_school, app.now())
      on conflict (school_id) do update set due_at = excluded.due_at;
  end loop;
end
$function$;
