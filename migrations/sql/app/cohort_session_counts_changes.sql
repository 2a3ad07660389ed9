-- Owned by wb_owner; called by nobody else.
CREATE OR REPLACE FUNCTION app.cohort_session_counts_changes()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  new.revision := old.revision + 1;
  new.changed_at := app.now();
  return new;
end
$function$;
