-- Owned by wb_owner; called by nobody else.
CREATE OR REPLACE FUNCTION app.cohort_changes_room()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update public.cohort_session s set revision = s.revision + 1, changed_at = app.now()
    where s.school_id = new.school_id and s.cohort_id = new.id and s.room = '' and s.state = 'planned';
  return null;
end
$function$;
