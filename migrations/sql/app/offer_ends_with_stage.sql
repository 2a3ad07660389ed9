-- Owned by wb_helper; called by nobody else.
CREATE OR REPLACE FUNCTION app.offer_ends_with_stage()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update public.place_offer o set state = 'withdrawn', ended_at = app.now()
    where o.school_id = new.school_id and o.parent_id = new.id and o.state = 'open';
  return null;
end
$function$;
