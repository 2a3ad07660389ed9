-- Owned by wb_helper; called by wb_parent.
CREATE OR REPLACE FUNCTION app.ask_for_call(p_call_id uuid, p_facilitator_id uuid, p_need text, p_times text[], p_call_by date)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare v_cohort_id uuid; v_name text; v_today date := (app.now() at time zone 'Europe/London')::date;
begin
  if identity.my_way_since() = 'infinity' or p_call_by not between v_today and v_today + 120 or not exists (
      select from public.parent p
        join public.parent_contact k on k.school_id = p.school_id and k.parent_id = p.id and k.phone <> ''
        join public.school s on s.school_id = p.school_id and s.stage in ('active', 'paused')
        where p.school_id = app.school_id() and p.id = app.person_id() and p.stage not in ('said_no', 'left')) then
    return false;
  end if;
  if p_facilitator_id is null then
    select s.contact_name into v_name from public.school s where s.school_id = app.school_id();
  else
    select w.cohort_id, w.name into v_cohort_id, v_name from app.whom_i_may_ask() w
      where w.facilitator_id = p_facilitator_id limit 1;
  end if;
  if coalesce(v_name, '') = '' then return false; end if;
  update public.call_request r set state = 'taken_back', ended_at = app.now()
    where r.school_id = app.school_id() and r.parent_id = app.person_id() and r.state in ('open', 'asks_back')
      and r.asked_at <= identity.my_way_since();
  insert into public.call_request
      (school_id, id, parent_id, cohort_id, facilitator_id, caller_name, need, times, call_by)
    values (app.school_id(), p_call_id, app.person_id(), v_cohort_id, p_facilitator_id, v_name, p_need, p_times,
      p_call_by)
    on conflict do nothing;
  return found;
end
$function$;
