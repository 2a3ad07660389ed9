-- Owned by wb_helper; called by wb_parent.
CREATE OR REPLACE FUNCTION app.hand_my_call_to_school(p_call_id uuid, p_call_by date)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update public.call_request r
    set cohort_id = null, facilitator_id = null, caller_name = s.contact_name, state = 'open', call_by = p_call_by,
      try_on = null, tries = 0, outcome = null, noted_at = null
    from public.school s
    where p_call_by >= (app.now() at time zone 'Europe/London')::date
      and p_call_by <= (app.now() at time zone 'Europe/London')::date + 120
      and r.school_id = app.school_id() and r.parent_id = app.person_id() and r.id = p_call_id
      and r.asked_at > identity.my_way_since() and r.state in ('open', 'asks_back') and r.facilitator_id is not null
      and s.school_id = r.school_id and s.contact_name <> '' and s.stage in ('active', 'paused')
      and not exists (select from public.call_request o where o.school_id = r.school_id and o.parent_id = r.parent_id
        and o.facilitator_id is null and o.state in ('open', 'asks_back'));
  return found;
end
$function$;
