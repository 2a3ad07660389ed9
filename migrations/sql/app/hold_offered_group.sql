-- Owned by wb_helper; called by wb_parent.
CREATE OR REPLACE FUNCTION app.hold_offered_group(p_offer_id uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform from public.cohort c where c.school_id = app.school_id()
    and c.id = (select o.cohort_id from public.place_offer o where o.school_id = app.school_id()
      and o.id = p_offer_id and o.parent_id = app.person_id() and o.state = 'open')
    for no key update;
  return found;
end
$function$;
