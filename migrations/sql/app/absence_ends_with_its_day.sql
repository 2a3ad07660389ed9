-- Owned by wb_helper; called by nobody else.
CREATE OR REPLACE FUNCTION app.absence_ends_with_its_day()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  delete from public.absence_notice n where n.school_id = new.school_id and n.session_id = new.id;
  return null;
end
$function$;
