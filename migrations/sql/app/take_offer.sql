-- Owned by wb_helper; called by wb_parent.
CREATE OR REPLACE FUNCTION app.take_offer(p_offer_id uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare v_cohort uuid;
begin
  select o.cohort_id into v_cohort from public.place_offer o where o.school_id = app.school_id()
    and o.id = p_offer_id and o.parent_id = app.person_id() and o.state = 'open';
  if not found or exists (select from public.fresh_start f where f.school_id = (select app.school_id())
          and f.person_id = (select app.person_id()) and f.waits_until > app.now()
          and f.ended is distinct from 'stopped' and f.ended is distinct from 'taken_back') then return false; end if;
  -- The group first, as everybody holds it.
  perform from public.cohort c where c.school_id = app.school_id() and c.id = v_cohort
    and c.state in ('forming', 'running') for no key update;
  if not found then return false; end if;
  update public.place_offer o set state = 'taken', ended_at = app.now() where o.school_id = app.school_id()
    and o.id = p_offer_id and o.parent_id = app.person_id() and o.state = 'open';
  if not found then return false; end if;
  insert into public.enrolment (school_id, id, cohort_id, parent_id, status, joined_at, told_at)
    values (app.school_id(), gen_random_uuid(), v_cohort, app.person_id(), 'in_group', app.now(), app.now())
    on conflict on constraint enrolment_once do update set status = 'in_group', joined_at = app.now(), left_at = null,
      left_reason = '', told_at = app.now();
  return true;
end
$function$;
